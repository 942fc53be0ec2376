/** A client of the language server: a process of its own, spoken to in the protocol. */
import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, onTestFinished } from "vitest";
import {
  CodeActionRequest, ConfigurationRequest, createProtocolConnection, DiagnosticRefreshRequest, DidChangeConfigurationNotification, DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification, DidChangeWorkspaceFoldersNotification, DidCloseTextDocumentNotification, DidOpenTextDocumentNotification,
  DidSaveTextDocumentNotification, DocumentDiagnosticRequest, HoverRequest, InitializedNotification, InitializeRequest, LogMessageNotification,
  PublishDiagnosticsNotification, RegistrationRequest, ShowMessageNotification, ShutdownRequest, ExitNotification, StreamMessageReader, StreamMessageWriter,
  WorkDoneProgress, WorkDoneProgressCreateRequest, WorkspaceDiagnosticRequest,
  type CancellationToken, type ClientCapabilities, type CodeAction, type Diagnostic, type DocumentDiagnosticReport, type FileChangeType, type Hover,
  type InitializeResult, type ProtocolConnection, type PublishDiagnosticsParams, type Range, type Registration, type TextEdit, type WorkspaceDiagnosticReport,
  type WorkspaceEdit,
} from "vscode-languageserver-protocol/node";

const cli = fileURLToPath(new URL("../../src/cli.ts", import.meta.url));
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

export interface ClientOptions {
  /** Absolute paths. */
  readonly folders?: readonly string[];
  readonly pull?: boolean;
  readonly capabilities?: ClientCapabilities;
  /** What the editor's settings say, by folder or for all of them. */
  readonly settings?: (folder: string | undefined) => unknown;
  readonly initializationOptions?: object;
  /** The command of the server, where it is not the one from sources. */
  readonly command?: readonly string[];
}

const CAPABILITIES: ClientCapabilities = {
  textDocument: {
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, tagSupport: { valueSet: [1, 2] }, versionSupport: true },
    hover: { contentFormat: ["markdown", "plaintext"] },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "source.fixAll"] } }, isPreferredSupport: true },
  },
  workspace: {
    workspaceFolders: true,
    workspaceEdit: { documentChanges: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    configuration: true,
    diagnostics: { refreshSupport: true },
  },
};

export const uriOf = (absolute: string): string => pathToFileURL(absolute).href;

/** How long to wait for what ought to come. */
const PATIENCE_MS = 20_000;

export class Client {
  readonly registrations: Registration[] = [];
  readonly messages: string[] = [];
  readonly logs: string[] = [];
  /** Everything that was pushed, oldest first. */
  readonly pushed: PublishDiagnosticsParams[] = [];
  refreshes = 0;
  /** Kinds of reports about work that takes its time. */
  readonly progress: string[] = [];
  settings: ((folder: string | undefined) => unknown) | undefined;
  readonly #waiting = new Set<() => void>();
  readonly #versions = new Map<string, number>();
  readonly #texts = new Map<string, string>();

