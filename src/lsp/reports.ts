/** Snapshots as diagnostics by URI: what is pushed, what is answered to a pull. */
import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";
import { DiagnosticSeverity, type Diagnostic as LspDiagnostic } from "vscode-languageserver";
import type { UsageError } from "../host/usage-error.js";
import { SOURCE, toLspDiagnostic, type Places, type ShowOptions } from "./convert.js";
import type { Session, Snapshot } from "./session.js";
import { pathOf, type Workspace } from "./workspace.js";

/** The diagnostics of one document, and an id that changes with them. */
export interface DocumentReport {
  readonly uri: string;
  readonly items: readonly LspDiagnostic[];
  readonly resultId: string;
}

const NONE: readonly LspDiagnostic[] = [];

const idOf = (items: readonly LspDiagnostic[]): string => createHash("sha1").update(JSON.stringify(items)).digest("base64url");

/** The message of a wrong configuration without its place. */
const configMessage = ({ message, place }: UsageError): string =>
  place === undefined ? message : message.replace(`${place.file}:${place.line}:${place.column}: `, "").replace(`${place.file}: `, "");

const configDiagnostic = (problem: UsageError): LspDiagnostic => {
  const line = Math.max((problem.place?.line ?? 1) - 1, 0);
  const character = Math.max((problem.place?.column ?? 1) - 1, 0);
  return {
    range: { start: { line, character }, end: { line: line + 1, character: 0 } },
    severity: DiagnosticSeverity.Error,
    source: SOURCE,
    message: configMessage(problem),
  };
};

export const placesOf = (workspace: Workspace, session: Session, snapshot: Snapshot): Places => ({
  source: (file) => snapshot.analysis.source(file),
  uriOf: (file) => workspace.uriOf(session.program.absoluteOf(file)),
});

/**
 * All documents of a session that have something to report, open or not. Files of a folder inside of this one are that folder's to report.
 */
export const reportsOf = (workspace: Workspace, session: Session, snapshot: Snapshot, show: ShowOptions): ReadonlyMap<string, DocumentReport> => {
  const places = placesOf(workspace, session, snapshot);
  const byUri = new Map<string, LspDiagnostic[]>();
  const add = (uri: string, diagnostic: LspDiagnostic): void => {
    const list = byUri.get(uri);
    if (list) list.push(diagnostic);
    else byUri.set(uri, [diagnostic]);
  };
  const owned = new Map<string, boolean>();
  for (const diagnostic of snapshot.analysis.diagnostics) {
    const { file } = diagnostic;
    const isOwn = owned.get(file) ?? workspace.ownerOf(session.program.absoluteOf(file)) === session;
    owned.set(file, isOwn);
    if (isOwn) add(places.uriOf(file), toLspDiagnostic(diagnostic, places, show));
  }
  const { configProblem } = snapshot;
  if (configProblem?.place !== undefined) {
    const absolute = pathOf(pathToFileURL(configProblem.place.file).href)!;
    add(workspace.uriOf(absolute), configDiagnostic(configProblem));
  }
  return new Map([...byUri].map(([uri, items]) => [uri, { uri, items, resultId: idOf(items) }]));
};

/** The report of a document that may have nothing to report. */
export const reportOf = (reports: ReadonlyMap<string, DocumentReport>, uri: string): DocumentReport =>
  reports.get(uri) ?? { uri, items: NONE, resultId: idOf(NONE) };

/** Remembers what was pushed, so that only changes are, and what has gone is cleared. */
export class Publisher {
  /** By session: the result id and version last pushed of each URI. */
  readonly #pushed = new Map<Session, Map<string, string>>();

  constructor(readonly push: (uri: string, version: number | undefined, items: LspDiagnostic[]) => void) {}

  publish(session: Session, reports: ReadonlyMap<string, DocumentReport>, versions: ReadonlyMap<string, number>): void {
    const before = this.#pushed.get(session) ?? new Map<string, string>();
    const after = new Map<string, string>();
    // An open document hears of every version, as the editor has moved its marks meanwhile.
    for (const uri of new Set([...reports.keys(), ...versions.keys(), ...before.keys()])) {
      const { items, resultId } = reportOf(reports, uri);
      const version = versions.get(uri);
      const state = `${version ?? ""}:${resultId}`;
      if (items.length > 0 || version !== undefined) after.set(uri, state);
      if (before.get(uri) === state || (items.length === 0 && version === undefined && !before.has(uri))) continue;
      this.push(uri, version, [...items]);
    }
    this.#pushed.set(session, after);
  }

  /** Takes back what a session showed. */
  forget(session: Session): void {
    for (const uri of this.#pushed.get(session)?.keys() ?? []) this.push(uri, undefined, []);
    this.#pushed.delete(session);
  }
}
