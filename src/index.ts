/**
 * The package's entry: the ESLint plugin as the default export, the engine and its types by name.
 *
 * Loading the grammars is asynchronous and ESLint's languages are not, hence the `await`: this module can be imported, also with
 * `await import()` from CommonJS, but not be required.
 */
import { Analyzer } from "./analyzer.js";
import { createPlugin } from "./eslint/plugin.js";
import { packageVersion } from "./host/package-info.js";
import { rulePageUrl } from "./reporters/rule-pages.js";

const plugin = createPlugin({ analyzer: await Analyzer.create(), version: packageVersion(), docsUrl: rulePageUrl });

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
