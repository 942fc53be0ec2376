/** The entry points of a program, by file. Kept between edits, so that only what asked about the entry points of a file asks again when these change. */
import type { Reach } from "../analysis/contexts.js";
import type { FileFacts } from "../analysis/facts.js";
import { sameList, Source } from "../dataflow/answers.js";
import type { LwsEntryPoint } from "./entry-points.js";

interface OfFile {
  entries: readonly LwsEntryPoint[];
  readonly source: Source;
}

interface OfEntry {
  reach: Reach;
  readonly source: Source;
}

export class EntryList {
  #all: readonly LwsEntryPoint[] = [];
  readonly #anyEntry = new Source();
  readonly #byFile = new Map<string, OfFile>();
  #reaches = new Map<LwsEntryPoint, OfEntry>();

  /** @param reaches What each entry point reaches, in their order. */
  update(reaches: readonly Reach[]): void {
    const entries = reaches.map(({ entry }) => entry as LwsEntryPoint);
    const before = this.#reaches;
    this.#reaches = new Map(reaches.map((reach) => {
      const entry = reach.entry as LwsEntryPoint;
      const known = before.get(entry) ?? { reach, source: new Source() };
      if (known.reach !== reach) known.source.changed();
      known.reach = reach;
      return [entry, known];
    }));
    if (!sameList(entries, this.#all)) this.#anyEntry.changed();
    this.#all = entries;
    const byFile = new Map<string, LwsEntryPoint[]>();
    for (const entry of entries) {
      const { path } = entry.node.file;
      const list = byFile.get(path);
      if (list) list.push(entry);
      else byFile.set(path, [entry]);
    }
    for (const path of new Set([...this.#byFile.keys(), ...byFile.keys()])) {
      const now = byFile.get(path) ?? [];
      const known = this.#of(path);
      if (sameList(known.entries, now)) continue;
      known.entries = now;
      known.source.changed();
    }
  }

  get all(): readonly LwsEntryPoint[] {
    this.#anyEntry.read();
    return this.#all;
  }

  in({ path }: FileFacts): readonly LwsEntryPoint[] {
    const { source, entries } = this.#of(path);
    source.read();
    return entries;
  }

  reachOf(entry: LwsEntryPoint): Reach {
    const { reach, source } = this.#reaches.get(entry)!;
    source.read();
    return reach;
  }

  #of(path: string): OfFile {
    let known = this.#byFile.get(path);
    if (!known) this.#byFile.set(path, (known = { entries: [], source: new Source() }));
    return known;
  }
}
