/** Which program a document belongs to: that of the innermost workspace folder around it, or one of its own. */
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { TextDocument } from "vscode-languageserver-textdocument";
import type { Analyzer } from "../analyzer.js";
import { languageOf } from "../source/languages.js";
import { Program, type EditorSettings } from "./program.js";
import { DEBOUNCE_MS, Session, type SessionHooks } from "./session.js";

/** Languages of editors in which files without a telling name are read. */
const LANGUAGE_IDS: ReadonlySet<string> = new Set(["c", "cpp", "arduino", "cuda-cpp", "objective-c", "objective-cpp"]);

const toSlashes = (file: string): string => (path.sep === "/" ? file : file.replaceAll("\\", "/"));

/** The path of a `file:` URI, with `/`; `undefined` for anything else. */
export const pathOf = (uri: string): string | undefined => {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return toSlashes(fileURLToPath(uri));
  } catch {
    // A host in the URI, or an escaped slash.
    return undefined;
  }
};

const isInside = (file: string, folder: string): boolean => file.startsWith(folder.endsWith("/") ? folder : `${folder}/`);

export interface OpenDocument {
  readonly document: TextDocument;
  /** Absolute; a made-up one for texts that are no file. */
  readonly absolute: string;
  readonly session: Session;
}

export class Workspace {
  /** By root. */
  readonly #folders = new Map<string, Session>();
  /** Programs of documents outside all folders: one for each folder they lie in, or for each text that is no file. */
  readonly #loose = new Map<string, Session>();
  /** By URI. */
  readonly #open = new Map<string, OpenDocument>();

  /** What holds where the editor has no settings for a folder. */
  defaults: EditorSettings = { enable: true, rules: [], reportUnusedSuppressions: false };

  constructor(
    readonly analyzer: Analyzer,
    readonly systemIncludes: readonly string[],
    readonly hooks: SessionHooks,
  ) {}

  get sessions(): readonly Session[] {
    return [...this.#folders.values(), ...this.#loose.values()];
  }

  get documents(): Iterable<OpenDocument> {
    return this.#open.values();
  }

  documentOf(uri: string): OpenDocument | undefined {
    return this.#open.get(uri);
  }

  addFolder(uri: string): Session | undefined {
    const root = pathOf(uri)?.replace(/(?<=.)\/$/u, "");
    if (root === undefined || this.#folders.has(root)) return undefined;
    const session = this.#createSession(root, {});
    this.#folders.set(root, session);
    this.#reassign();
    return session;
  }

  removeFolder(uri: string): void {
    const root = pathOf(uri)?.replace(/(?<=.)\/$/u, "");
    const session = root === undefined ? undefined : this.#folders.get(root);
    if (session === undefined) return;
    this.#folders.delete(root!);
    session.dispose();
    this.#reassign();
  }

  /** Puts the text of a document in place of what its file holds. */
  set(document: TextDocument, debounce: boolean): OpenDocument | undefined {
    const known = this.#open.get(document.uri);
    const absolute = known?.absolute ?? this.#absoluteOf(document);
    if (absolute === undefined) return undefined;
    const owner = known?.session ?? this.#sessionFor(document.uri, absolute, document.languageId);
    if (owner === undefined) return undefined;
    const opened: OpenDocument = { document, absolute, session: owner };
    this.#open.set(document.uri, opened);
    for (const session of this.#around(absolute, owner)) {
      session.program.setBuffer(absolute, document.getText());
      session.invalidate(debounce ? DEBOUNCE_MS : 0);
    }
    return opened;
  }

  /** From now on the file counts again. */
  close(uri: string): OpenDocument | undefined {
    const closed = this.#open.get(uri);
    if (closed === undefined) return undefined;
    this.#open.delete(uri);
    for (const session of this.#around(closed.absolute, closed.session)) {
      session.program.closeBuffer(closed.absolute);
      session.invalidate();
    }
    this.#dropIdle();
    return closed;
  }

  changedOnDisk(absolute: string, removed: boolean): void {
    for (const session of this.sessions) {
      const { root } = session.program;
      // Configuration above a folder holds in it, too.
      if (!isInside(absolute, root) && !isInside(root, path.posix.dirname(absolute)) && path.posix.dirname(absolute) !== root) continue;
      session.program.changedOnDisk(absolute, removed);
      session.invalidate();
    }
  }

  /** The session that shows a file's findings. */
  ownerOf(absolute: string): Session | undefined {
    const roots = [...this.#folders.keys()].filter((root) => isInside(absolute, root));
    const innermost = roots.reduce<string | undefined>((best, root) => (best === undefined || root.length > best.length ? root : best), undefined);
    return innermost === undefined ? this.#loose.get(path.posix.dirname(absolute)) : this.#folders.get(innermost);
  }

  /** As the editor names an open document, else as a `file:` URI. */
  uriOf(absolute: string): string {
    for (const { document, absolute: known } of this.#open.values()) if (known === absolute) return document.uri;
    return pathToFileURL(absolute).href;
  }

  versionOf(absolute: string): number | null {
    for (const { document, absolute: known } of this.#open.values()) if (known === absolute) return document.version;
    return null;
  }

  #createSession(root: string, more: { readonly loose?: boolean; readonly configured?: boolean }): Session {
    const program = new Program(this.analyzer, { root, systemIncludes: this.systemIncludes, ...more });
    program.configure(this.defaults);
    return new Session(program, this.hooks);
  }

  /** Texts that were never saved get a path of their own, in no folder that exists. */
  #absoluteOf({ uri, languageId }: TextDocument): string | undefined {
    const absolute = pathOf(uri);
    if (absolute !== undefined || !uri.startsWith("untitled:")) return absolute;
    const name = path.posix.basename(decodeURIComponent(uri.slice("untitled:".length))) || "untitled";
    const extension = languageOf(name) === undefined ? (languageId === "cpp" ? ".cpp" : ".c") : "";
    return `/untitled:/${encodeURIComponent(uri)}/${name}${extension}`;
  }

  #sessionFor(uri: string, absolute: string, languageId: string): Session | undefined {
    const owner = this.ownerOf(absolute);
    if (owner !== undefined) return owner;
    const language = uri.startsWith("file:") ? languageOf(absolute) : undefined;
    if (language === undefined && !LANGUAGE_IDS.has(languageId)) return undefined;
    const root = path.posix.dirname(absolute);
    const session = this.#createSession(root, { loose: true, configured: uri.startsWith("file:") });
    this.#loose.set(root, session);
    return session;
  }

  /** All programs that hold a file: folders may lie inside of each other. */
  #around(absolute: string, owner: Session): Set<Session> {
    const around = [...this.#folders].filter(([root]) => isInside(absolute, root)).map(([, session]) => session);
    return new Set([owner, ...around]);
  }

  /** Folders came or went: documents may belong elsewhere now. */
  #reassign(): void {
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const { document } of open) this.set(document, false);
    this.#dropIdle();
  }

  #dropIdle(): void {
    const used = new Set([...this.#open.values()].map(({ session }) => session));
    for (const [root, session] of this.#loose) {
      if (used.has(session)) continue;
      this.#loose.delete(root);
      session.dispose();
    }
  }
}
