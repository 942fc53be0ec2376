/** XML 1.0, as much of it as reports need. Whatever a text holds, the document is well-formed. */
import { visible } from "./style.js";

/** What no XML document may hold, escaped or not: most control characters, halves of surrogate pairs, two more. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const REFERENCES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const reference = (character: string): string => REFERENCES[character] ?? `&#${character.codePointAt(0)!};`;

const legal = (text: string): string => text.replace(FORBIDDEN, visible);

const escapeText = (text: string): string => legal(text).replace(/[&<>\r]/gu, reference);

/** Line ends and tabs as references: a reader would make plain ones blanks. */
const escapeAttribute = (text: string): string => legal(text).replace(/[&<>"\t\n\r]/gu, reference);

/** A piece of a document. */
export interface Element {
  readonly name: string;
  /** Those that are undefined are left out. */
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  readonly content: readonly Element[] | string;
}

/** An element; without content it is an empty one. */
export const element = (
  name: string,
  attributes: Element["attributes"],
  content: Element["content"] = [],
): Element => ({ name, attributes, content });

const serialize = ({ name, attributes, content }: Element, indent: string): string => {
  const list = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeAttribute(String(value))}"`);
  const open = `${indent}<${name}${list.join("")}`;
  if (content.length === 0) return `${open}/>\n`;
  if (typeof content === "string") return `${open}>${escapeText(content)}</${name}>\n`;
  return `${open}>\n${content.map((child) => serialize(child, `${indent}  `)).join("")}${indent}</${name}>\n`;
};

/** The whole document. */
export const xmlDocument = (root: Element): string => `<?xml version="1.0" encoding="UTF-8"?>\n${serialize(root, "")}`;
