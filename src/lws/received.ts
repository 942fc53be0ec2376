/** Where what a call is given comes from: whether it is the data that the callback was called with, or a copy of it. */
import type { CallGraph, FunctionNode } from "../analysis/call-graph.js";
import { admit, callIn, type Context } from "../analysis/contexts.js";
import type { CallFact, FileFacts } from "../analysis/facts.js";
import { keyOf, substitute, type Value } from "../analysis/value.js";
import { ADDS, COPIES, GIVES_COPY, KEEPS, PARSING_METHODS, rolesOf, VIEWS } from "./api/index.js";
import type { LwsEntryPoint } from "./entry-points.js";
import type { FileInProgram, Program, Reached } from "./program.js";
import { isLibraryCall } from "./program-index.js";

/** A call that is given data, and the position of the argument. */
export interface DataCall {
  readonly node: FunctionNode;
  readonly call: CallFact;
  readonly data: number;
}

/** The parameters of a callback that are the data and its length. */
export const dataOf = ({ user }: LwsEntryPoint): { readonly data: number; readonly length: number } | undefined =>
  user === undefined ? undefined : { data: user + 1, length: user + 2 };

/** Calls in a file that take an argument for a whole document. */
export const parserCalls = ({ program, facts }: FileInProgram): readonly DataCall[] => program.graph.derived(parsersOf, facts);

const parsersOf = (file: FileFacts, graph: CallGraph): readonly DataCall[] =>
  graph.nodesOf(file).flatMap((node) => node.facts.calls.flatMap((call) => {
    const found = parserOf(graph, node, call);
    return found === undefined ? [] : [{ node, call, data: found }];
  }));

function parserOf(graph: CallGraph, node: FunctionNode, call: CallFact): number | undefined {
  if (call.name !== undefined) {
    const role = rolesOf(call.name).parsesWhole;
    // What is qualified is told by its qualification, wherever it is defined: such parsers come as headers that lie in the project.
    const isMeant = role?.scope ? role.scope.test(call.qualifier ?? "") : call.qualifier === undefined && isLibraryCall(graph, node, call);
    return role && isMeant ? role.data : undefined;
  }
  const method = call.receiver && PARSING_METHODS.get(call.receiver.field);
  return method && (method.type === undefined || method.type.test(call.receiver.type ?? "")) ? method.data : undefined;
}

/** How entry points reach a call, whatever it calls. */
export const waysTo = (program: Program, node: FunctionNode, call: CallFact): readonly Reached[] =>
  program.contextsOf(node).flatMap((context) => {
    const selected = admit(call.guard, context);
    return selected ? [callIn(context, call, selected) as Reached] : [];
  });

/** Whether a value of a function is the data that the callback was given, from its beginning or some byte on; no copy of it. */
export function isInput(entry: LwsEntryPoint, value: Value, args: readonly Value[]): boolean {
  const place = moved(substitute(value, args));
  return place.kind === "param" && place.index === dataOf(entry)?.data;
}

/** Whether an argument is what the callback was given, in whole or from some byte on, or a copy of it. */
export function isReceived(program: Program, { context, entry, call }: Reached, argument: number): boolean {
  const value = call.args[argument]?.value;
  const given = dataOf(entry);
  if (!value || !given) return false;
  const source = unwrapped(substitute(origin(program, context.node, value, call.span.start), context.args));
  return source.kind === "param" && source.index === given.data;
}

const MAX_DEPTH = 5;

/** What a value was made from, with copies undone that the function makes before the offset. */
function origin(program: Program, node: FunctionNode, value: Value, before: number, depth = 0): Value {
  if (depth > MAX_DEPTH) return value;
  const further = (next: Value): Value => origin(program, node, next, before, depth + 1);
  switch (value.kind) {
    case "result": {
      const made = program.callAt(node, value.site);
      if (made?.receiver) return VIEWS.has(made.receiver.field) ? further(made.receiver.value) : value;
      if (rolesOf(value.callee).allocates) return copied(node, value, before, further);
      const from = unwrapped(value);
      return from === value ? value : further(from);
    }
    case "local": return copied(node, value, before, further);
    case "address": return value.of.kind === "local" ? copied(node, value.of, before, further) : inside(value, further);
    default: return inside(value, further);
  }
}

function inside(value: Value, further: (next: Value) => Value): Value {
  const from = unwrapped(value);
  return from === value ? value : further(from);
}

/** The one thing that is copied into an object of the function; the object itself where there is none, or more than one. */
function copied({ facts }: FunctionNode, object: Value, before: number, further: (next: Value) => Value): Value {
  const key = keyOf(object);
  const sources: (Value | undefined)[] = [];
  for (const call of facts.calls) {
    if (call.span.start >= before) continue;
    const role = call.name === undefined ? undefined : COPIES.get(call.name);
    if (role && keyOf(unwrapped(call.args[role.to]?.value ?? object)) === key) sources.push(call.args[role.from]?.value);
    if (call.receiver && ADDS.has(call.receiver.field) && keyOf(call.receiver.value) === key) sources.push(call.args[0]?.value);
  }
  const [only] = sources;
  return sources.length === 1 && only ? further(only) : object;
}

/** A pointer with what moves it forward in its object undone. */
function moved(value: Value): Value {
  if (value.kind === "offset" && value.by >= 0) return moved(value.base);
  return value.kind === "address" && value.of.kind === "element" ? moved(value.of.base) : value;
}

/** The same, with what copies or converts it undone, too. */
function unwrapped(value: Value): Value {
  const pointer = moved(value);
  const from = pointer.kind === "result" ? GIVES_COPY.get(pointer.callee) : undefined;
  const source = pointer.kind === "result" && from !== undefined ? pointer.args[from] : undefined;
  return source ? unwrapped(source) : pointer;
}

/** Whether a callback keeps what it is given somewhere that outlives it. What a parser does inside, where the project brings it along, is its own affair. */
export function keepsReceived(program: Program, entry: LwsEntryPoint): boolean {
  for (const node of new Set(program.contextsFrom(entry).filter((context) => !isInside(program, context)).map((context) => context.node))) {
    for (const call of node.facts.calls) {
      const argument = keptArgument(call);
      if (argument === undefined) continue;
      if (waysTo(program, node, call).some((way) => way.entry === entry && !isInside(program, way.context) && isReceived(program, way, argument))) return true;
    }
  }
  return false;
}

function isInside(program: Program, context: Context): boolean {
  for (let at = context; at.via; at = at.via.caller) {
    const { call, caller } = at.via;
    if (parserOf(program.graph, caller.node, call) !== undefined) return true;
  }
  return false;
}

function keptArgument(call: CallFact): number | undefined {
  if (call.receiver) return ADDS.has(call.receiver.field) && outlives(call.receiver.value) ? 0 : undefined;
  if (call.name === undefined) return undefined;
  const copy = COPIES.get(call.name);
  if (copy) return outlives(call.args[copy.to]?.value) ? copy.from : undefined;
  return KEEPS.get(call.name);
}

/** Whether a place may be there in the next call of the function, too. */
function outlives(place: Value | undefined): boolean {
  if (!place) return true;
  switch (place.kind) {
    case "local": return false;
    case "offset": case "element": return outlives(place.base);
    case "address": return outlives(place.of);
    case "result": return !rolesOf(place.callee).allocates || place.callee === "realloc";
    case "any": return place.options.some(outlives);
    default: return true;
  }
}
