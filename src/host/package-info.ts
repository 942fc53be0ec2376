/** What the installed package says about itself: version and pages. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bareRuleId } from "../diagnostics/rule-id.js";

const PACKAGE = "eslint-plugin-lws";

const readPackage = (folder: string): { readonly name?: string; readonly version?: string } | undefined => {
  try {
    return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as { name?: string; version?: string };
  } catch {
    return undefined;
  }
};

let found: { readonly root: string; readonly version: string } | undefined;

/** The folder of this package, whether this file runs from sources or from the bundle. */
const locate = (): { readonly root: string; readonly version: string } => {
  for (let folder = path.dirname(fileURLToPath(import.meta.url)); ; folder = path.dirname(folder)) {
    const content = readPackage(folder);
    if (content?.name === PACKAGE) return { root: folder, version: content.version ?? "0.0.0" };
    if (folder === path.dirname(folder)) return { root: folder, version: "0.0.0" };
  }
};

const packageInfo = (): { readonly root: string; readonly version: string } => (found ??= locate());

export const packageVersion = (): string => packageInfo().version;

/** A file of this package. */
export const packageFile = (name: string): string => readFileSync(path.join(packageInfo().root, name), "utf8");

/** The page of a rule in Markdown, or `undefined` when the package has none. */
export const rulePage = (ruleId: string): string | undefined => {
  const id = bareRuleId(ruleId);
  const file = path.join(packageInfo().root, "docs", "rules", `${id}.md`);
  return /^[a-z0-9-]+$/u.test(id) && existsSync(file) ? readFileSync(file, "utf8") : undefined;
};
