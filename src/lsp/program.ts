/** One folder as the command line would scan it, kept up to date: files on disk, unsaved buffers over them, settings. Knows no protocol. */
import path from "node:path";
import type { Analysis, Analyzer, AnalyzerOptions, Project } from "../analyzer.js";
import { CONFIG_FILE_NAME } from "../host/config-file.js";
import { Connections } from "../host/connecting.js";
import { displayName, findCandidate, type DiscoveryOptions } from "../host/discover.js";
import { FileReader } from "../host/file-reader.js";
import { chooseReleases, type ReleaseChoice } from "../host/lws-version-choice.js";
import { isBuildFile } from "../host/lws-version.js";
import { scanPaths, type IrrelevantFile, type Scan, type ScannedFile } from "../host/scan.js";
import { loadSettings, type RuleOption, type Settings } from "../host/settings.js";
import { UsageError } from "../host/usage-error.js";
import { languageOf } from "../source/languages.js";
import { mayUseLws } from "../source/prefilter.js";
import { Stamps } from "./stamps.js";

/** What the editor's settings say; they outrank configuration files, as the command line does. */
export interface EditorSettings {
  readonly enable: boolean;
  readonly rules: readonly RuleOption[];
  readonly lwsVersion?: string;
  readonly reportUnusedSuppressions: boolean;
}

export interface ProgramOptions {
  /** Absolute, with `/`. */
  readonly root: string;
  /** Whether only open files count: the folder is no workspace, and what else lies in it is nobody's business. */
  readonly loose?: boolean;
  /** Whether configuration files count; not for texts that lie in no folder. */
  readonly configured?: boolean;
  readonly systemIncludes?: readonly string[];
}

export interface Refreshed {
  readonly analysis: Analysis;
  /** Why the configuration cannot be used; the last one that could holds meanwhile. */
  readonly configProblem: UsageError | undefined;
  readonly filesSeen: number;
}

export interface RefreshHooks {
  /** Whether something newer is known, so that the rest of this round is not worth its time. */
  isStale(): boolean;
  /** Told before a file's local phase. */
  onFile?(done: number, total: number): void;
}

interface Given {
  readonly content: Uint8Array | string;
  readonly leavesOut: readonly number[] | undefined;
}

const EMPTY_SCAN: Scan = { files: new Map(), filesSeen: 0, filesIrrelevant: 0, irrelevant: [], vendored: [], skippedFolders: [], problems: [], missing: false };

/** How long files are worked on before messages of the editor get a turn. */
const TURN_MS = 12;

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

class Turns {
  #end = performance.now() + TURN_MS;

  constructor(readonly hooks: RefreshHooks) {}

  get isOver(): boolean {
    return performance.now() > this.#end;
  }

  /** Lets others have theirs; whether to go on after that. */
  async next(): Promise<boolean> {
    await nextTurn();
    this.#end = performance.now() + TURN_MS;
    return !this.hooks.isStale();
  }
}

const toSlashes = (file: string): string => (path.sep === "/" ? file : file.replaceAll("\\", "/"));

export class Program {
  #editor: EditorSettings = { enable: true, rules: [], reportUnusedSuppressions: false };
  #settings: Settings | undefined;
  #configProblem: UsageError | undefined;
  #project: Project | undefined;
  /** As the last scan of everything left it. */
  #scan: Scan = EMPTY_SCAN;
  /** Files with a trace of the library, by name. */
  #files = new Map<string, ScannedFile>();
  /** Those without: their absolute paths. */
  #others = new Map<string, string>();
  /** Those of the others that lie between files with a trace, as the project gets them. */
  readonly #connecting = new Map<string, ScannedFile>();
  #connections: Connections;
  #releases: ReleaseChoice | undefined;
  /** Names of the files for which releases were chosen; `undefined` where they have to be chosen anew. */
  #judged: ReadonlySet<string> | undefined;
  /** Texts of open documents, by absolute path. */
  readonly #buffers = new Map<string, string>();
  /** What the project was given, by name. */
  readonly #given = new Map<string, Given>();
  readonly #stamps = new Stamps();
  /** Absolute paths of files to look at again. */
  readonly #touched = new Set<string>();
  readonly #reader = new FileReader();
  #needsSettings = true;
  #needsScan = true;
  /** The last result, while nothing has changed. */
  #current: Refreshed | undefined;

