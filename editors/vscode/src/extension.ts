/** The extension: starts the server it brings along, shows what it is doing, and has commands for what no editor asks by itself. */
import path from "node:path";
import * as vscode from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";

const SECTION = "lws-lint";
/** Texts of pages under addresses of their own. */
const PAGE_SCHEME = "lws-lint-page";

const LANGUAGES = ["c", "cpp", "arduino", "cuda-cpp"];

interface Rule {
  readonly id: string;
  readonly level: string;
  readonly summary: string;
}

interface ScanResult {
  readonly filesSeen: number;
  readonly filesAnalyzed: number;
  readonly errors: number;
  readonly warnings: number;
}

interface Status {
  readonly state: "busy" | "ready" | "error";
  readonly message: string;
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

const ownDiagnostics = (diagnostics: readonly vscode.Diagnostic[]): vscode.Diagnostic[] => diagnostics.filter(({ source }) => source === SECTION);

const codeOf = ({ code }: vscode.Diagnostic): string => String(typeof code === "object" ? code.value : code);

/** The item in the status bar. */
class StatusItem {
  readonly #item = vscode.window.createStatusBarItem("lws-lint.status", vscode.StatusBarAlignment.Right, 100);
  #status: Status = { state: "busy", message: "" };

  constructor(context: vscode.ExtensionContext) {
    this.#item.name = "lws-lint";
    this.#item.command = "lws-lint.showOutput";
    context.subscriptions.push(
      this.#item,
      vscode.languages.onDidChangeDiagnostics(() => this.#show()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#show()),
    );
    this.#show();
  }

  set(status: Status): void {
    this.#status = status;
    this.#show();
  }

  #show(): void {
    const { state, message } = this.#status;
    const language = vscode.window.activeTextEditor?.document.languageId;
    if (state !== "error" && (language === undefined || !LANGUAGES.includes(language))) {
      this.#item.hide();
      return;
    }
    const findings = vscode.languages.getDiagnostics().reduce((sum, [, list]) => sum + ownDiagnostics(list).length, 0);
    const icon = { busy: "$(sync~spin)", ready: findings > 0 ? "$(warning)" : "$(check)", error: "$(error)" }[state];
    this.#item.text = `${icon} lws`;
    this.#item.tooltip = state === "busy" ? "lws-lint is analyzing" : state === "error" ? `lws-lint: ${message}` : `lws-lint: ${counted(findings, "finding")}`;
    this.#item.backgroundColor = state === "error" ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    this.#item.show();
  }
}

/** The rule of the finding under the cursor. */
const ruleAtCursor = (): string | undefined => {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const found = ownDiagnostics(vscode.languages.getDiagnostics(editor.document.uri)).find(({ range }) => range.contains(editor.selection.active));
  return found && codeOf(found);
};

class Extension {
  readonly #output: vscode.LogOutputChannel;
  readonly #status: StatusItem;
  readonly #client: LanguageClient;

  constructor(readonly context: vscode.ExtensionContext) {
    this.#output = vscode.window.createOutputChannel("lws-lint", { log: true });
    this.#status = new StatusItem(context);
    const module = context.asAbsolutePath(path.join("server", "dist", "cli.js"));
    this.#client = new LanguageClient(
      SECTION,
      "lws-lint",
      { module, args: ["lsp"], transport: TransportKind.stdio },
      {
        documentSelector: [
          ...LANGUAGES.flatMap((language) => ["file", "untitled"].map((scheme) => ({ scheme, language }))),
          { scheme: "file", pattern: "**/lws-lint.config.json" },
        ],
        outputChannel: this.#output,
        initializationOptions: { status: true },
      },
    );
    this.#client.onNotification("lws-lint/status", (status: Status) => this.#status.set(status));
    context.subscriptions.push(
      this.#output,
      vscode.workspace.registerTextDocumentContentProvider(PAGE_SCHEME, { provideTextDocumentContent: (uri) => this.#page(uri) }),
      vscode.commands.registerCommand("lws-lint.explainRule", (ruleId?: unknown) => this.explainRule(typeof ruleId === "string" ? ruleId : undefined)),
      vscode.commands.registerCommand("lws-lint.scanWorkspace", () => this.scanWorkspace()),
      vscode.commands.registerCommand("lws-lint.restart", () => this.#client.restart()),
      vscode.commands.registerCommand("lws-lint.showOutput", () => this.#output.show()),
    );
  }

  start(): Promise<void> {
    return this.#client.start();
  }

  stop(): Promise<void> {
    return this.#client.stop();
  }

  /** Shows the page of a rule: the one that is named, or one that is chosen, that of the finding under the cursor first. */
  async explainRule(ruleId: string | undefined): Promise<void> {
    const id = ruleId ?? (await this.#chooseRule());
    if (id === undefined) return;
    const uri = vscode.Uri.from({ scheme: PAGE_SCHEME, path: `/${id.replace(/^lws\//u, "")}.md` });
    await vscode.commands.executeCommand("markdown.showPreview", uri);
  }

  /** Reads everything from disk again and says what was found. */
  async scanWorkspace(): Promise<void> {
    const result = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "lws-lint: scanning the workspace", cancellable: true },
      (_, token) =>
        this.#client.sendRequest<ScanResult>("lws-lint/scanWorkspace", {}, token).catch((error: unknown) => {
          if (token.isCancellationRequested) return undefined;
          throw error;
        }),
    );
    if (result === undefined) return;
    const { errors, warnings, filesAnalyzed, filesSeen } = result;
    const found = errors + warnings === 0 ? "no findings" : `${counted(errors, "error")} and ${counted(warnings, "warning")}`;
    const text = `lws-lint: ${found} in ${counted(filesAnalyzed, "file")} that use libwebsockets, of ${filesSeen}.`;
    const choice = errors + warnings === 0 ? await vscode.window.showInformationMessage(text) : await vscode.window.showInformationMessage(text, "Show Problems");
    if (choice !== undefined) await vscode.commands.executeCommand("workbench.actions.view.problems");
  }

  async #chooseRule(): Promise<string | undefined> {
    const rules = await this.#client.sendRequest<Rule[]>("lws-lint/rules", {});
    const here = ruleAtCursor();
    const items = rules
      .map(({ id, level, summary }) => ({ label: id, description: id === here ? "under the cursor" : level, detail: summary }))
      .sort((a, b) => Number(b.label === here) - Number(a.label === here));
    return (await vscode.window.showQuickPick(items, { placeHolder: "Which rule?", matchOnDetail: true }))?.label;
  }

  async #page(uri: vscode.Uri): Promise<string> {
    const ruleId = path.posix.basename(uri.path, ".md");
    const page = await this.#client.sendRequest<string | null>("lws-lint/explainRule", { ruleId });
    return `# lws/${ruleId}\n\n${page ?? "There is no page about this rule."}\n`;
  }
}

let extension: Extension | undefined;

export const activate = async (context: vscode.ExtensionContext): Promise<void> => {
  extension = new Extension(context);
  await extension.start();
};

export const deactivate = (): Promise<void> | undefined => extension?.stop();
