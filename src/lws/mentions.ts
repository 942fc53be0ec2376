/** Which callback reasons the code behind a callback speaks of at all, whatever it does on them. */
import type { Span } from "../source/span.js";
import { REASON_PREFIX } from "./api/index.js";
import type { LwsEntryPoint } from "./entry-points.js";
import type { Program } from "./program.js";

export interface Mention {
  readonly file: string;
  readonly span: Span;
  readonly inMacro: boolean;
}

const cache = new WeakMap<Program, Map<LwsEntryPoint, ReadonlyMap<string, readonly Mention[]>>>();

/** By full name, those of the callback's own function first. Functions that cannot reach the library are not looked into. */
export function mentionsOf(program: Program, entry: LwsEntryPoint): ReadonlyMap<string, readonly Mention[]> {
  let byEntry = cache.get(program);
  if (!byEntry) cache.set(program, (byEntry = collect(program)));
  return byEntry.get(entry) ?? new Map<string, readonly Mention[]>();
}

function collect(program: Program): Map<LwsEntryPoint, ReadonlyMap<string, readonly Mention[]>> {
  const found = new Map<LwsEntryPoint, Map<string, Mention[]>>();
  const usesIn = new Map<string, { name: string; mention: Mention }[]>();
  for (const file of program.files) {
    for (const use of file.constantUses) {
      if (use.function === undefined || !use.name.startsWith(REASON_PREFIX)) continue;
      const key = `${file.path}:${use.function}`;
      const entry = { name: use.name, mention: { file: file.path, span: use.span, inMacro: use.inMacro } };
      const list = usesIn.get(key);
      if (list) list.push(entry);
      else usesIn.set(key, [entry]);
    }
  }
  const add = (entry: LwsEntryPoint, node: LwsEntryPoint["node"]): void => {
    let names = found.get(entry);
    if (!names) found.set(entry, (names = new Map<string, Mention[]>()));
    for (const { name, mention } of usesIn.get(`${node.file.path}:${node.facts.name}`) ?? []) {
      const list = names.get(name);
      if (!list) names.set(name, [mention]);
      else if (!list.some((known) => known.file === mention.file && known.span.start === mention.span.start)) list.push(mention);
    }
  };
  for (const entry of program.entries) add(entry, entry.node);
  for (const [node, contexts] of program.propagation.contexts) for (const entry of new Set(contexts.map((context) => context.entry))) add(entry as LwsEntryPoint, node);
  return found;
}
