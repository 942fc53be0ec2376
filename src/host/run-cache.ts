/** What `--cache` keeps: the facts of files, the results of whole runs, which need neither engine nor facts, and which files of a tree lie between others. */
import path from "node:path";
import type { Analysis, AnalyzerApi, AnalyzerOptions, FileResult } from "../analyzer.js";
import { decode } from "../source/decode.js";
import type { SourceFile } from "../source/source-file.js";
import { keyOf, Pack } from "./cache.js";
import type { Connecting, Scan } from "./scan.js";

type Contents = ReadonlyMap<string, Uint8Array>;

export interface KeptRun extends Omit<Analysis, "source"> {
  readonly rules: AnalyzerApi["rules"];
  /** Files that could not be read as text. */
  readonly unreadable: number;
}

export const CACHE_FOLDER = ".lws-lint-cache";

export class RunCache {
  readonly #facts: () => Pack<FileResult>;
  readonly #runs: Pack<KeptRun | Connecting>;
  #opened: Pack<FileResult> | undefined;
  readonly #keys = new Map<Uint8Array, string>();

  /** @param warn is told why the cache, or a part of it, is of no use */
  constructor(
    folder: string,
    readonly warn: (message: string) => void,
  ) {
    const open = <T>(name: string): Pack<T> => {
      const pack = new Pack<T>(folder, name);
      if (pack.problem !== undefined) warn(`the cache in ${path.join(folder, name)}.pack is not used: ${pack.problem}`);
      return pack;
    };
    this.#runs = open<KeptRun | Connecting>("runs");
    this.#facts = () => (this.#opened ??= open<FileResult>("facts"));
  }

  /** The facts of a file depend on its name and its bytes, and on the program itself. */
  #keyOf(name: string, bytes: Uint8Array): string {
    let key = this.#keys.get(bytes);
    if (key === undefined) this.#keys.set(bytes, (key = keyOf(name, bytes)));
    return key;
  }

  /** And on what is left out of it: is told before facts are asked for. */
  leaveOut({ files }: Scan): void {
    for (const { name, bytes, leavesOut } of files.values()) {
      if (leavesOut && leavesOut.length > 0) this.#keys.set(bytes, keyOf(name, bytes, leavesOut.join()));
    }
  }

  facts(name: string, bytes: Uint8Array): FileResult | undefined {
    return this.#facts().get(this.#keyOf(name, bytes));
  }

  keepFacts(name: string, bytes: Uint8Array, result: FileResult): void {
    this.#facts().put(this.#keyOf(name, bytes), result);
  }

  /**
   * Files without a trace of the library that lie between files that have some: that depends on all files of the scan.
   *
   * @param irrelevant what `Scan.irrelevant` came to
   */
  async connecting(scan: Scan, irrelevant: Uint8Array, find: () => Promise<Connecting>): Promise<Connecting> {
    const key = keyOf("connecting", irrelevant, ...[...scan.files].map(([name, { bytes }]) => this.#keyOf(name, bytes)));
    const known = this.#runs.get(key);
    if (known instanceof Map) return known as Connecting;
    const found = await find();
    this.#runs.put(key, found);
    return found;
  }

  #runKey(options: AnalyzerOptions, contents: Contents): string {
    const { lwsVersionOf, ...plain } = options;
    const files = [...contents].map(([name, bytes]) => [name, this.#keyOf(name, bytes), lwsVersionOf?.(name)]);
    return keyOf(JSON.stringify([plain, files]));
  }

  run(options: AnalyzerOptions, contents: Contents): (KeptRun & Analysis) | undefined {
    const kept = this.#runs.get(this.#runKey(options, contents));
    if (kept === undefined || !("diagnostics" in kept)) return undefined;
    const sources = new Map<string, SourceFile | undefined>();
    const source = (name: string): SourceFile | undefined => {
      const bytes = contents.get(name);
      if (bytes !== undefined && !sources.has(name)) sources.set(name, decode(name, bytes).file);
      return sources.get(name);
    };
    return { ...kept, source };
  }

  keepRun(options: AnalyzerOptions, contents: Contents, analysis: Analysis, more: Pick<KeptRun, "rules" | "unreadable">): void {
    // Of rules what describes them, without what they do.
    const rules = JSON.parse(JSON.stringify(more.rules)) as KeptRun["rules"];
    const { diagnostics, suppressed, problems, stats, callbacks } = analysis;
    this.#runs.put(this.#runKey(options, contents), { diagnostics, suppressed, problems, stats, unreadable: more.unreadable, rules, ...(callbacks && { callbacks }) });
  }

  save(): void {
    for (const pack of [this.#opened, this.#runs]) {
      const problem = pack?.save();
      if (problem !== undefined) this.warn(`the cache cannot be written: ${problem}`);
    }
  }
}
