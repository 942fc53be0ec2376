/** One folder as the command line would scan it, kept up to date: files on disk, unsaved buffers over them, settings. Knows no protocol. */
import path from "node:path";
import type { Analysis, Analyzer, AnalyzerOptions, Project } from "../analyzer.js";
import { CONFIG_FILE_NAME } from "../host/config-file.js";
import { displayName, findCandidate, type DiscoveryOptions } from "../host/discover.js";
import { FileReader } from "../host/file-reader.js";
import { fileStamp } from "../host/file-stamp.js";
import { chooseReleases, type ReleaseChoice } from "../host/lws-version-choice.js";
import { isBuildFile } from "../host/lws-version.js";
import { scanPaths, type Scan, type ScannedFile } from "../host/scan.js";
import { loadSettings, type RuleOption, type Settings } from "../host/settings.js";
import { UsageError } from "../host/usage-error.js";
import { languageOf } from "../source/languages.js";

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

const EMPTY_SCAN: Scan = { files: new Map(), filesSeen: 0, filesIrrelevant: 0, irrelevant: [], vendored: [], skippedFolders: [], problems: [], missing: false };

/** How long files are worked on before messages of the editor get a turn. */
const TURN_MS = 12;

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const toSlashes = (file: string): string => (path.sep === "/" ? file : file.replaceAll("\\", "/"));

export class Program {
  #editor: EditorSettings = { enable: true, rules: [], reportUnusedSuppressions: false };
  #settings: Settings | undefined;
  #configProblem: UsageError | undefined;
  #project: Project | undefined;
  #scan: Scan = EMPTY_SCAN;
  #releases: ReleaseChoice | undefined;
  /** Texts of open documents, by absolute path. */
  readonly #buffers = new Map<string, string>();
  /** What the project was given, by name. */
  readonly #given = new Map<string, Uint8Array | string>();
  /** What is on disk, by absolute path, as far as it is known here. */
  readonly #stamps = new Map<string, string | undefined>();
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
  ) {}

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
    this.#needsScan = true;
    this.#current = undefined;
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
    for (const { absolute: known } of this.#scan.files.values()) if (known?.startsWith(inside) === true) this.#touch(known);
  }

  /** Looks at every known file, for clients that do not watch them; whether something has changed. */
  checkDisk(): boolean {
    let changed = false;
    for (const [absolute, stamp] of this.#stamps) {
      const now = fileStamp(absolute);
      if (now === stamp) continue;
      this.#stamps.set(absolute, now);
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

  /** The text the analysis saw. */
  bufferOf(absolute: string): string | undefined {
    return this.#buffers.get(absolute);
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
    this.#touched.clear();
    this.#scan = this.options.loose === true ? EMPTY_SCAN : scanPaths(this.#discovery, () => undefined);
    const files = new Map(this.#scan.files);
    this.#scan = { ...this.#scan, files };
    for (const absolute of this.#buffers.keys()) this.#lookAt(absolute, files);
    this.#stamps.clear();
    for (const file of [`${this.root}/${CONFIG_FILE_NAME}`, ...(this.#settings?.files ?? [])]) this.#stamps.set(toSlashes(file), fileStamp(file));
    for (const { absolute } of files.values()) if (absolute !== undefined) this.#stamps.set(absolute, fileStamp(absolute));
    const before = this.#releases;
    this.#chooseReleases();
    // A project may keep what it concluded from a release.
    if (before !== undefined && [...files.keys()].some((name) => before.of(name) !== this.#releases?.of(name))) this.#forget();
  }

  /** Puts one file in or takes it out, as a scan would. */
  #lookAt(absolute: string, files: Map<string, ScannedFile>): void {
    const name = this.nameOf(absolute);
    const isScanned = this.options.loose === true || findCandidate(this.#discovery, absolute) !== undefined || this.#isLinked(name);
    const text = this.#buffers.get(absolute);
    if (!isScanned) files.delete(name);
    else if (text !== undefined) files.set(name, { name, absolute, bytes: new Uint8Array() });
    else if (this.options.loose === true) files.delete(name);
    else {
      const read = this.#reader.read(absolute);
      this.#stamps.set(absolute, fileStamp(absolute));
      if (read.kind === "relevant") files.set(name, { name, absolute, bytes: read.bytes });
      else files.delete(name);
    }
  }

  /** A link that a scan of everything came to stays while it is there. */
  #isLinked(name: string): boolean {
    return this.#scan.files.has(name);
  }

  #chooseReleases(): void {
    const { analyzer, lwsVersionFrom } = this.#settings!;
    const { systemIncludes } = this.options;
    const said = lwsVersionFrom && { ...lwsVersionFrom, version: analyzer.lwsVersion! };
    this.#releases = chooseReleases(this.#scan, said, { cwd: this.root, paths: ["."], ...(systemIncludes && { systemIncludes }) });
  }

  async #update(hooks: RefreshHooks): Promise<boolean> {
    const files = this.#scan.files as Map<string, ScannedFile>;
    if (this.#touched.size > 0) {
      const known = files.size;
      let added = false;
      for (const absolute of this.#touched) {
        const name = this.nameOf(absolute);
        const had = files.has(name);
        this.#lookAt(absolute, files);
        added ||= !had && files.has(name);
      }
      this.#touched.clear();
      if (added || files.size !== known) this.#chooseReleases();
    }
    const project = (this.#project ??= this.analyzer.project(this.#analyzerOptions()));
    for (const name of this.#given.keys()) {
      if (files.has(name)) continue;
      this.#given.delete(name);
      project.remove(name);
    }
    const changed = [...files.values()].filter((file) => !this.#isGiven(file));
    let turnEnds = performance.now() + TURN_MS;
    for (const [index, file] of changed.entries()) {
      hooks.onFile?.(index, changed.length);
      if (performance.now() > turnEnds) {
        await nextTurn();
        if (hooks.isStale()) return false;
        turnEnds = performance.now() + TURN_MS;
      }
      const content = this.#contentOf(file);
      project.update(file.name, content);
      this.#given.set(file.name, content);
      this.#current = undefined;
    }
    return true;
  }

  #contentOf({ absolute, bytes }: ScannedFile): Uint8Array | string {
    return (absolute === undefined ? undefined : this.#buffers.get(absolute)) ?? bytes;
  }

  #isGiven(file: ScannedFile): boolean {
    const given = this.#given.get(file.name);
    const content = this.#contentOf(file);
    if (given === undefined || typeof given === "string" || typeof content === "string") return given === content;
    return given === content || Buffer.compare(given, content) === 0;
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
