/**
 * The package's entry: the ESLint plugin as the default export, the engine and its types by name.
 *
 * Loading the grammars is asynchronous and ESLint's languages are not, hence the `await`: this module can be imported, also with
 * `await import()` from CommonJS, but not be required.
 */
import packageJson from "../package.json" with { type: "json" };
import { Analyzer } from "./analyzer.js";
import { createPlugin } from "./eslint/plugin.js";

const plugin = createPlugin({
  analyzer: await Analyzer.create(),
  version: packageJson.version,
  // The pages ship with the package, so the address fits the version and works offline.
  docsUrl: (ruleId) => new URL(`../docs/rules/${ruleId}.md`, import.meta.url).href,
});

export default plugin;
export { Analyzer };
export type {
  AddResult,
  Analysis,
  AnalyzerApi,
  AnalyzerOptions,
  Input,
  Run,
  Stats,
  SuppressedDiagnostic,
} from "./analyzer.js";
export type { Diagnostic, Fix, Location, Problem, RelatedLocation, Severity, TextEdit } from "./diagnostics/diagnostic.js";
export type { CLanguage } from "./eslint/language.js";
export type { LwsLanguageOptions } from "./eslint/options.js";
export type { LwsConfig, LwsPlugin } from "./eslint/plugin.js";
export type { LwsRule } from "./eslint/rules.js";
export type { CSourceCode } from "./eslint/source-code.js";
export type { SyntaxNode } from "./eslint/syntax-tree.js";
export type { Category, Level, RuleMeta } from "./linter/rule.js";
export type { SourceFile } from "./source/source-file.js";
export type { Position, Span } from "./source/span.js";