  constructor(
    readonly analyzer: Analyzer,
    readonly options: ProgramOptions,
  ) {
    this.#connections = this.#noConnections();
  }

  get root(): string {
    return this.options.root;
  }

  configure(settings: EditorSettings): void {
    if (JSON.stringify(settings) === JSON.stringify(this.#editor)) return;
    this.#editor = settings;
    this.reload();
  }

  /** Reads configuration and files anew. */
  reload(): void {
    this.#needsSettings = true;
    this.#connections = this.#noConnections();
    this.rescan();
  }

  /** Looks for files anew. */
  rescan(): void {
    this.#needsScan = true;
    this.#current = undefined;
  }

  setBuffer(absolute: string, text: string): void {
    this.#buffers.set(absolute, text);
    this.#touch(absolute);
  }

  closeBuffer(absolute: string): void {
    this.#buffers.delete(absolute);
    this.#touch(absolute);
  }

  /** A file or folder was written, made or removed. */
  changedOnDisk(absolute: string, removed: boolean): void {
    const base = path.posix.basename(toSlashes(absolute));
    if (base === CONFIG_FILE_NAME) this.reload();
    // Without an extension it may be a folder.
    else if (base === ".gitignore" || isBuildFile(base) || (!removed && languageOf(base) === undefined)) this.rescan();
    else if (!this.#buffers.has(absolute) || removed) this.#touch(absolute);
    if (!removed) return;
    const inside = `${absolute}/`;
    for (const { absolute: known } of this.#files.values()) if (known?.startsWith(inside) === true) this.#touch(known);
    for (const known of this.#others.values()) if (known.startsWith(inside)) this.#touch(known);
  }

  /** Looks whether known files have changed, for clients that do not watch them. */
  checkDisk(): boolean {
    let changed = false;
    for (const absolute of this.#stamps.changed()) {
      if (path.posix.basename(absolute) === CONFIG_FILE_NAME) this.reload();
      else if (!this.#buffers.has(absolute)) this.#touch(absolute);
      changed ||= this.#current === undefined;
    }
    return changed;
  }

  /** Patterns of files that count although their names do not tell, as in `.gitignore`. */
  get includes(): readonly string[] {
    return (this.#settings?.include ?? []).flatMap(({ patterns }) => patterns);
  }

  /** The name under which results speak of a file. */
  nameOf(absolute: string): string {
    return displayName(this.root, absolute);
  }

  absoluteOf(name: string): string {
    return toSlashes(path.resolve(this.root, name));
  }

  /** The release by which a file is judged. */
  releaseOf(name: string): string | undefined {
    return this.#settings?.analyzer.lwsVersion ?? this.#releases?.of(name);
  }

  /**
   * Brings everything up to date and analyses it; `undefined` when it stopped because something newer is known. What was done until then is not
   * done again.
   */
  async refresh(hooks: RefreshHooks): Promise<Refreshed | undefined> {
    if (this.#needsSettings) this.#loadSettings();
    if (this.#settings === undefined || !this.#editor.enable) {
      return { analysis: this.analyzer.project().analyze(), configProblem: this.#configProblem, filesSeen: 0 };
    }
    if (this.#needsScan) this.#scanAll();
    if (!(await this.#update(hooks)) || this.#touched.size > 0 || this.#needsScan || this.#needsSettings) return undefined;
    if (this.#current === undefined) {
      const analysis = this.#project!.analyze();
      this.#current = { analysis, configProblem: this.#configProblem, filesSeen: this.#scan.filesSeen };
    }
    return this.#current;
  }

  #touch(absolute: string): void {
    this.#touched.add(absolute);
    this.#current = undefined;
  }

  #loadSettings(): void {
    this.#needsSettings = false;
    this.#configProblem = undefined;
    const { rules, lwsVersion } = this.#editor;
    try {
      const settings = loadSettings({
        cwd: this.root,
        noConfig: this.options.configured === false,
        rules,
        ...(lwsVersion === undefined ? {} : { lwsVersion }),
      });
      settings.checkRules(this.analyzer.rules);
      this.#settings = settings;
      this.#forget();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.#configProblem = error;
    }
  }

  /** Every file has to be given to a new project. */
  #forget(): void {
    this.#project = undefined;
    this.#given.clear();
  }

  get #discovery(): DiscoveryOptions {
    const { ignores = [], include = [] } = this.#settings ?? {};
    return { cwd: this.root, paths: ["."], ignores, include };
  }

  #scanAll(): void {
    this.#needsScan = false;
    const touched = new Set(this.#touched);
    this.#touched.clear();
    this.#scan = this.options.loose === true ? EMPTY_SCAN : scanPaths(this.#discovery, () => undefined);
    const { files, irrelevant } = this.#scan;
    const known = [...this.#files.keys(), ...this.#others.keys()];
    this.#files = new Map(files);
    this.#others = new Map(irrelevant.map(({ name, absolute }) => [name, absolute]));
    for (const name of known) if (!this.#isKnown(name)) this.#drop(name);
    this.#stamps.restart(new Set(this.#others.values()));
    for (const file of files.values()) {
      if (file.absolute !== undefined) this.#stamps.take(file.absolute);
      if (file.absolute === undefined || !this.#buffers.has(file.absolute)) this.#put(file, true);
    }
    for (const { name, absolute } of irrelevant) {
      // What has been read of it holds while it is the same file.
      const isAsBefore = this.#connections.has(name, false) && !touched.has(absolute) && this.#stamps.isCurrent(absolute);
      if (!isAsBefore && !this.#buffers.has(absolute)) this.#put({ name, absolute }, false);
    }
    for (const absolute of this.#buffers.keys()) this.#lookAt(absolute);
    for (const file of [`${this.root}/${CONFIG_FILE_NAME}`, ...(this.#settings?.files ?? [])]) this.#stamps.take(toSlashes(file));
    this.#judged = undefined;
  }

  #noConnections(): Connections {
    return new Connections((absolute, use) => {
      this.#stamps.takeOther(absolute);
      return this.#reader.inspect(absolute, use);
    });
  }

  /** Puts one file in or takes it out, as a scan would. */
  #lookAt(absolute: string): void {
    const name = this.nameOf(absolute);
    const isLoose = this.options.loose === true;
    const text = this.#buffers.get(absolute);
    const isScanned = isLoose ? text !== undefined : this.#isKnown(name) || findCandidate(this.#discovery, absolute) !== undefined;
    if (!isScanned) {
      this.#drop(name);
    } else if (text !== undefined) {
      const bytes = Buffer.from(text);
      this.#put({ name, absolute, bytes }, mayUseLws(bytes));
    } else {
      this.#stamps.take(absolute);
      const read = this.#reader.read(absolute);
      if (read.kind === "refused") this.#drop(name);
      else if (read.kind === "relevant") this.#put({ name, absolute, bytes: read.bytes }, true);
      else this.#put({ name, absolute }, false);
    }
  }

  #put(file: ScannedFile | (IrrelevantFile & { readonly bytes?: undefined }), hasTrace: boolean): void {
    const { name } = file;
    this.#connecting.delete(name);
    if (hasTrace && file.bytes !== undefined) {
      this.#files.set(name, file);
      this.#others.delete(name);
    } else {
      this.#files.delete(name);
      this.#others.set(name, file.absolute!);
    }
    this.#connections.set(file, hasTrace);
  }

  #drop(name: string): void {
    this.#connecting.delete(name);
    this.#files.delete(name);
    this.#others.delete(name);
    this.#connections.remove(name);
  }

  /** Whether a scan of everything came to it; if that was through a link, it stays while it is there. */
  #isKnown(name: string): boolean {
    return this.#files.has(name) || this.#others.has(name);
  }

  #chooseReleases(files: ReadonlyMap<string, ScannedFile>): void {
    const before = this.#releases;
    const { analyzer, lwsVersionFrom } = this.#settings!;
    const { systemIncludes } = this.options;
    const said = lwsVersionFrom && { ...lwsVersionFrom, version: analyzer.lwsVersion! };
    this.#releases = chooseReleases({ ...this.#scan, files }, said, { cwd: this.root, paths: ["."], ...(systemIncludes && { systemIncludes }) });
    this.#judged = new Set(files.keys());
    // A project may keep what it concluded from a release.
    if (before !== undefined && [...this.#given.keys()].some((name) => before.of(name) !== this.#releases?.of(name))) this.#forget();
  }

  /** Files to be analyzed; looked for in turns. */
  async #chosen(turns: Turns): Promise<ReadonlyMap<string, ScannedFile> | undefined> {
    while (!this.#connections.look(() => turns.isOver)) if (!(await turns.next())) return undefined;
    const found = this.#connections.find();
    for (const name of this.#connecting.keys()) if (!found.has(name)) this.#connecting.delete(name);
    for (const [name, leavesOut] of found) {
      const known = this.#connecting.get(name);
      if (known?.leavesOut === leavesOut) continue;
      const absolute = this.#others.get(name)!;
      const text = this.#buffers.get(absolute);
      const bytes = known?.bytes ?? (text === undefined ? this.#bytesOf(absolute) : Buffer.from(text));
      if (bytes !== undefined) this.#connecting.set(name, { name, absolute, bytes, connects: true, leavesOut });
    }
    return this.#connecting.size === 0 ? this.#files : new Map([...this.#files, ...this.#connecting]);
  }

  #bytesOf(absolute: string): Uint8Array | undefined {
    this.#stamps.take(absolute);
    return this.#reader.inspect(absolute, (bytes) => new Uint8Array(bytes));
  }

  async #update(hooks: RefreshHooks): Promise<boolean> {
    for (const absolute of this.#touched) this.#lookAt(absolute);
    this.#touched.clear();
    const turns = new Turns(hooks);
    const files = await this.#chosen(turns);
    if (files === undefined) return false;
    if (files.size !== this.#judged?.size || [...files.keys()].some((name) => this.#judged?.has(name) === false)) this.#chooseReleases(files);
    const project = (this.#project ??= this.analyzer.project(this.#analyzerOptions()));
    for (const name of this.#given.keys()) {
      if (files.has(name)) continue;
      this.#given.delete(name);
      project.remove(name);
    }
    const changed = [...files.values()].filter((file) => !this.#isGiven(file));
    for (const [index, file] of changed.entries()) {
      hooks.onFile?.(index, changed.length);
      if (turns.isOver && !(await turns.next())) return false;
      const content = this.#contentOf(file);
      project.update(file.name, content, file.leavesOut);
      this.#given.set(file.name, { content, leavesOut: file.leavesOut });
      this.#current = undefined;
    }
    return true;
  }

  #contentOf({ absolute, bytes }: ScannedFile): Uint8Array | string {
    return (absolute === undefined ? undefined : this.#buffers.get(absolute)) ?? bytes;
  }

  #isGiven(file: ScannedFile): boolean {
    const given = this.#given.get(file.name);
    if (given === undefined || given.leavesOut !== file.leavesOut) return false;
    const content = this.#contentOf(file);
    if (typeof given.content === "string" || typeof content === "string") return given.content === content;
    return given.content === content || Buffer.compare(given.content, content) === 0;
  }

  #analyzerOptions(): AnalyzerOptions {
    return {
      ...this.#settings!.analyzer,
      lwsVersionOf: (name) => this.#releases?.of(name),
      eslintComments: true,
      reportUnusedSuppressions: this.#editor.reportUnusedSuppressions,
    };
  }
}
