/**
 * What the main thread does while another one runs the event loop: calls that stand behind the start of that thread, in `main()` or in a function that
 * it starts the thread with.
 */
import type { FunctionNode } from "../analysis/call-graph.js";
import { admit, callIn, contextsOf, entryContext, type Context } from "../analysis/contexts.js";
import type { CallFact } from "../analysis/facts.js";
import { rolesOf } from "./api/index.js";
import { isLoopBound, makesLoop } from "./api/threads.js";
import type { LwsEntryPoint } from "./entry-points.js";
import { joins, leadsToJoin } from "./loop-thread.js";
import { isLibraryCall } from "./program-index.js";
import type { FileInProgram, Program, ProgramQuestion, Reached } from "./program.js";
import { leadsOn, startOf } from "./shared-loop.js";

export interface WhileLoopRuns {
  readonly reached: Reached;
  /** The thread that runs the loop. */
  readonly thread: LwsEntryPoint;
}

const MAX_CONTEXTS = 400;

/** Silent where the program makes several contexts, where the main thread services one itself, behind a join, and where the thread is started on one branch only. */
export function callsWhileLoopRuns(file: FileInProgram): readonly WhileLoopRuns[] {
  const { program } = file;
  const found: WhileLoopRuns[] = [];
  for (const [thread, reached] of file.callsOutsideLoop("thread")) {
    if (!reached.some(({ call }) => rolesOf(call.name!).servicesLoop !== undefined) || !program.ask(makesOne, "")) continue;
    const start = startOf(program, thread);
    if (!start) continue;
    const starting = startingCalls(program, start);
    for (const node of fromMain(program, starting)) {
      for (const call of starting.get(node) ?? []) found.push(...behind(program, node, call, thread));
    }
  }
  return found;
}

const makesOne: ProgramQuestion<"", boolean> = { answer: (program) => program.everyCallWith("createsContext").length === 1 };

type Starting = ReadonlyMap<FunctionNode, ReadonlySet<CallFact>>;

/** By function: its calls that start the thread, itself or further down. A function that joins it again starts nothing for its callers. */
function startingCalls(program: Program, start: { readonly call: CallFact; readonly within: FunctionNode }): Starting {
  const found = new Map<FunctionNode, Set<CallFact>>([[start.within, new Set([start.call])]]);
  for (const [node, calls] of found) {
    if ([...calls].some((call) => node.facts.calls.some((other) => other.span.start > call.span.start && leadsToJoin(program, node, other)))) continue;
    for (const { node: caller, call } of program.graph.callersOf(node)) {
      const known = found.get(caller);
      if (known) known.add(call);
      else found.set(caller, new Set([call]));
    }
  }
  return found;
}

/** The functions that lead from `main()` to the start. */
function fromMain(program: Program, starting: Starting): ReadonlySet<FunctionNode> {
  const mains = [...starting.keys()].filter(({ facts }) => facts.name === "main" && facts.className === undefined && !facts.isMacro);
  const found = new Set(mains);
  for (const node of found) {
    for (const call of starting.get(node)!) {
      for (const { node: target } of program.graph.targetsOf(node, call, call.target)) if (starting.has(target)) found.add(target);
    }
  }
  return found;
}

/** Library calls that a function leads to behind the call that starts the thread. */
function behind(program: Program, node: FunctionNode, start: CallFact, thread: LwsEntryPoint): WhileLoopRuns[] {
  const entry: LwsEntryPoint = { kind: "thread", node };
  const found: Reached[] = [];
  for (const call of node.facts.calls) {
    if (call.span.start < start.span.end) continue;
    if (leadsToJoin(program, node, call)) break;
    if (!leadsOn(program.text(node.file.path, { start: start.span.end, end: call.span.start }), true)) continue;
    const reached = reachedBy(program, entryContext(entry), call);
    if (!reached) return [];
    found.push(...reached);
  }
  return found.map((reached) => ({ reached, thread }));
}

/** Library calls that a call leads to; `undefined` where one of them runs a loop, or more can be reached than is looked at. */
function reachedBy(program: Program, from: Context, call: CallFact): readonly Reached[] | undefined {
  const found: Reached[] = [];
  const seen = new Set<FunctionNode>();
  const queue: { readonly context: Context; readonly calls: readonly CallFact[] }[] = [{ context: from, calls: [call] }];
  for (const { context, calls } of queue) {
    if (queue.length > MAX_CONTEXTS) return undefined;
    for (const one of calls) {
      const selected = admit(one.guard, context);
      if (!selected) continue;
      if (joins(one)) break;
      if (one.name !== undefined && isLibraryCall(program.graph, context.node, one)) {
        if (rolesOf(one.name).servicesLoop !== undefined || makesLoop(one.name)) return undefined;
        const isEnd = rolesOf(one.name).destroysContext !== undefined || one.name.endsWith("_destroy");
        if (isLoopBound(one.name) && !isEnd && !one.uncertain) found.push(callIn(context, one, selected) as Reached);
        continue;
      }
      const targets = contextsOf(program.graph, context, one);
      // One of several: nobody knows which.
      if (targets.length !== 1 || seen.has(targets[0]!.node)) continue;
      seen.add(targets[0]!.node);
      queue.push({ context: targets[0]!, calls: targets[0]!.node.facts.calls });
    }
  }
  return found;
}
