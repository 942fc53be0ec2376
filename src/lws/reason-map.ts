/** What each function that is called from outside reaches of the library, reason by reason: what a drawing of it needs, as plain data. */
import { pathTo } from "../analysis/contexts.js";
import * as Sets from "../analysis/value-set.js";
import type { Location } from "../diagnostics/diagnostic.js";
import { apiFunction } from "./api/index.js";
import type { EntryKind, LwsEntryPoint } from "./entry-points.js";
import { handledReasons } from "./handled-reasons.js";
import type { Program } from "./program.js";
import { isLibraryCall } from "./program-index.js";
import { reasonsIn } from "./reasons.js";

/** A call of the library that a callback reaches. */
export interface ReachedLibraryCall {
  readonly name: string;
  /** Where it stands. */
  readonly at: Location;
  /** Where the callback itself goes on the way there; the same as `at` where the call stands in the callback. */
  readonly from: readonly Location[];
}

/** What happens for one reason. */
export interface ReasonRow {
  /** Absent for everything the callback does not single out, and for functions that are given no reason. */
  readonly reason?: string;
  /** Indices of `calls`. */
  readonly calls: readonly number[];
}

/** A function that the event loop, a thread or a signal starts. */
export interface CallbackMap extends Location {
  readonly name: string;
  readonly kind: EntryKind;
  readonly registration?: Location;
  readonly calls: readonly ReachedLibraryCall[];
  readonly reasons: readonly ReasonRow[];
}

/** What works on strings and lists, and messages to the log, say nothing about a connection. */
const TOOLS = /^_?lws_log|^lwsl_|^LWS_|^lws_(?:snprintf|str|tokenize|container_of|dll2?_|ptr_diff|hex_|b64_|list_ptr)/;

interface Gathered {
  readonly name: string;
  readonly at: Location;
  readonly from: Map<number, Location>;
  selected: Sets.ValueSet;
}

/** The callbacks of a program, in the order of their files. */
export const callbackMaps = (program: Program): readonly CallbackMap[] => {
  const byEntry = new Map<LwsEntryPoint, Map<string, Gathered>>(program.entries.map((entry) => [entry, new Map()]));
  for (const { entry, context, call, selected, uncertain } of program.propagation.calls) {
    const { name } = call;
    // What lies behind a region that could not be read is not known to be reached.
    if (uncertain || name === undefined || TOOLS.test(name) || apiFunction(name) === undefined) continue;
    const { node } = context;
    if (!isLibraryCall(program.graph, node, call)) continue;
    const at = { file: node.file.path, span: call.span };
    if (program.isDead(at)) continue;
    const found = byEntry.get(entry as LwsEntryPoint)!;
    const key = `${at.file}:${call.span.start}:${name}`;
    let known = found.get(key);
    if (known === undefined) found.set(key, (known = { name, at, from: new Map(), selected: Sets.NONE }));
    known.selected = Sets.union(known.selected, selected);
    const { span } = pathTo(context)[0]?.call ?? call;
    known.from.set(span.start, { file: entry.node.file.path, span });
  }
  return [...byEntry].map(([entry, found]) => mapOf(entry, [...found.values()]));
};

function mapOf(entry: LwsEntryPoint, found: readonly Gathered[]): CallbackMap {
  const { node, kind, registration, selector } = entry;
  const named = selector === undefined ? [] : [...handledReasons(entry)];
  // A call may be reached for a reason that a helper singles out.
  for (const { selected } of selector === undefined ? [] : found) {
    if (Sets.isFinite(selected)) named.push(...reasonsIn(selected).filter((reason) => !named.includes(reason)));
  }
  named.sort((a, b) => a.number - b.number);
  const where = (holds: (one: Gathered) => boolean): number[] => found.flatMap((one, index) => (holds(one) ? [index] : []));
  const others = where(({ selected }) => selector === undefined || !Sets.isFinite(selected));
  return {
    name: node.facts.className === undefined ? node.facts.name : `${node.facts.className}::${node.facts.name}`,
    kind,
    file: node.file.path,
    span: node.facts.nameSpan,
    ...(registration && { registration: { file: registration.file, span: registration.span } }),
    calls: found.map(({ name, at, from }) => ({ name, at, from: [...from.values()] })),
    reasons: [
      ...named.map((reason) => ({ reason: reason.name, calls: where(({ selected }) => Sets.hasNumber(selected, reason.number)) })),
      ...(others.length > 0 || named.length === 0 ? [{ calls: others }] : []),
    ],
  };
}
