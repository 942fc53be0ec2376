/** Reads XML with a parser that accepts nothing but well-formed documents, and validates it where `xmllint` is installed. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { SaxesParser } from "saxes";

export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

interface OpenNode extends XmlNode {
  readonly children: XmlNode[];
  text: string;
}

/** @throws for what is not well-formed */
export const parseXml = (document: string): XmlNode => {
  const parser = new SaxesParser();
  const top: OpenNode = { name: "", attributes: {}, children: [], text: "" };
  const open = [top];
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const node: OpenNode = { name, attributes: { ...(attributes as Record<string, string>) }, children: [], text: "" };
    open.at(-1)!.children.push(node);
    open.push(node);
  });
  parser.on("text", (text) => (open.at(-1)!.text += text));
  parser.on("closetag", () => void open.pop());
  parser.write(document).close();
  return top.children[0]!;
};

export const hasXmllint = spawnSync("xmllint", ["--version"]).status === 0;

/** What `xmllint` says against a document by one of the schemas beside this file; nothing where it is valid. */
export const schemaErrors = (schema: string, document: string): string => {
  const file = fileURLToPath(new URL(schema, import.meta.url));
  const { status, stderr } = spawnSync("xmllint", ["--noout", "--nonet", "--schema", file, "-"], { input: document, encoding: "utf8" });
  return status === 0 ? "" : stderr;
};
