/** Calls that read an argument up to a zero, and stores that put a zero behind what a callback is given. */
import type { CallGraph, FunctionNode } from "../analysis/call-graph.js";
import type { CallFact, FileFacts, StoreFact } from "../analysis/facts.js";
import type { Value } from "../analysis/value.js";
import { FORMATS, READS_TEXT, STRING_CLASSES } from "./api/index.js";
import type { LwsEntryPoint } from "./entry-points.js";
import type { FileInProgram, Program, ProgramQuestion } from "./program.js";
import { isLibraryCall } from "./program-index.js";
import { reachedFrom, type ReachedPlace } from "./reached.js";
import { isInput } from "./received.js";

/** A call and the arguments that it reads up to a zero; with a conversion of its format where that says so. */
export interface TextRead {
  readonly node: FunctionNode;
  readonly call: CallFact;
  readonly argument: number;
  /** Offset of the `s` of `%s` in the file. */
  readonly conversion?: number;
}

/** Where a file may read what it was given up to a zero. Formats are read only when it is asked: their text is no part of the facts. */
const callsOf = (file: FileFacts, graph: CallGraph): readonly { readonly node: FunctionNode; readonly call: CallFact }[] =>
  graph.nodesOf(file).flatMap((node) => node.facts.isMacro ? [] : node.facts.calls.flatMap((call) => {
    const { name } = call;
    if (name === undefined) return [];
    const isMeant = STRING_CLASSES.has(name) ? call.args.length === 1 : (READS_TEXT.has(name) || FORMATS.has(name)) && isLibraryCall(graph, node, call);
    return isMeant ? [{ node, call }] : [];
  }));

export function* textReads({ program, facts }: FileInProgram): Generator<TextRead> {
  for (const { node, call } of program.graph.derived(callsOf, facts)) {
    const name = call.name!;
    if (STRING_CLASSES.has(name)) yield { node, call, argument: 0 };
    for (const argument of READS_TEXT.get(name) ?? []) yield { node, call, argument };
    const format = FORMATS.get(name);
    if (format === undefined || call.args.slice(format + 1).every(({ value }) => !mayBeParameter(value))) continue;
    for (const { argument, conversion } of conversionsOf(program, node, call, format)) yield { node, call, argument, conversion };
  }
}

/** What is not given by the caller, in whole or in part, is not the callback's data either. */
function mayBeParameter(value: Value): boolean {
  switch (value.kind) {
    case "param": return true;
    case "offset": return mayBeParameter(value.base);
    case "address": return value.of.kind === "element" && mayBeParameter(value.of.base);
    default: return false;
  }
}

/** The `%s` of a format that is written out where the call is: which argument each reads. A length in it (`%.*s`) limits what is read. */
function conversionsOf(program: Program, node: FunctionNode, call: CallFact, format: number): readonly { readonly argument: number; readonly conversion: number }[] {
  const { span } = call.args[format] ?? call;
  const text = program.text(node.file.path, span);
  // Names between the literals are macros: those of <inttypes.h> have no conversion of their own in them.
  if (!/^(?:\s*(?:"(?:[^"\\]|\\[^])*"|PRI\w+))+\s*$/.test(text)) return [];
  const found: { argument: number; conversion: number }[] = [];
  let argument = format + 1;
  for (const match of text.matchAll(/%%|%[-+ #0]*(\*|\d+)?(\.\*|\.\d*)?(?:hh|h|ll|l|q|j|z|t|L)?([a-zA-Z]|"\s*PRI\w+)/g)) {
    if (match[0] === "%%") continue;
    if (match[1] === "*") argument++;
    if (match[2] === ".*") argument++;
    if (match[3] === "s" && match[2] === undefined) found.push({ argument, conversion: span.start + match.index + match[0].length - 1 });
    argument++;
  }
  return found;
}

/** Stores of a zero into what a callback is given, with the ways that lead there, in a file. */
export const terminations = ({ program, nodes }: FileInProgram): readonly Termination[] => nodes.flatMap((node) => terminationsIn(program, node));

interface Termination {
  readonly node: FunctionNode;
  readonly store: StoreFact;
  readonly way: ReachedPlace;
}

const terminationsIn = (program: Program, node: FunctionNode): readonly Termination[] =>
  node.facts.stores.flatMap((store) => {
    const { target, value } = store;
    if (target.kind !== "element" || value.kind !== "number" || value.value !== 0) return [];
    return reachedFrom(program, node, store.guard).filter((way) => isInput(way.entry, target.base, way.args)).map((way) => ({ node, store, way }));
  });

/** Whether a callback puts a zero into what it is given. */
export const terminates = (program: Program, entry: LwsEntryPoint): boolean => program.ask(terminating, entry);

const terminating: ProgramQuestion<LwsEntryPoint, boolean> = {
  answer: (program, entry) => [...program.functionsReachedFrom(entry)].some((node) => terminationsIn(program, node).some(({ way }) => way.entry === entry)),
};
