/** Finds the functions that are called from outside: by the event loop (protocol callbacks, timers, Secure Streams handlers), as threads, by signals. */
import type { CallGraph, FunctionNode } from "../analysis/call-graph.js";
import type { EntryPoint } from "../analysis/contexts.js";
import type { FileFacts, FunctionFacts } from "../analysis/facts.js";
import type { Value } from "../analysis/value.js";
import * as Sets from "../analysis/value-set.js";
import type { Span } from "../source/span.js";
import { CALLBACK_FIELDS, CONNECTION_TYPE, PROTOCOL_TABLES, REASON_TYPE, rolesOf } from "./api/index.js";
import { findOutsideEntries } from "./outside-entries.js";

export type EntryKind = "protocol" | "timer" | "ss" | "thread" | "signal";

/** Whether the event loop calls it, so that what it reaches runs inside a callback. */
export const isLoopEntry = ({ kind }: Pick<LwsEntryPoint, "kind">): boolean => kind !== "thread" && kind !== "signal";

/** Where libwebsockets is told about the function. */
export interface Registration {
  readonly file: string;
  readonly span: Span;
}

export interface LwsEntryPoint extends EntryPoint {
  readonly kind: EntryKind;
  /** Index of the parameter that is the connection; absent for timers and Secure Streams handlers. */
  readonly wsi?: number;
  /** Index of the per-session data. */
  readonly user?: number;
  readonly registration?: Registration;
}

/**
 * Whether what the function returns certainly goes to the library: it is registered, or has the parameters of a callback, all of them.
 * A function that merely takes a reason may be called by anybody.
 */
export const returnsToLibrary = ({ kind, node, registration }: LwsEntryPoint): boolean =>
  kind === "protocol" && (registration !== undefined || node.facts.params.length >= 5);

const SS_STATE_TYPE = /\blws_ss_constate_t\b/;
const SS_RETURN_TYPE = /\blws_ss_state_return_t\b/;

/** Position of the reason and the connection among the parameters, by type; 1.x callbacks have the context first. */
export function callbackShape(facts: FunctionFacts): { readonly wsi: number; readonly reason: number } | undefined {
  const reason = facts.params.findIndex((param) => param.pointer === 0 && REASON_TYPE.test(param.type));
  const wsi = facts.params.findIndex((param) => param.pointer === 1 && CONNECTION_TYPE.test(param.type));
  return reason > 0 && wsi >= 0 ? { wsi, reason } : undefined;
}

export interface EntryOptions {
  /** Functions the user names as protocol callbacks. */
  readonly callbacks: readonly string[];
  /** Functions the user names as threads. */
  readonly threadEntries?: readonly string[];
}

export function findEntryPoints(graph: CallGraph, options: EntryOptions): readonly LwsEntryPoint[] {
  const entries = new Map<FunctionNode, LwsEntryPoint>();
  const addressTaken = new Set<FunctionNode>();
  const add = (node: FunctionNode, kind: LoopEntry, registration: Registration | undefined): void => {
    const known = entries.get(node);
    if (known && (known.registration || !registration)) return;
    const shape = kind === "protocol" ? (callbackShape(node.facts) ?? registeredShape(node.facts)) : undefined;
    if (kind === "protocol" && !shape) return;
    entries.set(node, {
      kind,
      node,
      ...(shape && { selector: shape.reason, wsi: shape.wsi, user: shape.reason + 1, selectorValues: Sets.ALL }),
      ...(registration && { registration }),
    });
  };
  for (const file of graph.files) {
    const uses = graph.derived(usesOf, file);
    for (const node of uses.addressTaken) addressTaken.add(node);
    for (const { node, kind, registration } of uses.registered) add(node, kind, registration);
  }
  for (const file of graph.files) {
    const signatures = graph.derived(signaturesOf, file);
    for (const node of options.callbacks.length === 0 ? signatures.keys() : graph.nodesOf(file)) {
      if (entries.has(node) || node.facts.isMacro) continue;
      if (options.callbacks.includes(node.facts.name)) add(node, "protocol", undefined);
      // By signature alone: functions nobody calls directly, or whose address goes somewhere out of sight.
      else if (signatures.has(node) && (addressTaken.has(node) || graph.callersOf(node).length === 0)) add(node, signatures.get(node)!, undefined);
    }
  }
  // A function can be both a callback and a thread; it is then two entry points.
  return [...entries.values(), ...findOutsideEntries(graph, options.threadEntries ?? []).values()];
}

