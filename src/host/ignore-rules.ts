/** `.gitignore` files and the `ignores` of the configuration: both use the syntax of `.gitignore`. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import ignore, { type Ignore } from "ignore";

export type Verdict = "ignored" | "kept" | "unknown";

/** Patterns and the folder they are relative to. */
export interface IgnoreLayer {
  /** Absolute, with `/` at the end. */
  readonly base: string;
  readonly patterns: string | readonly string[];
  readonly matcher: Ignore;
}

/** Git's default: names differ by letter case except where the file system says otherwise. */
const IGNORE_CASE = process.platform === "win32" || process.platform === "darwin";

const withSlash = (folder: string): string => (folder.endsWith("/") ? folder : `${folder}/`);

export const createLayer = (base: string, patterns: string | readonly string[]): IgnoreLayer => ({
  base: withSlash(base),
  patterns,
  matcher: ignore({ ignorecase: IGNORE_CASE }).add(patterns),
});

/** Reads a file of patterns; a file that cannot be read ignores nothing, and neither does one of comments, as Git makes them. */
const readLayer = (base: string, file: string): IgnoreLayer[] => {
  try {
    const patterns = readFileSync(file, "utf8");
    return /^[^#\r\n]/m.test(patterns) ? [createLayer(base, patterns)] : [];
  } catch {
    return [];
  }
};

/** The `.gitignore` of a folder that is known to have one. */
export const folderLayer = (folder: string): IgnoreLayer[] => readLayer(folder, `${folder}/.gitignore`);

/** The patterns that hold at the top of a repository besides its `.gitignore`. */
export const repositoryLayer = (folder: string): IgnoreLayer[] => readLayer(folder, `${folder}/.git/info/exclude`);

/**
 * The layers that hold in `folder` because of folders above it, outermost first: none where `folder` is the top of a
 * repository or in no repository at all.
 */
export const layersAbove = (folder: string): IgnoreLayer[] => {
  if (existsSync(path.join(folder, ".git"))) return [];
  const above: string[] = [];
  for (let current = path.dirname(folder), last = folder; current !== last; current = path.dirname(current)) {
    above.unshift(current);
    if (existsSync(path.join(current, ".git"))) {
      return [...repositoryLayer(current), ...above.flatMap(folderLayer)];
    }
    last = current;
  }
  return [];
};

/**
 * What the innermost layer that has an opinion says about an absolute path; folders are asked for with `/` at the end.
 */
export const judge = (layers: readonly IgnoreLayer[], absolute: string): Verdict => {
  for (let index = layers.length - 1; index >= 0; index--) {
    const { base, matcher } = layers[index]!;
    if (!absolute.startsWith(base) || absolute.length === base.length) continue;
    const { ignored, unignored } = matcher.test(absolute.slice(base.length));
    if (ignored) return "ignored";
    if (unignored) return "kept";
  }
  return "unknown";
};

/**
 * The layers that do not ignore a folder as a whole: what is named on the command line is scanned whatever ignores it.
 */
export const layersThatAllow = (layers: readonly IgnoreLayer[], folder: string): IgnoreLayer[] =>
  layers.filter((layer) => judge([layer], withSlash(folder)) !== "ignored");
