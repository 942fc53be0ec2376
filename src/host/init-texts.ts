/**
 * Additions to files that people wrote. YAML is edited as text, so that comments and order stay, and only where it is
 * plain that the result means what it should; otherwise there is no edit, and the person is told what to add.
 */

const TOP_KEY = /^([A-Za-z_][\w-]*|"[^"]*"|'[^']*')\s*:(.*)$/u;

interface TopKey {
  readonly name: string;
  /** What stands behind the colon, without comments. */
  readonly value: string;
  readonly line: number;
}

/** The keys of the one block mapping a document consists of; `undefined` where it is anything else, or not in UTF-8. */
const topKeys = (lines: readonly string[]): TopKey[] | undefined => {
  const keys: TopKey[] = [];
  if (lines.some((line) => line.includes("\ufffd"))) return undefined;
  for (const [index, line] of lines.entries()) {
    const [, name, value = ""] = TOP_KEY.exec(line) ?? [];
    if (name !== undefined) keys.push({ name: name.replaceAll(/^["']|["']$/gu, ""), value: value.replace(/(?:^|\s)#.*$/u, "").trim(), line: index });
    else if (keys.length === 0 ? !/^(?:\s|#|$|---)/u.test(line) : !/^(?:\s|#|$|- )/u.test(line)) return undefined;
  }
  return keys;
};

const linesOf = (text: string): string[] => text.replace(/^\ufeff/u, "").split(/\r\n|\n/u);

const append = (text: string, addition: string): string => {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const before = text === "" || text.endsWith("\n") ? text : text + end;
  return before + addition.replaceAll("\n", end);
};

/**
 * `.pre-commit-config.yaml` with a further repository at the end of `repos`; `undefined` where that is not clear.
 *
 * @param entry indented by two, as `templates/pre-commit.yaml`
 */
export const withPreCommitRepository = (text: string, entry: string): string | undefined => {
  const lines = linesOf(text);
  const last = topKeys(lines)?.at(-1);
  if (last?.name !== "repos" || last.value !== "") return undefined;
  const items = lines.slice(last.line + 1).flatMap((line) => /^( *)- +repo *:/u.exec(line)?.[1] ?? []);
  const [indent] = items;
  if (indent === undefined || items.some((other) => other !== indent)) return undefined;
  // A block text or a list of flow style as the last thing could swallow what is added, were it indented deeper.
  return append(text, entry.replaceAll(/^ {2}/gmu, indent));
};

/** `.gitlab-ci.yml` with an include; `undefined` where it has some already, or is more than one document. */
export const withGitlabInclude = (text: string, file: string): string | undefined => {
  const keys = topKeys(linesOf(text));
  if (keys === undefined || keys.some(({ name }) => name === "include" || name === "spec")) return undefined;
  return append(text, `\ninclude:\n  - local: ${file}\n`);
};
