/**
 * Runs the built extension in an editor that is made up: what it asks of the module `vscode` is answered with objects that do nothing, except for
 * what the test looks at. Arguments: the unpacked extension, a workspace folder. Prints what happened as JSON.
 */
const { readFileSync } = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { pathToFileURL, fileURLToPath } = require("node:url");

const [, , extensionPath, folder] = process.argv;
const told = { commands: [], states: [], picked: [], preview: "", page: "", message: [], executed: [] };
const disposable = { dispose() {} };

class Uri {
  constructor(parts) {
    Object.assign(this, { scheme: "", authority: "", path: "", query: "", fragment: "" }, parts);
  }
  static from(parts) {
    return new Uri(parts);
  }
  static file(file) {
    return new Uri({ scheme: "file", path: file });
  }
  static parse(text) {
    return text.startsWith("file:") ? Uri.file(fileURLToPath(text)) : new Uri({ scheme: text.split(":")[0], path: text.slice(text.indexOf(":") + 1) });
  }
  get fsPath() {
    return this.path;
  }
  toString() {
    return this.scheme === "file" ? pathToFileURL(this.path).href : `${this.scheme}:${this.path}`;
  }
}

/** Anything: a class, a function that gives something to dispose of, a set of numbers. */
const anything = (known = {}) =>
  new Proxy(class Anything {}, {
    get: (target, key) => {
      if (key in known) return known[key];
      if (key === "prototype" || key === "length" || key === "name" || typeof key === "symbol") return target[key];
      known[key] = /^on[A-Z]|^register|^create/u.test(key) ? () => ({ ...disposable }) : anything();
      return known[key];
    },
    apply: () => ({ ...disposable }),
  });

class CancellationTokenSource {
  token = { isCancellationRequested: false, onCancellationRequested: () => disposable };
  cancel() {}
  dispose() {}
}

class EventEmitter {
  #listeners = new Set();
  event = (listener) => {
    this.#listeners.add(listener);
    return disposable;
  };
  fire(value) {
    for (const listener of this.#listeners) listener(value);
  }
  dispose() {}
}

const commands = new Map();
const providers = new Map();
const workspaceFolder = { uri: Uri.file(folder), name: "folder", index: 0 };
const statusItem = {
  set text(value) {
    told.states.push(value.includes("sync") ? "busy" : "ready");
  },
  show() {},
  hide() {},
  dispose() {},
};
const output = new Proxy({}, { get: (_, key) => (key === "name" ? "lws-lint" : key === "logLevel" ? 3 : key === "onDidChangeLogLevel" ? () => disposable : key === "error" ? console.error : () => undefined) });

class CodeActionKind {
  static Empty = new CodeActionKind();
  append() {
    return this;
  }
}

const own = {
  CodeActionKind,
  ThemeColor: class {},
  StatusBarAlignment: { Left: 1, Right: 2 },
  ProgressLocation: { Window: 10, Notification: 15 },
  version: "1.91.0",
  Uri,
  CancellationTokenSource,
  EventEmitter,
  Disposable: class {
    static from() {
      return disposable;
    }
    dispose() {}
  },
  env: { language: "en", appName: "made up", appHost: "desktop" },
  commands: {
    registerCommand: (name, run) => {
      if (name.startsWith("lws-lint.")) told.commands.push(name);
      commands.set(name, run);
      return disposable;
    },
    executeCommand: async (name, argument) => {
      told.executed.push(name);
      if (name === "markdown.showPreview") told.preview = argument.toString();
    },
  },
  workspace: anything({
    workspaceFolders: [workspaceFolder],
    textDocuments: [],
    notebookDocuments: [],
    isTrusted: true,
    getWorkspaceFolder: () => workspaceFolder,
    getConfiguration: () => ({ get: (_, fallback) => fallback, has: () => false, inspect: () => undefined }),
    registerTextDocumentContentProvider: (scheme, provider) => {
      providers.set(scheme, provider);
      return disposable;
    },
    createFileSystemWatcher: () => ({ onDidCreate: () => disposable, onDidChange: () => disposable, onDidDelete: () => disposable, dispose() {} }),
  }),
  window: anything({
    activeTextEditor: { document: { languageId: "c", uri: Uri.file(path.join(folder, "a.c")) }, selection: { active: {} } },
    visibleTextEditors: [],
    tabGroups: anything({ all: [] }),
    createOutputChannel: () => output,
    createStatusBarItem: () => statusItem,
    withProgress: (_, task) => task({ report() {} }, new CancellationTokenSource().token),
    showErrorMessage: async (...message) => void console.error(...message),
    showInformationMessage: async (...message) => {
      told.message = message;
      return message[1];
    },
    showQuickPick: async (items) => {
      told.picked = items.map(({ label }) => label);
      return items.find(({ label }) => label === "lws/no-sync-kill");
    },
  }),
  languages: anything({
    getDiagnostics: () => [],
    match: () => 0,
    createDiagnosticCollection: () => ({ set() {}, delete() {}, clear() {}, dispose() {}, has: () => false, get: () => undefined, forEach() {} }),
  }),
};
// A bundle copies the properties of a module by their names, so every name it may ask for has to be there.
const vscode = { ...own };
for (const [, name] of readFileSync(path.join(extensionPath, "dist/extension.cjs"), "utf8").matchAll(/\.([A-Z]\w+)/gu)) vscode[name] ??= anything();

const load = Module._load;
Module._load = (request, ...rest) => (request === "vscode" ? vscode : load(request, ...rest));

const run = async () => {
  const { activate, deactivate } = require(path.join(extensionPath, "dist/extension.cjs"));
  await activate({ subscriptions: [], asAbsolutePath: (file) => path.join(extensionPath, file) });
  await commands.get("lws-lint.explainRule")();
  told.page = await providers.get("lws-lint-page").provideTextDocumentContent(Uri.parse(told.preview));
  await commands.get("lws-lint.scanWorkspace")();
  told.states = [...new Set(told.states)];
  told.executed = told.executed.filter((name) => name !== "setContext");
  await deactivate();
  process.stdout.write(JSON.stringify(told));
  process.exit(0);
};

run().catch((error) => {
  console.error(error);
  process.exit(1);
});