type LoopEntry = "protocol" | "timer" | "ss";

/** What a file does with functions. */
interface Uses {
  /** Functions that look like callbacks, and whose address goes somewhere. */
  readonly addressTaken: ReadonlySet<FunctionNode>;
  readonly registered: readonly { readonly node: FunctionNode; readonly kind: LoopEntry; readonly registration: Registration }[];
}

function usesOf(file: FileFacts, graph: CallGraph): Uses {
  const addressTaken = new Set<FunctionNode>();
  const registered: { readonly node: FunctionNode; readonly kind: LoopEntry; readonly registration: Registration }[] = [];
  const noteAddress = (value: Value): void => {
    const isNamed = value.kind === "entity" || value.kind === "address" || value.kind === "any" || (value.kind === "field" && value.memberOf !== undefined);
    if (!isNamed) return;
    for (const node of graph.functionsOf(file, value)) if (signatureOf(node.facts)) addressTaken.add(node);
  };
  const register = (value: Value, kind: (typeof CALLBACK_FIELDS)[number]["calledAs"], span: Span): void => {
    if (kind !== "protocol" && kind !== "timer" && kind !== "ss") return;
    for (const node of graph.functionsOf(file, value)) {
      if (node.facts.isMacro || node.facts.params.length === 0) continue;
      registered.push({ node, kind, registration: { file: file.path, span } });
    }
  };

  for (const aggregate of file.aggregates) {
    for (const row of aggregate.rows) {
      for (const field of row.fields) {
        noteAddress(field.value);
        const target = CALLBACK_FIELDS.find((known) => known.struct.includes(aggregate.type) &&
          (field.name !== undefined ? field.name === known.field : field.position !== undefined && field.position === known.index));
        if (target) register(field.value, target.calledAs, field.span);
        // A row that a macro makes: the function among its arguments is the callback.
        else if (PROTOCOL_TABLES.structs.some((name) => name === aggregate.type) && field.name === undefined && field.position === undefined) {
          register(field.value, "protocol", field.span);
        }
      }
    }
  }
  for (const { facts } of graph.nodesOf(file)) {
    for (const store of facts.stores) {
      noteAddress(store.value);
      if (store.target.kind !== "field") continue;
      const { field } = store.target;
      for (const known of CALLBACK_FIELDS) {
        if (known.field !== field) continue;
        const typed = store.objectType !== undefined && known.struct.includes(store.objectType);
        const shaped = known.calledAs === "protocol" && graph.functionsOf(file, store.value).some((one) => callbackShape(one.facts));
        if (typed || shaped) register(store.value, known.calledAs, store.span);
      }
    }
    for (const call of facts.calls) {
      const schedules = call.name === undefined ? undefined : rolesOf(call.name).schedules;
      for (const [index, arg] of call.args.entries()) {
        noteAddress(arg.value);
        if (schedules?.callback === index) register(arg.value, "timer", arg.span);
      }
    }
  }
  return { addressTaken, registered };
}

/** The functions of a file that look like callbacks, by their signatures alone. */
const signaturesOf = (file: FileFacts, graph: CallGraph): ReadonlyMap<FunctionNode, LoopEntry> =>
  new Map(graph.nodesOf(file).flatMap((node) => {
    const kind = signatureOf(node.facts);
    return kind === undefined ? [] : [[node, kind] as const];
  }));

function signatureOf(facts: FunctionFacts): LoopEntry | undefined {
  if (callbackShape(facts)) return "protocol";
  const isHandler = facts.params.some((param) => SS_STATE_TYPE.test(param.type)) || (SS_RETURN_TYPE.test(facts.returnType) && facts.params[0]?.pointer === 1);
  return isHandler ? "ss" : undefined;
}

/** A registered callback whose parameter types say nothing, such as `int reason` or K&R: told by their number. */
function registeredShape(facts: FunctionFacts): { readonly wsi: number; readonly reason: number } | undefined {
  if (facts.params.length === 5) return { wsi: 0, reason: 1 };
  return facts.params.length === 6 ? { wsi: 1, reason: 2 } : undefined;
}
