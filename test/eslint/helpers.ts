import { ESLint, type Linter } from "eslint";
import { createPlugin, type LwsPlugin } from "../../src/eslint/plugin.js";
import { loadGrammars } from "../../src/syntax/tree-sitter.js";
import { FakeAnalyzer } from "./fake-analyzer.js";

await loadGrammars(["c", "cpp"]);

export const createFakePlugin = (analyzer = new FakeAnalyzer()): LwsPlugin =>
  createPlugin({ analyzer, version: "1.2.3", docsUrl: (id) => `https://example.invalid/${id}` });

export interface LintOptions extends Omit<ESLint.Options, "overrideConfig" | "overrideConfigFile" | "baseConfig"> {
  readonly analyzer?: FakeAnalyzer;
  /** Added behind the recommended configuration, for C files. */
  readonly config?: Linter.Config;
  readonly filePath?: string;
}

/** Lints a text with the real ESLint class and a fake engine. */
export async function lint(code: string, { analyzer, config, filePath = "a.c", ...options }: LintOptions = {}): Promise<ESLint.LintResult> {
  const plugin = createFakePlugin(analyzer);
  const eslint = new ESLint({
    ...options,
    overrideConfigFile: true,
    overrideConfig: [plugin.configs.recommended, ...(config ? [{ files: ["**/*.c", "**/*.h"], ...config }] : [])],
  });
  const [result] = await eslint.lintText(code, { filePath });
  return result!;
}

/** `line:column rule message` of each message. */
export const summary = ({ messages }: ESLint.LintResult): string[] =>
  messages.map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId} ${message}`);

/** `line:column type text` of everything that a selector matches. */
export async function select(code: string, selector: string): Promise<string[]> {
  const lines = code.split("\n");
  const config: Linter.Config = { rules: { "no-restricted-syntax": ["error", { selector, message: "hit" }] } };
  const { messages } = await lint(code, { config });
  return messages.map((message) => {
    if (message.ruleId !== "no-restricted-syntax") return JSON.stringify(message);
    const { line, column, endLine, endColumn } = message;
    return line === endLine ? lines[line - 1]!.slice(column - 1, endColumn! - 1) : `${line}:${column}-${endLine}:${endColumn}`;
  });
}