  private constructor(
    readonly process: ChildProcess,
    readonly connection: ProtocolConnection,
    readonly initialized: Promise<InitializeResult>,
  ) {
    connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      this.pushed.push(params);
      this.#notify();
    });
    connection.onNotification(ShowMessageNotification.type, ({ message }) => {
      this.messages.push(message);
      this.#notify();
    });
    connection.onNotification(LogMessageNotification.type, ({ message }) => void this.logs.push(message));
    connection.onRequest(RegistrationRequest.type, ({ registrations }) => void this.registrations.push(...registrations));
    connection.onRequest(ConfigurationRequest.type, ({ items }) =>
      items.map(({ scopeUri }) => this.settings?.(scopeUri === undefined ? undefined : fileURLToPath(scopeUri)) ?? null),
    );
    connection.onRequest(WorkDoneProgressCreateRequest.type, ({ token }) => {
      connection.onProgress(WorkDoneProgress.type, token, ({ kind }) => void this.progress.push(kind));
    });
    connection.onRequest(DiagnosticRefreshRequest.type, () => {
      this.refreshes++;
      this.#notify();
    });
  }

  static async start(options: ClientOptions = {}): Promise<Client> {
    const [program = "", ...args] = options.command ?? [process.execPath, "--import", tsx, cli, "lsp", "--stdio"];
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const folders = options.folders?.map((folder) => ({ uri: uriOf(folder), name: folder }));
    connection.listen();
    const capabilities: ClientCapabilities = {
      ...CAPABILITIES,
      ...options.capabilities,
      textDocument: { ...CAPABILITIES.textDocument, ...options.capabilities?.textDocument, ...(options.pull === true ? { diagnostic: { dynamicRegistration: false } } : {}) },
      workspace: { ...CAPABILITIES.workspace, ...options.capabilities?.workspace },
    };
    const initialized = connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- older servers ask for it, so clients still have to say it
      rootUri: folders?.[0]?.uri ?? null,
      workspaceFolders: folders ?? null,
      capabilities,
      ...(options.initializationOptions === undefined ? {} : { initializationOptions: options.initializationOptions }),
    });
    const client = new Client(child, connection, initialized);
    client.settings = options.settings;
    onTestFinished(async () => {
      expect(await client.stop()).toBe(0);
    });
    await initialized;
    await connection.sendNotification(InitializedNotification.type, {});
    return client;
  }

  async stop(): Promise<number | null> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return this.process.exitCode;
    const ended = new Promise<number | null>((resolve) => this.process.once("exit", (code) => resolve(code)));
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    const code = await ended;
    this.connection.dispose();
    return code;
  }

  // ---- documents -----------------------------------------------------------------------------------------

  open(absolute: string, text: string, languageId = "c"): Promise<void> {
    return this.openUri(uriOf(absolute), text, languageId);
  }

  openUri(uri: string, text: string, languageId: string): Promise<void> {
    this.#versions.set(uri, 1);
    this.#texts.set(uri, text);
    return this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId, version: 1, text } });
  }

  /** Replaces the first occurrence of a text, as typing does: the change says where, not what the whole is. */
  edit(absolute: string, from: string, to: string): Promise<void> {
    const uri = uriOf(absolute);
    const text = this.#texts.get(uri)!;
    const at = text.indexOf(from);
    expect(at, `${from} is not in ${absolute}`).toBeGreaterThanOrEqual(0);
    const position = (offset: number) => {
      const before = text.slice(0, offset).split("\n");
      return { line: before.length - 1, character: before.at(-1)!.length };
    };
    const range: Range = { start: position(at), end: position(at + from.length) };
    const version = this.#versions.get(uri)! + 1;
    this.#versions.set(uri, version);
    this.#texts.set(uri, text.slice(0, at) + to + text.slice(at + from.length));
    return this.connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument: { uri, version }, contentChanges: [{ range, text: to }] });
  }

  versionOf(absolute: string): number {
    return this.#versions.get(uriOf(absolute))!;
  }

  textOf(absolute: string): string {
    return this.#texts.get(uriOf(absolute))!;
  }

  close(absolute: string): Promise<void> {
    return this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri: uriOf(absolute) } });
  }

  save(absolute: string): Promise<void> {
    return this.connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument: { uri: uriOf(absolute) } });
  }

  watched(...changes: readonly (readonly [absolute: string, type: FileChangeType])[]): Promise<void> {
    return this.connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes: changes.map(([absolute, type]) => ({ uri: uriOf(absolute), type })) });
  }

  folders(added: readonly string[], removed: readonly string[]): Promise<void> {
    const toFolder = (folder: string) => ({ uri: uriOf(folder), name: folder });
    return this.connection.sendNotification(DidChangeWorkspaceFoldersNotification.type, { event: { added: added.map(toFolder), removed: removed.map(toFolder) } });
  }

  changeSettings(settings: (folder: string | undefined) => unknown): Promise<void> {
    this.settings = settings;
    return this.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
  }

  // ---- diagnostics ---------------------------------------------------------------------------------------

  /** What the client shows for a file now. */
  shown(absolute: string): Diagnostic[] | undefined {
    return this.pushed.findLast(({ uri }) => uri === uriOf(absolute))?.diagnostics;
  }

  /** Waits until the client shows this for a file: rule ids with their lines, counted from 1. */
  async shows(absolute: string, expected: readonly string[]): Promise<void> {
    await this.until(() => JSON.stringify(brief(this.shown(absolute))) === JSON.stringify(expected), () => `${absolute}: ${JSON.stringify(brief(this.shown(absolute)))} instead of ${JSON.stringify(expected)}`);
  }

  async until(condition: () => boolean, what: () => string): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!condition()) {
      if (performance.now() > end) throw new Error(`waited in vain; ${what()}\n${this.logs.join("\n")}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, 200);
        const waiting = this.#waiting;
        waiting.add(done);
        function done(): void {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        }
      });
    }
  }

  pull(absolute: string, previousResultId?: string, token?: CancellationToken): Promise<DocumentDiagnosticReport> {
    const params = { textDocument: { uri: uriOf(absolute) }, ...(previousResultId === undefined ? {} : { previousResultId }) };
    return this.connection.sendRequest(DocumentDiagnosticRequest.type, params, token);
  }

  pullWorkspace(previous: Readonly<Record<string, string>> = {}): Promise<WorkspaceDiagnosticReport> {
    const previousResultIds = Object.entries(previous).map(([uri, value]) => ({ uri, value }));
    return this.connection.sendRequest(WorkspaceDiagnosticRequest.type, { previousResultIds });
  }

  // ---- requests ------------------------------------------------------------------------------------------

  async actions(absolute: string, line: number, only?: readonly string[]): Promise<CodeAction[]> {
    const range: Range = { start: { line: line - 1, character: 0 }, end: { line: line - 1, character: 200 } };
    const found = await this.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: uriOf(absolute) },
      range,
      context: { diagnostics: [], ...(only === undefined ? {} : { only: [...only] }) },
    });
    return found as CodeAction[];
  }

  hover(absolute: string, word: string): Promise<Hover | null> {
    const before = this.textOf(absolute).split(word)[0]!.split("\n");
    const position = { line: before.length - 1, character: before.at(-1)!.length + 1 };
    return this.connection.sendRequest(HoverRequest.type, { textDocument: { uri: uriOf(absolute) }, position });
  }

  #notify(): void {
    for (const waiting of [...this.#waiting]) waiting();
  }
}

/** `RULE:LINE`, in order. */
export const brief = (diagnostics: readonly Diagnostic[] | undefined): string[] | undefined =>
  diagnostics?.map(({ code, range }) => `${String(code).replace("lws/", "")}:${range.start.line + 1}`);

/** The text after edits that do not overlap. */
export const applyEdits = (text: string, edits: readonly TextEdit[]): string => {
  const lines = text.split("\n");
  const starts = lines.reduce<number[]>((all, line) => [...all, all.at(-1)! + line.length + 1], [0]);
  const offset = ({ line, character }: { line: number; character: number }): number => starts[line]! + character;
  return edits
    .toSorted((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce((result, { range, newText }) => result.slice(0, offset(range.start)) + newText + result.slice(offset(range.end)), text);
};

/** The edits of one file, with the version they are meant for. */
export const editsOf = (edit: WorkspaceEdit | undefined, absolute: string): { version: number | null; edits: TextEdit[] } | undefined => {
  for (const change of edit?.documentChanges ?? []) {
    if ("textDocument" in change && change.textDocument.uri === uriOf(absolute)) {
      return { version: change.textDocument.version, edits: change.edits as TextEdit[] };
    }
  }
  return undefined;
};
