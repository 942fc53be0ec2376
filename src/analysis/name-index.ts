/** What stands in all files of a program under a name. Kept between edits: what a changed file has is taken out and put in again. */
import { sameList, Source, unnoted } from "../dataflow/answers.js";
import type { CallGraph, Derivation } from "./call-graph.js";

export type ByName<T> = ReadonlyMap<string, readonly T[]>;

export class NameIndex<T> {
  /** By name and then by position of the file. */
  readonly #names = new Map<string, Map<number, readonly T[]>>();
  readonly #files: (ByName<T> | undefined)[] = [];
  /** Answers given, until a file changes that has the name. */
  readonly #answers = new Map<string, readonly T[]>();
  readonly #sources = new Map<string, Source>();
  /** Of those who ask only whether there is anything. */
  readonly #presence = new Map<string, Source>();
  #revision = -1;

  /** @param entriesOf What one file has. */
  constructor(
    readonly graph: CallGraph,
    readonly entriesOf: Derivation<ByName<T>>,
  ) {}

  /** What stands under one name, in the order of files. */
  of(name: string): readonly T[] {
    unnoted(() => this.refresh());
    sourceFor(name, this.#sources).read();
    let answer = this.#answers.get(name);
    if (!answer) {
      const found = [...(this.#names.get(name) ?? [])].sort(([a], [b]) => a - b);
      this.#answers.set(name, (answer = found.flatMap(([, entries]) => entries)));
    }
    return answer;
  }

  /** Whether anything stands under a name. */
  has(name: string): boolean {
    unnoted(() => this.refresh());
    sourceFor(name, this.#presence).read();
    return (this.#names.get(name)?.size ?? 0) > 0;
  }

  /** Takes in the versions of files that have come since the last time. */
  refresh(): void {
    if (this.#revision === this.graph.revision) return;
    const positions = this.graph.positionsSince(this.#revision);
    this.#revision = this.graph.revision;
    for (const position of positions) {
      const before = this.#files[position];
      const after = this.graph.derived(this.entriesOf, this.graph.files[position]!);
      if (before === after) continue;
      this.#files[position] = after;
      for (const name of before?.keys() ?? []) if (!after.has(name)) this.#put(name, position, undefined);
      for (const [name, entries] of after) if (!sameList(before?.get(name) ?? [], entries)) this.#put(name, position, entries);
    }
  }

  #put(name: string, position: number, entries: readonly T[] | undefined): void {
    this.#answers.delete(name);
    let files = this.#names.get(name);
    if (!files) this.#names.set(name, (files = new Map<number, readonly T[]>()));
    const had = files.size > 0;
    if (entries) files.set(position, entries);
    else files.delete(position);
    this.#sources.get(name)?.changed();
    if (had !== files.size > 0) this.#presence.get(name)?.changed();
  }
}

function sourceFor(name: string, sources: Map<string, Source>): Source {
  let source = sources.get(name);
  if (!source) sources.set(name, (source = new Source()));
  return source;
}

/** Puts entries under their names, each name's in the order in which they come. */
export function byName<T>(entries: Iterable<readonly [string, T]>): ByName<T> {
  const names = new Map<string, T[]>();
  for (const [name, entry] of entries) {
    const list = names.get(name);
    if (list) list.push(entry);
    else names.set(name, [entry]);
  }
  return names;
}
