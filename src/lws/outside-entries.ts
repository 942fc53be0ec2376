/** Finds the functions that run beside the event loop: what is started as a thread, and what is registered as a signal handler. */
import type { CallGraph, FunctionNode } from "../analysis/call-graph.js";
import type { CallFact } from "../analysis/facts.js";
import type { Value } from "../analysis/value.js";
import type { Span } from "../source/span.js";
import { CALLBACK_FIELDS, rolesOf } from "./api/index.js";
import { THREAD_BASES, THREAD_CLASSES, THREAD_STARTERS, THREAD_STARTER_NAME } from "./api/threads.js";
import type { LwsEntryPoint } from "./entry-points.js";

type Outside = "thread" | "signal";

/** By function. One that the user names is a thread without having been seen to be started. */
export function findOutsideEntries(graph: CallGraph, threadEntries: readonly string[]): ReadonlyMap<FunctionNode, LwsEntryPoint> {
  const entries = new Map<FunctionNode, LwsEntryPoint>();
  const add = (from: FunctionNode, kind: Outside, value: Value, span: Span): boolean => {
    const found = graph.functionsHeld(from, value).filter((held) => !held.node.facts.isMacro && isTheOne(graph, from, held.node));
    for (const { node, passed } of found) if (!entries.has(node)) entries.set(node, { kind, node, registration: passed ?? { file: from.file.path, span } });
    return found.length > 0;
  };

  for (const node of graph.nodes) {
    for (const call of node.facts.calls) {
      const roles = call.name === undefined || graph.isOwn(node, call) ? undefined : rolesOf(call.name);
      const handler = roles?.handlesSignal && call.args[roles.handlesSignal.handler];
      if (handler) add(node, "signal", handler.value, handler.span);
      const started = roles?.startsThread && call.args[roles.startsThread.entry];
      if (started) add(node, "thread", started.value, started.span);
      else if (isThreadObject(node, call)) call.args.some((arg) => add(node, "thread", arg.value, arg.span));
      else if (isNamedStarter(graph, node, call)) {
        for (const arg of call.args) if (graph.functionsOf(node.file, arg.value).some(takesOnePointer)) add(node, "thread", arg.value, arg.span);
      }
    }
    for (const store of node.facts.stores) {
      if (store.target.kind !== "field") continue;
      const { field } = store.target;
      // `sa_handler` is used for nothing else, so a type that is out of sight does no harm.
      const known = FIELDS.find((one) => one.field === field && (store.objectType === undefined ? one.calledAs === "signal" : one.struct.includes(store.objectType)));
      if (known) add(node, known.calledAs, store.value, store.span);
    }
  }

  for (const file of graph.files) {
    for (const { type, rows, inFunction } of file.aggregates) {
      const from = graph.nodesOf(file).find(({ facts }) => inFunction === undefined || facts.name === inFunction);
      if (!from) continue;
      for (const { name, position, value, span } of rows.flatMap((row) => row.fields)) {
        if (THREAD_CLASSES.test(type) && position === 0) add(from, "thread", value, span);
        // Without a name and a position it stands in braces of its own: the union of handlers in `struct sigaction`.
        const known = FIELDS.find((one) => one.struct.includes(type) && (name === undefined ? one.index !== undefined && (position ?? one.index) === one.index : one.field === name));
        if (known) add(from, known.calledAs, value, span);
      }
    }
  }
  for (const one of graph.classes.all) {
    for (const [base, method] of Object.entries(THREAD_BASES)) {
      if (!graph.classes.derivesFrom(one, (name) => name === base)) continue;
      for (const node of one.definitions.get(method) ?? []) {
        if (node.facts.params.length === 0 && !entries.has(node)) entries.set(node, { kind: "thread", node, registration: { file: node.file.path, span: node.facts.nameSpan } });
      }
    }
  }
  for (const node of graph.nodes) {
    if (threadEntries.includes(node.facts.name) && !node.facts.isMacro && !entries.has(node)) entries.set(node, { kind: "thread", node });
  }
  return entries;
}

const FIELDS = CALLBACK_FIELDS.flatMap((known) => (known.calledAs === "signal" || known.calledAs === "thread" ? [{ ...known, calledAs: known.calledAs }] : []));

/** `std::thread(f)`, `std::async(f)`, `threads.emplace_back(f)`: the function is the first argument that is one. */
function isThreadObject(node: FunctionNode, { name, qualifier, receiver }: CallFact): boolean {
  if (node.file.language !== "cpp") return false;
  if (receiver) return /^(?:emplace|push)(?:_back|_front)?$/.test(receiver.field) && THREAD_CLASSES.test(receiver.type ?? "");
  return name !== undefined && THREAD_STARTERS.has(qualifier === undefined ? name : `${qualifier.split("::")[0]!}::${name}`);
}

/** A function nobody shows that is named as one that starts a thread: the project's or a framework's wrapper. */
const isNamedStarter = (graph: CallGraph, node: FunctionNode, { name }: CallFact): boolean =>
  name !== undefined && THREAD_STARTER_NAME.test(name) && graph.byName(node.file, name) === undefined;

/** Methods of several classes have the same name: only that of the caller's own class is meant for sure. */
const isTheOne = (graph: CallGraph, from: FunctionNode, { file, facts }: FunctionNode): boolean =>
  facts.qualifier === undefined || facts.qualifier === from.facts.qualifier ||
  graph.nodesOf(file).every((other) => other.facts.name !== facts.name || other.facts.qualifier === facts.qualifier);

const takesOnePointer = ({ facts }: FunctionNode): boolean => facts.params.length === 1 && facts.params[0]!.pointer > 0;
