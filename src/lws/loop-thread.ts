/** Whose thread a loop is, and what no longer needs one. */
import type { FunctionNode } from "../analysis/call-graph.js";
import type { CallFact } from "../analysis/facts.js";
import { apiFunction, rolesOf } from "./api/index.js";
import { JOINS, LOOP_LIKE_NAME, makesLoop } from "./api/threads.js";
import type { LwsEntryPoint } from "./entry-points.js";
import type { Program, ProgramQuestion, Reached } from "./program.js";
import { steps } from "./wording.js";

/** Whether the program shows a loop that another thread can run: callbacks, or the service function itself. */
export const hasLoop = (program: Program): boolean => program.ask(loop, "");

const loop: ProgramQuestion<"", boolean> = { answer: (program) => program.entries.some((entry) => entry.kind === "protocol") || program.hasCallsWith("servicesLoop") };

/** A thread that services a loop or makes a context of its own is the loop's thread; so may be one that goes where nobody can see. */
export function runsLoop(program: Program, entry: LwsEntryPoint, reached: readonly Reached[]): boolean {
  if (reached.some(({ call }) => rolesOf(call.name!).servicesLoop !== undefined || makesLoop(call.name!))) return true;
  return callsIn(program, entry.node).some(({ call, targets }) => {
    const name = call.name ?? call.receiver?.field;
    return targets.length === 0 && name !== undefined && apiFunction(name) === undefined && LOOP_LIKE_NAME.test(name);
  });
}

/**
 * Whether something is reached through a pointer, or a method that is overridden, of which other targets do not lead to the library: which of them is
 * meant, nobody knows.
 *
 * @param all What the same entry point reaches.
 */
export function isOneOfSeveral(program: Program, reached: Reached, all: readonly Reached[]): boolean {
  const path = steps(reached);
  return path.slice(0, -1).some(({ node, call }) => {
    if (call.name !== undefined) return false;
    const targets = program.graph.targetsOf(node, call, call.target);
    if (targets.length < 2 || targets.some(({ where }) => where)) return false;
    const led = new Set(all.flatMap((other) => {
      const way = steps(other);
      return way.flatMap((step, i) => (step.node === node && step.call === call && way[i + 1] ? [way[i + 1]!.node] : []));
    }));
    return led.size < new Set(targets.map((target) => target.node)).size;
  });
}

/** Whether what is reached ends something after a thread was joined: the loop's thread is gone then. */
export function isAfterJoin(program: Program, reached: Reached): boolean {
  const name = reached.call.name!;
  if (!rolesOf(name).destroysContext && !name.endsWith("_destroy")) return false;
  return steps(reached).some(({ node, call }) =>
    node.facts.calls.some((other) => other.span.end <= call.span.start && leadsToJoin(program, node, other)));
}

/** Whether a call comes back when another thread has ended. */
export const joins = ({ name, receiver }: CallFact): boolean => JOINS.has(name ?? receiver?.field ?? "");

/** The same, or whether one of the functions does that it enters. */
export const leadsToJoin = (program: Program, node: FunctionNode, call: CallFact): boolean =>
  joins(call) || program.graph.targetsOf(node, call, call.target).some((target) => callsIn(program, target.node).some((inner) => joins(inner.call)));

/** All calls that a function leads to, with the functions of the project that they enter. */
export function callsIn(program: Program, start: FunctionNode): { readonly call: CallFact; readonly targets: readonly FunctionNode[] }[] {
  const found: { call: CallFact; targets: readonly FunctionNode[] }[] = [];
  const seen = new Set([start]);
  for (const node of seen) {
    for (const call of node.facts.calls) {
      const targets = program.graph.targetsOf(node, call, call.target).map((target) => target.node);
      for (const target of targets) seen.add(target);
      found.push({ call, targets });
    }
  }
  return found;
}
