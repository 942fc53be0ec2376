/** Messages that are written in parts: what of them a program writes, and what a function has written before. */
import type { CallGraph, FunctionNode } from "../analysis/call-graph.js";
import type { CallFact, FileFacts } from "../analysis/facts.js";
import { byName, type ByName } from "../analysis/name-index.js";
import { keyOf } from "../analysis/value.js";
import { rolesOf } from "./api/index.js";
import type { ApiCall } from "./api-calls.js";
import type { Program } from "./program.js";
import { isLibraryCall } from "./program-index.js";
import { partOf, type MessagePart } from "./written.js";

const partOfCall = (call: CallFact): ReturnType<typeof partOf> => partOf(call.name!, call.args.map(({ value }) => value));

/** `begun`: a write that begins a message and leaves it open; `ended`: one that ends what another began; `unknown`: one that may be anything. */
const partsIn = (file: FileFacts, graph: CallGraph): ByName<true> =>
  byName(graph.nodesOf(file).flatMap((node) => node.facts.calls.flatMap((call): readonly (readonly [string, true])[] => {
    if (call.name === undefined || !rolesOf(call.name).writes || !isLibraryCall(graph, node, call)) return [];
    const part = partOfCall(call);
    if (part === undefined) return [["unknown", true]];
    if (part === "none" || part.begins === part.ends) return [];
    return [[part.begins ? "begun" : "ended", true]];
  })));

/** Whether some write of the program begins a message without ending it, or ends one that it did not begin; yes where writes cannot be told. */
export const mayWrite = (program: Program, what: "begun" | "ended"): boolean => {
  const parts = program.named(partsIn);
  return parts.has(what) || parts.has("unknown");
};

/** The part that a call writes, where all its variants agree. */
export function partWritten({ variants }: ApiCall): MessagePart | undefined {
  const parts = variants.map(partOfCall);
  const [first] = parts;
  if (first === undefined || first === "none" || variants.some(({ uncertain }) => uncertain)) return undefined;
  return parts.every((one) => one !== "none" && one?.begins === first.begins && one.ends === first.ends) ? first : undefined;
}

/**
 * The write to the same connection that lies before on every path, or comes round in a loop, where all that lie before leave their message open (or all end it): then so does the last
 * of them, whichever that is.
 */
export function writtenBefore(program: Program, { node, variants }: ApiCall): { readonly call: CallFact; readonly isOpen: boolean } | undefined {
  const found = variants.map((call) => before(program, node, call));
  const [first] = found;
  return first && found.every((one) => one?.isOpen === first.isOpen) ? first : undefined;
}

function before(program: Program, node: FunctionNode, call: CallFact): { readonly call: CallFact; readonly isOpen: boolean } | undefined {
  const { flow } = call;
  const target = connectionOf(call);
  if (!flow || target === undefined) return undefined;
  const isLoop = flow.before.includes(call.span.start);
  const states = new Map<number, boolean>();
  for (const site of flow.before) {
    const other = program.callAt(node, site);
    if (!other?.name || !rolesOf(other.name).writes) continue;
    const part = partOfCall(other);
    const key = connectionOf(other);
    if (part === undefined || key === undefined) return undefined;
    if (part !== "none" && key === target) states.set(site, !part.ends);
  }
  const sure = flow.always.filter((site) => states.has(site)).at(-1) ?? (isLoop && call.span.start);
  const isOpen = sure === false ? undefined : states.get(sure);
  if (sure === false || isOpen === undefined || [...states.values()].some((one) => one !== isOpen)) return undefined;
  // What another function writes in between is not known here.
  const from = isLoop ? node.facts.span.start : sure;
  const isOwn = (other: CallFact): boolean => other.name === undefined || program.graph.targetsOf(node, other, other.target).length > 0;
  if (node.facts.calls.some((other) => other.span.start > from && (isLoop || other.span.start < call.span.start) && isOwn(other))) return undefined;
  return { call: program.callAt(node, sure)!, isOpen };
}

/** The connection that is written to, where it is the same one all through the function: a parameter, or what is kept in one. */
function connectionOf(call: CallFact): string | undefined {
  const role = rolesOf(call.name!).writes!;
  const value = call.args[role.wsi]?.value;
  return value?.kind === "param" || value?.kind === "field" ? keyOf(value) : undefined;
}
