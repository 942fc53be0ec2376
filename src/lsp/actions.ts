/** What can be done about findings: their fixes, all of a kind, everything safe, and comments that switch a rule off. */
import { CodeActionKind, type CodeAction, type Diagnostic as LspDiagnostic, type Range, type TextDocumentEdit, type WorkspaceEdit } from "vscode-languageserver";
import type { Analysis } from "../analyzer.js";
import type { Diagnostic, Fix, TextEdit } from "../diagnostics/diagnostic.js";
import { fullRuleId } from "../diagnostics/rule-id.js";
import { planFixes, type FixPlan } from "../host/fix.js";
import { UNUSED_SUPPRESSION } from "../linter/unused-suppressions.js";
import { rangeOf, toLspEdit } from "./convert.js";
import { Suppressor } from "./suppress.js";

export const FIX_ALL_KIND = `${CodeActionKind.SourceFixAll}.lws`;

/** What actions ask of the workspace. */
export interface ActionContext {
  readonly analysis: Analysis;
  /** The document, by its name in results. */
  readonly file: string;
  uriOf(file: string): string;
  /** The version of an open document; `null` for files that are not open. */
  versionOf(file: string): number | null;
  /** As it was shown to the client. */
  shown(diagnostic: Diagnostic): LspDiagnostic;
  /** Whether edits can name versions. */
  readonly documentChanges: boolean;
}

const touches = (a: Range, b: Range): boolean => {
  const before = (x: Range["start"], y: Range["start"]): boolean => x.line < y.line || (x.line === y.line && x.character < y.character);
  return !before(a.end, b.start) && !before(b.end, a.start);
};

/** Whether a kind was asked for: `source` asks for `source.fixAll.lws` as well. */
const wants = (only: readonly string[] | undefined, kind: string): boolean =>
  only === undefined || only.some((asked) => asked === "" || kind === asked || kind.startsWith(`${asked}.`));

class Actions {
  constructor(readonly context: ActionContext) {}

  /** Edits of files as they are in the editor; what could not be decoded would be damaged. */
  #fits = ({ file, span }: TextEdit): boolean => {
    const source = this.context.analysis.source(file);
    if (source === undefined || span.start < 0 || span.start > span.end || span.end > source.text.length) return false;
    return this.context.versionOf(file) !== null || !source.hasInvalidUtf8;
  };

  plan(diagnostics: readonly Diagnostic[], mode: "safe" | "suggestions"): FixPlan {
    return planFixes(diagnostics, mode, this.#fits);
  }

  edit(edits: FixPlan["edits"]): WorkspaceEdit {
    const { context } = this;
    const byFile = [...edits].map(([file, ofFile]) => ({
      file,
      uri: context.uriOf(file),
      edits: ofFile.map((edit) => toLspEdit(edit, context.analysis.source(file)!)),
    }));
    if (!context.documentChanges) return { changes: Object.fromEntries(byFile.map(({ uri, edits: list }) => [uri, list])) };
    return {
      documentChanges: byFile.map(({ file, uri, edits: list }): TextDocumentEdit => ({ textDocument: { uri, version: context.versionOf(file) }, edits: list })),
    };
  }

  fixes(diagnostic: Diagnostic): CodeAction[] {
    const first = diagnostic.fixes.find((fix) => fix.kind === "safe");
    return diagnostic.fixes.flatMap((fix): CodeAction[] => {
      const { edits, fixes } = this.plan([{ ...diagnostic, fixes: [fix] }], "suggestions");
      if (fixes.length === 0) return [];
      return [
        {
          title: fix.title,
          kind: CodeActionKind.QuickFix,
          diagnostics: [this.context.shown(diagnostic)],
          ...(fix === first ? { isPreferred: true } : {}),
          edit: this.edit(edits),
        },
      ];
    });
  }

  /** All safe fixes of one rule in the file. */
  allOfKind(ruleId: string): CodeAction[] {
    const findings = this.#inFile().filter((one) => one.ruleId === ruleId);
    const { edits, fixes } = this.plan(findings, "safe");
    if (fixes.length < 2) return [];
    const title = `Fix all ${fullRuleId(ruleId)} findings in this file (${fixes.length})`;
    return [{ title, kind: CodeActionKind.QuickFix, diagnostics: findings.map((one) => this.context.shown(one)), edit: this.edit(edits) }];
  }

  /** All safe fixes of the file that touch nothing else: this also runs on save. */
  everything(): CodeAction[] {
    const own = (fix: Fix): boolean => fix.edits.every((edit) => edit.file === this.context.file);
    const findings = this.#inFile().map((one) => ({ ...one, fixes: one.fixes.filter(own) }));
    const { edits, fixes } = this.plan(findings, "safe");
    if (fixes.length === 0) return [];
    return [{ title: "Fix all that lws-lint can fix safely in this file", kind: FIX_ALL_KIND, edit: this.edit(edits) }];
  }

  suppressions(diagnostics: readonly Diagnostic[]): CodeAction[] {
    const { analysis, file } = this.context;
    const source = analysis.source(file);
    if (source === undefined) return [];
    const suppressor = new Suppressor(source);
    const action = (title: string, edit: TextEdit, about: readonly Diagnostic[]): CodeAction => ({
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: about.map((one) => this.context.shown(one)),
      edit: this.edit(new Map([[file, [edit]]])),
    });
    const rules = new Map(diagnostics.map((one) => [one.ruleId, one]));
    return [...rules].flatMap(([ruleId, one]) => [
      action(`Disable ${fullRuleId(ruleId)} for this line`, suppressor.forLine(ruleId, one.span.start), [one]),
      action(`Disable ${fullRuleId(ruleId)} for this file`, suppressor.forFile(ruleId), [one]),
    ]);
  }

  at(range: Range): Diagnostic[] {
    const source = this.context.analysis.source(this.context.file);
    return this.#inFile().filter((one) => touches(rangeOf(source, one.span), range));
  }

  #inFile(): Diagnostic[] {
    return this.context.analysis.diagnostics.filter((one) => one.file === this.context.file);
  }
}

/** The actions for a range of a document, fixes first. */
export const codeActions = (context: ActionContext, range: Range, only: readonly string[] | undefined): CodeAction[] => {
  const actions = new Actions(context);
  const result: CodeAction[] = [];
  if (wants(only, CodeActionKind.QuickFix)) {
    const findings = actions.at(range);
    const rules = new Set(findings.map((one) => one.ruleId));
    result.push(...findings.flatMap((one) => actions.fixes(one)));
    result.push(...[...rules].flatMap((ruleId) => actions.allOfKind(ruleId)));
    result.push(...actions.suppressions(findings.filter((one) => one.ruleId !== UNUSED_SUPPRESSION)));
  }
  if (wants(only, FIX_ALL_KIND)) result.push(...actions.everything());
  return result;
};
