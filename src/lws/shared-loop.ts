/** Two threads that run the event loop of one context: it has one service thread, or one for each `tsi`. */
import type { FunctionNode } from "../analysis/call-graph.js";
import type { CallFact } from "../analysis/facts.js";
import { deref, field, keyOf, optionsOf, type Value } from "../analysis/value.js";
import { code, functionName, steps } from "./wording.js";
import { rolesOf } from "./api/index.js";
import { JOINS } from "./api/threads.js";
import type { LwsEntryPoint } from "./entry-points.js";
import type { FileInProgram, Program, ProgramQuestion, Reached } from "./program.js";

export interface SharedLoop {
  readonly reached: Reached;
  /** What else runs the same loop, in words. */
  readonly other: string;
}

interface Service {
  readonly entry: LwsEntryPoint;
  readonly reached: Reached;
  readonly context: string;
}

/**
 * Calls by which threads service a context that another thread services as well. The context has to be the same object by name, both threads
 * have to be started on one way through one function, and none may be waited for before the other one starts.
 */
export function sharedLoops({ program, facts }: FileInProgram): readonly SharedLoop[] {
  const services = program.ask(servicesOfThreads, "");
  return services.filter(({ entry }) => entry.node.file === facts).flatMap((one) => {
    if (isStartedOften(program, one.entry)) return [{ reached: one.reached, other: `${functionName(one.entry.node)} is started more than once` }];
    const rival = services.find((other) => other.entry !== one.entry && other.context === one.context && startTogether(program, other.entry, one.entry));
    return rival ? [{ reached: one.reached, other: `the thread of ${functionName(rival.entry.node)} services it as well` }] : [];
  });
}

/** Calls by which threads service a context that has a name. */
const servicesOfThreads: ProgramQuestion<"", readonly Service[]> = {
  answer: servicesIn,
  isSame: (a, b) => a.length === b.length && a.every((one, i) => one.reached === b[i]!.reached && one.context === b[i]!.context),
};

function servicesIn(program: Program): readonly Service[] {
  const services: Service[] = [];
  for (const entry of program.entries) {
    if (entry.kind !== "thread") continue;
    const all = program.libraryCallsFrom(entry);
    // A thread that makes a context may well service that one.
    if (all.some(({ call }) => rolesOf(call.name!).createsContext)) continue;
    for (const reached of all) {
      const role = rolesOf(reached.call.name!).servicesLoop;
      if (role?.context === undefined || reached.uncertain || !WITHOUT_INDEX.test(reached.call.name!)) continue;
      const context = nameOf(program, reached.args[role.context], reached);
      if (context !== undefined) services.push({ entry, reached, context });
    }
  }
  return services;
}

/** Not `lws_service_tsi()`: each index has a loop of its own. */
const WITHOUT_INDEX = /^(?:lws|libwebsocket)_service$/;

/** What a context is called everywhere: a global, a member of one, a member of what a function without arguments gives. */
function nameOf(program: Program, value: Value | undefined, reached: Reached): string | undefined {
  const named = value && resolved(program, value, reached);
  return named && isGlobal(named) ? keyOf(named) : undefined;
}

function resolved(program: Program, value: Value, reached: Reached): Value | undefined {
  switch (value.kind) {
    case "entity": return value;
    case "address": {
      const of = resolved(program, value.of, reached);
      return of && { kind: "address", of };
    }
    case "field": {
      const base = resolved(program, value.base, reached);
      return base && field(base, value.field);
    }
    case "deref": {
      const base = resolved(program, value.base, reached);
      return base && deref(base);
    }
    case "result": {
      if (value.args.length > 0) return undefined;
      for (const { node } of steps(reached)) {
        const call = program.callAt(node, value.site);
        if (call === undefined) continue;
        const given = program.graph.namedTargets(node, call).flatMap(({ facts }) => facts.returns.map((one) => one.value));
        const [first] = given;
        return first?.kind === "entity" && given.every((one) => one !== undefined && optionsOf(one).length === 1 && keyOf(one) === keyOf(first)) ? first : undefined;
      }
      return undefined;
    }
    default: return undefined;
  }
}

const isGlobal = (value: Value): boolean =>
  value.kind === "entity" || ((value.kind === "field" || value.kind === "deref") && isGlobal(value.base)) || (value.kind === "address" && isGlobal(value.of));

/** The call that starts a thread, and where it stands. */
export function startOf(program: Program, { registration }: LwsEntryPoint): { readonly call: CallFact; readonly within: FunctionNode } | undefined {
  if (!registration) return undefined;
  const file = program.fileAt(registration.file);
  for (const node of file ? program.graph.nodesOf(file) : []) {
    const call = node.facts.calls.find(({ args }) => args.some(({ span }) => span.start === registration.span.start));
    if (call) return { call, within: node };
  }
  return undefined;
}

function isStartedOften(program: Program, entry: LwsEntryPoint): boolean {
  const start = startOf(program, entry);
  const loop = start?.call.loop === undefined ? undefined : start.within.facts.loops[start.call.loop];
  // A loop that waits for the thread, or that leaves after one round, has one at a time.
  return start !== undefined && loop !== undefined && !loop.calls.some((name) => JOINS.has(name)) && !/\b(?:break|return|goto|join)\b/.test(program.text(start.within.file.path, loop.span));
}

/** Whether both are started one after the other: what stands between is neither another branch nor a wait. */
function startTogether(program: Program, one: LwsEntryPoint, other: LwsEntryPoint): boolean {
  const a = startOf(program, one);
  const b = startOf(program, other);
  if (!a || a.within !== b?.within) return false;
  const [first, second] = a.call.span.start < b.call.span.start ? [a, b] : [b, a];
  return leadsOn(program.text(first.within.file.path, { start: first.call.span.end, end: second.call.span.start }));
}

/**
 * Whether what stands between two calls goes on from the first to the second: no other branch, no wait, and nothing that leaves but on a failure.
 *
 * @param always The first one is on every way to the second.
 */
export function leadsOn(text: string, always = false): boolean {
  const plain = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"/g, " ");
  // The rest of the call's own statement: what is done when it fails.
  const behind = plain.replace(/^[^;{}]*(?:\{[^{}]*\}|;)/, "");
  let depth = 0;
  for (const [word] of behind.matchAll(/[{}?]|\w+/g)) {
    if (word === "{") depth++;
    else if (word === "}") {
      if (--depth < 0 && always) return false;
    }
    else if (/^(?:else|case|default|goto|\?)$/.test(word) || JOINS.has(word)) return false;
    else if (depth <= 0 && /^(?:return|break|continue|exit|_exit|abort|throw)$/.test(word)) return false;
  }
  return true;
}

/** What is wrong, for the message. */
export const sharedLoopMessage = ({ reached, other }: SharedLoop): string =>
  `${code(`${reached.call.name!}()`)} is called for one context in more than one thread: ${other}`;
