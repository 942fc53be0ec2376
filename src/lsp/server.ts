/** The language server: requests and notifications to the workspace, snapshots to the client. The only door to the protocol's library. */
import {
  CodeActionKind, createConnection, DidChangeConfigurationNotification, DidChangeWatchedFilesNotification, DocumentDiagnosticReportKind, ErrorCodes, FileChangeType,
  LSPErrorCodes, MessageType, ResponseError, ShowMessageNotification, TextDocuments, TextDocumentSyncKind,
  type CancellationToken, type ConfigurationItem, type Connection, type DocumentDiagnosticReport, type InitializeParams, type InitializeResult,
  type WorkDoneProgressServerReporter, type WorkspaceDiagnosticReport, type WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Analyzer } from "../analyzer.js";
import { fullRuleId } from "../diagnostics/rule-id.js";
import { defaultLevel } from "../linter/rule.js";
import { SourceFile } from "../source/source-file.js";
import { codeActions, FIX_ALL_KIND } from "./actions.js";
import { featuresOf, type ClientFeatures } from "./client.js";
import { toLspDiagnostic } from "./convert.js";
import { hoverAt, pageOf } from "./hover.js";
import { placesOf, Publisher, reportOf, reportsOf, type DocumentReport } from "./reports.js";
import type { Session, SessionHooks, Snapshot } from "./session.js";
import { readSettings, SECTION } from "./settings.js";
import { globOf, WATCHED_GLOBS } from "./watched.js";
import { pathOf, Workspace, type OpenDocument } from "./workspace.js";

export interface ServerOptions {
  readonly version: string;
  readonly systemIncludes: readonly string[];
  createAnalyzer(): Promise<Analyzer>;
}

/** Requests and notifications of our own; the extension for VS Code uses them. */
export const SCAN_REQUEST = "lws-lint/scanWorkspace";
export const EXPLAIN_REQUEST = "lws-lint/explainRule";
export const RULES_REQUEST = "lws-lint/rules";
export const STATUS_NOTIFICATION = "lws-lint/status";

export interface ScanResult {
  readonly filesSeen: number;
  readonly filesAnalyzed: number;
  readonly errors: number;
  readonly warnings: number;
}

/** From so many files on a round shows its progress. */
const PROGRESS_FROM = 25;
/** How often files are looked at where the client does not watch them. */
const POLL_MS = 2000;

/** What a client refuses is missing, and no reason to end. */
const ignore = (): void => undefined;

const cancelled = (): ResponseError => new ResponseError(LSPErrorCodes.RequestCancelled, "The request was cancelled.");

class Server {
  readonly #documents = new TextDocuments(TextDocument);
  readonly #publisher: Publisher;
  readonly #hooks: SessionHooks;
  readonly #reports = new Map<Session, ReadonlyMap<string, DocumentReport>>();
  readonly #progress = new Map<Session, Promise<WorkDoneProgressServerReporter>>();
  readonly #busy = new Set<Session>();
  /** Problems that have been shown: once is enough while they last. */
  readonly #told = new Map<Session, string>();
  #features!: ClientFeatures;
  #workspace!: Workspace;
  #initialFolders: readonly string[] = [];
  /** Settles once the settings are known. */
  #ready!: Promise<void>;
  #setReady!: () => void;
  /** Settings as they were pushed, by clients that cannot be asked. */
  #pushedSettings: unknown;
  readonly #watched = new Set<string>();
  /** Counts questions for settings: an answer that was overtaken by another question says nothing. */
  #questions = 0;

  constructor(
    readonly connection: Connection,
    readonly options: ServerOptions,
  ) {
    this.#publisher = new Publisher((uri, version, diagnostics) => {
      void connection.sendDiagnostics({ uri, diagnostics, ...(version === undefined ? {} : { version }) });
    });
    this.#hooks = {
      onSnapshot: (session, snapshot, previous) => this.#onSnapshot(session, snapshot, previous),
      onBusy: (session) => this.#setBusy(session, true),
      onFile: (session, done, total) => this.#onFile(session, done, total),
      onFailure: (session, error) => this.#onFailure(session, error),
    };
    this.#ready = new Promise((resolve) => (this.#setReady = resolve));
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#initialized());
    this.#listenToDocuments();
    this.#serve();
  }

  listen(): void {
    this.#documents.listen(this.connection);
    this.connection.listen();
  }

  // ---- beginning -----------------------------------------------------------------------------------------

  async #initialize(params: InitializeParams): Promise<InitializeResult> {
    const analyzer = await this.options.createAnalyzer();
    const features = featuresOf(params, analyzer.rules);
    this.#features = features;
    this.#pushedSettings = (params.initializationOptions as { readonly settings?: unknown } | null | undefined)?.settings;
    this.#workspace = new Workspace(analyzer, this.options.systemIncludes, this.#hooks);
    // Clients without several folders name their one in the older way.
    const { rootUri } = params as { readonly rootUri?: string | null };
    this.#initialFolders = params.workspaceFolders?.map(({ uri }) => uri) ?? (typeof rootUri === "string" ? [rootUri] : []);
    return {
      serverInfo: { name: "lws-lint", version: this.options.version },
      capabilities: {
        positionEncoding: "utf-16",
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL_KIND] },
        hoverProvider: true,
        ...(features.pull ? { diagnosticProvider: { identifier: "lws-lint", interFileDependencies: true, workspaceDiagnostics: true } } : {}),
        workspace: {
          workspaceFolders: { supported: true, changeNotifications: true },
          fileOperations: {
            didCreate: { filters: [{ pattern: { glob: "**" } }] },
            didRename: { filters: [{ pattern: { glob: "**" } }] },
            didDelete: { filters: [{ pattern: { glob: "**" } }] },
          },
        },
      },
    };
  }

  async #initialized(): Promise<void> {
    const { connection } = this;
    if (this.#features.configuration) await connection.client.register(DidChangeConfigurationNotification.type, { section: SECTION }).catch(ignore);
    if (this.#features.watches) {
      this.#watch(WATCHED_GLOBS);
    } else {
      setInterval(() => this.#poll(), POLL_MS).unref();
    }
    if (this.#features.folders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        void this.#changeFolders(added.map(({ uri }) => uri), removed.map(({ uri }) => uri));
      });
    }
    for (const uri of this.#initialFolders) this.#workspace.addFolder(uri);
    await this.#readSettings();
    this.#setReady();
    for (const session of this.#workspace.sessions) session.wake();
  }

  /** Asks for word of files, for each pattern once. */
  #watch(globs: readonly string[]): void {
    const more = globs.filter((glob) => !this.#watched.has(glob));
    if (more.length === 0 || !this.#features.watches) return;
    for (const glob of more) this.#watched.add(glob);
    this.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: more.map((globPattern) => ({ globPattern })) }).catch(ignore);
  }

  // ---- settings ------------------------------------------------------------------------------------------

  async #readSettings(): Promise<void> {
    const sessions = this.#workspace.sessions;
    const items: ConfigurationItem[] = [{ section: SECTION }, ...sessions.map(({ program }) => ({ section: SECTION, scopeUri: this.#workspace.uriOf(program.root) }))];
    const question = ++this.#questions;
    let sections: readonly unknown[] = [];
    if (this.#features.configuration) {
      // A client that fails to answer has no settings.
      sections = await this.connection.workspace.getConfiguration(items).catch(() => []);
    }
    if (question !== this.#questions) return;
    const { rules } = this.#workspace.analyzer;
    const [general, ...scoped] = items.map((_, index) => readSettings(sections[index] ?? this.#pushedSettings, rules));
    this.#workspace.defaults = general!.settings;
    for (const [index, session] of sessions.entries()) {
      session.program.configure(scoped[index]!.settings);
      session.invalidate();
    }
    const problems = new Set([general!, ...scoped].flatMap((one) => one.problems));
    for (const problem of problems) this.#show(MessageType.Warning, `lws-lint, in the editor's settings: ${problem}`);
  }

  async #changeFolders(added: readonly string[], removed: readonly string[]): Promise<void> {
    const before = new Set(this.#workspace.sessions);
    for (const uri of removed) this.#workspace.removeFolder(uri);
    for (const uri of added) this.#workspace.addFolder(uri);
    const now = new Set(this.#workspace.sessions);
    for (const session of before) if (!now.has(session)) this.#forget(session);
    await this.#readSettings();
    this.#wakeAll();
  }

  #forget(session: Session): void {
    this.#publisher.forget(session);
    this.#reports.delete(session);
    this.#told.delete(session);
    this.#setBusy(session, false);
  }

  #wakeAll(): void {
    for (const session of this.#workspace.sessions) session.wake();
  }

  // ---- documents and files -------------------------------------------------------------------------------

  #listenToDocuments(): void {
    const { connection } = this;
    const documents = this.#documents;
    const opened = new Set<string>();
    documents.onDidOpen(({ document }) => {
      opened.add(document.uri);
      void this.#heard(this.#workspace.set(document, false));
    });
    documents.onDidChangeContent(({ document }) => {
      // Opening is told as a change as well.
      if (opened.delete(document.uri)) return;
      void this.#heard(this.#workspace.set(document, true));
    });
    documents.onDidClose(({ document }) => {
      const before = new Set(this.#workspace.sessions);
      const closed = this.#workspace.close(document.uri);
      const now = new Set(this.#workspace.sessions);
      for (const session of before) if (!now.has(session)) this.#forget(session);
      void this.#heard(closed);
    });
    documents.onDidSave(() => {
      if (this.#features.watches) return;
      // What has come into being beside the files we know is found now.
      for (const session of this.#workspace.sessions) {
        session.program.rescan();
        session.invalidate();
      }
      void this.#ready.then(() => this.#wakeAll());
    });
    connection.onDidChangeWatchedFiles(({ changes }) => {
      this.#changedOnDisk(changes.flatMap(({ uri, type }) => {
        const absolute = pathOf(uri);
        return absolute === undefined ? [] : [{ absolute, removed: type === FileChangeType.Deleted }];
      }));
    });
    const uris = (files: readonly { readonly uri: string }[], removed: boolean): { absolute: string; removed: boolean }[] =>
      files.flatMap(({ uri }) => pathOf(uri) ?? []).map((absolute) => ({ absolute, removed }));
    connection.workspace.onDidCreateFiles(({ files }) => this.#changedOnDisk(uris(files, false)));
    connection.workspace.onDidDeleteFiles(({ files }) => this.#changedOnDisk(uris(files, true)));
    connection.workspace.onDidRenameFiles(({ files }) => {
      this.#changedOnDisk([...uris(files.map(({ oldUri }) => ({ uri: oldUri })), true), ...uris(files.map(({ newUri }) => ({ uri: newUri })), false)]);
    });
    connection.onDidChangeConfiguration(({ settings }) => {
      const section = (settings as Readonly<Record<string, unknown>> | null | undefined)?.[SECTION];
      if (section !== undefined && section !== null) this.#pushedSettings = section;
      void this.#ready.then(() => this.#readSettings()).then(() => this.#wakeAll());
    });
  }

  async #heard(document: OpenDocument | undefined): Promise<void> {
    if (document === undefined) return;
    await this.#ready;
    for (const session of this.#workspace.sessions) if (!session.isCurrent) session.wake();
  }

  #changedOnDisk(changes: readonly { readonly absolute: string; readonly removed: boolean }[]): void {
    for (const { absolute, removed } of changes) this.#workspace.changedOnDisk(absolute, removed);
    void this.#ready.then(() => this.#wakeAll());
  }

  #poll(): void {
    for (const session of this.#workspace.sessions) {
      if (!session.isCurrent || !session.program.checkDisk()) continue;
      session.invalidate();
      session.wake();
    }
  }

  // ---- requests ------------------------------------------------------------------------------------------

  #serve(): void {
    const { connection } = this;
    connection.languages.diagnostics.on((params, token) => this.#pullDocument(params.textDocument.uri, params.previousResultId, token));
    connection.languages.diagnostics.onWorkspace((params, token) =>
      this.#pullWorkspace(new Map(params.previousResultIds.map(({ uri, value }) => [uri, value])), token),
    );
    connection.onCodeAction(async ({ textDocument, range, context }, token) => {
      const found = await this.#latest(textDocument.uri, token);
      if (found === undefined) return [];
      const { opened, session, snapshot } = found;
      const { program } = session;
      const places = placesOf(this.#workspace, session, snapshot);
      return codeActions(
        {
          analysis: snapshot.analysis,
          file: program.nameOf(opened.absolute),
          uriOf: (file) => places.uriOf(file),
          versionOf: (file) => this.#workspace.versionOf(program.absoluteOf(file)),
          shown: (diagnostic) => toLspDiagnostic(diagnostic, places, this.#features.show),
          documentChanges: this.#features.documentChanges,
        },
        range,
        context.only,
      );
    });
    connection.onHover(({ textDocument, position }) => {
      const opened = this.#workspace.documentOf(textDocument.uri);
      if (opened === undefined) return null;
      const { program, isCurrent, snapshot } = opened.session;
      const name = program.nameOf(opened.absolute);
      const source = new SourceFile(name, opened.document.getText());
      const analysis = isCurrent ? snapshot?.analysis : undefined;
      return hoverAt({ source, analysis, release: program.releaseOf(name), markdown: this.#features.markdown }, position) ?? null;
    });
    connection.onRequest(EXPLAIN_REQUEST, ({ ruleId }: { readonly ruleId: string }) => pageOf(ruleId) ?? null);
    connection.onRequest(RULES_REQUEST, () =>
      this.#workspace.analyzer.rules.map((rule) => ({ id: fullRuleId(rule.id), level: defaultLevel(rule), summary: rule.summary })),
    );
    connection.onRequest(SCAN_REQUEST, (_: unknown, token: CancellationToken) => this.#scan(token));
  }

  /** The newest result for a document, or nothing for documents that are none of ours. */
  async #latest(uri: string, token: CancellationToken): Promise<{ opened: OpenDocument; session: Session; snapshot: Snapshot } | undefined> {
    await this.#ready;
    for (;;) {
      const opened = this.#workspace.documentOf(uri);
      if (opened === undefined) return undefined;
      const { session } = opened;
      const snapshot = await session.latest(token);
      if (token.isCancellationRequested) throw cancelled();
      // The document may have been closed, or its folder have gone, while we waited.
      if (this.#workspace.documentOf(uri)?.session === session) return snapshot && { opened, session, snapshot };
    }
  }

  async #pullDocument(uri: string, previous: string | undefined, token: CancellationToken): Promise<DocumentDiagnosticReport> {
    const found = await this.#latest(uri, token);
    const session = found?.session ?? (await this.#sessionOfFile(uri, token));
    const { items, resultId } = reportOf((session && this.#reports.get(session)) ?? new Map<string, DocumentReport>(), uri);
    return previous === resultId
      ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId }
      : { kind: DocumentDiagnosticReportKind.Full, items: [...items], resultId };
  }

  /** Files that are not open may have something to report, and so may configuration files, which are none of the documents that are analysed. */
  async #sessionOfFile(uri: string, token: CancellationToken): Promise<Session | undefined> {
    for (const session of this.#workspace.sessions) await session.latest(token);
    if (token.isCancellationRequested) throw cancelled();
    return this.#workspace.sessions.find((session) => this.#reports.get(session)?.has(uri) === true);
  }

  async #pullWorkspace(previous: ReadonlyMap<string, string>, token: CancellationToken): Promise<WorkspaceDiagnosticReport> {
    await this.#ready;
    const reports = new Map<string, DocumentReport>();
    for (const session of this.#workspace.sessions) {
      await session.latest(token);
      if (token.isCancellationRequested) throw cancelled();
      for (const [uri, report] of this.#reports.get(session) ?? []) reports.set(uri, report);
    }
    const items = [...new Set([...reports.keys(), ...previous.keys()])].map((uri): WorkspaceDocumentDiagnosticReport => {
      const report = reportOf(reports, uri);
      const version = this.#workspace.documentOf(uri)?.document.version ?? null;
      return previous.get(uri) === report.resultId
        ? { kind: DocumentDiagnosticReportKind.Unchanged, uri, version, resultId: report.resultId }
        : { kind: DocumentDiagnosticReportKind.Full, uri, version, resultId: report.resultId, items: [...report.items] };
    });
    return { items };
  }

  /** Reads everything from disk again. */
  async #scan(token: CancellationToken): Promise<ScanResult> {
    await this.#ready;
    const result = { filesSeen: 0, filesAnalyzed: 0, errors: 0, warnings: 0 };
    for (const session of this.#workspace.sessions) {
      session.program.reload();
      session.invalidate();
    }
    for (const session of this.#workspace.sessions) {
      const snapshot = await session.latest(token);
      if (token.isCancellationRequested) throw cancelled();
      if (snapshot === undefined) throw new ResponseError(ErrorCodes.InternalError, "The workspace could not be analyzed.");
      result.filesSeen += snapshot.filesSeen;
      result.filesAnalyzed += snapshot.analysis.stats.filesAnalyzed;
      for (const { severity } of snapshot.analysis.diagnostics) result[severity === "error" ? "errors" : "warnings"]++;
    }
    return result;
  }

  // ---- results -------------------------------------------------------------------------------------------

  #onSnapshot(session: Session, snapshot: Snapshot, previous: Snapshot | undefined): void {
    this.#setBusy(session, false);
    this.#tellConfigProblem(session, snapshot);
    this.#watch(session.program.includes.flatMap((pattern) => globOf(pattern) ?? []));
    const reports = reportsOf(this.#workspace, session, snapshot, this.#features.show);
    const before = this.#reports.get(session);
    this.#reports.set(session, reports);
    if (!this.#features.pull) this.#publisher.publish(session, reports, this.#versionsIn(session));
    else if (previous !== undefined && this.#features.refresh && before !== undefined && differ(before, reports)) {
      // The client asks again for what it has just edited; that other documents changed with it only we know.
      this.connection.languages.diagnostics.refresh().catch(ignore);
    }
    const { stats, diagnostics } = snapshot.analysis;
    this.connection.console.debug(`${session.program.root}: ${diagnostics.length} findings in ${stats.filesAnalyzed} of ${snapshot.filesSeen} files, ${Math.round(snapshot.duration)} ms`);
    const known = new Set((previous?.analysis.problems ?? []).map(({ file, message }) => `${file}: ${message}`));
    for (const { file, message } of snapshot.analysis.problems) {
      if (!known.has(`${file}: ${message}`)) this.connection.console.info(`${file}: ${message}`);
    }
  }

  #versionsIn(session: Session): Map<string, number> {
    const own = [...this.#workspace.documents].filter((opened) => opened.session === session);
    return new Map(own.map(({ document }) => [document.uri, document.version]));
  }

  #tellConfigProblem(session: Session, { configProblem }: Snapshot): void {
    if (configProblem === undefined) {
      this.#told.delete(session);
    } else if (this.#told.get(session) !== configProblem.message) {
      this.#told.set(session, configProblem.message);
      this.#show(MessageType.Error, `lws-lint: ${configProblem.message}`);
    }
  }

  /** As a notification: nobody has to answer. */
  #show(type: MessageType, message: string): void {
    void this.connection.sendNotification(ShowMessageNotification.type, { type, message });
  }

  #onFailure(session: Session, error: unknown): void {
    this.#setBusy(session, false);
    const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.connection.console.error(`internal error; please report it.\n${details}`);
    this.#show(MessageType.Error, `lws-lint: internal error in ${session.program.root}; the output has the details.`);
  }

  #onFile(session: Session, done: number, total: number): void {
    if (total < PROGRESS_FROM || !this.#features.progress) return;
    let reporter = this.#progress.get(session);
    if (reporter === undefined) {
      reporter = this.connection.window.createWorkDoneProgress().then((created) => {
        created.begin("lws-lint", 0, `${total} files`, false);
        return created;
      });
      this.#progress.set(session, reporter);
    }
    if (done % 10 === 0) reporter.then((one) => one.report(Math.round((done / total) * 100), `${done} of ${total} files`), ignore);
  }

  #setBusy(session: Session, busy: boolean): void {
    if (busy) this.#busy.add(session);
    else {
      this.#busy.delete(session);
      this.#progress.get(session)?.then((reporter) => reporter.done(), ignore);
      this.#progress.delete(session);
    }
    if (!this.#features.status) return;
    const wrong = this.#workspace.sessions.flatMap(({ snapshot }) => snapshot?.configProblem?.message ?? []);
    const state = this.#busy.size > 0 ? "busy" : wrong.length > 0 ? "error" : "ready";
    void this.connection.sendNotification(STATUS_NOTIFICATION, { state, message: wrong[0] ?? "" });
  }
}

/** Whether any document but those open anyway has another report than before. */
const differ = (before: ReadonlyMap<string, DocumentReport>, after: ReadonlyMap<string, DocumentReport>): boolean =>
  before.size !== after.size || [...after].some(([uri, { resultId }]) => before.get(uri)?.resultId !== resultId);

/** Serves one client on standard input and output. The library ends the process when the client says `exit` or goes away. */
export const startServer = (options: ServerOptions): Promise<never> =>
  new Promise<never>(() => {
    const connection = createConnection(process.stdin, process.stdout);
    // A mistake in one answer is no reason to leave an editor alone with all others.
    process.on("unhandledRejection", (error) => connection.console.error(`internal error; please report it.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`));
    new Server(connection, options).listen();
  });
