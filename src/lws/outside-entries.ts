/** Finds the functions that run beside the event loop: what is started as a thread, and what is registered as a signal handler. */
import type { CallGraph, FunctionNode } from "../analysis/call-graph.js";
import type { CallFact, FileFacts } from "../analysis/facts.js";
import type { Value } from "../analysis/value.js";
import type { Span } from "../source/span.js";
import { CALLBACK_FIELDS, rolesOf } from "./api/index.js";
import { THREAD_BASES, THREAD_CLASSES, THREAD_STARTERS, THREAD_STARTER_NAME } from "./api/threads.js";
import type { LwsEntryPoint } from "./entry-points.js";

type Outside = "thread" | "signal";

/** By function. One that the user names is a thread without having been seen to be started. */
export function findOutsideEntries(graph: CallGraph, threadEntries: readonly string[]): ReadonlyMap<FunctionNode, LwsEntryPoint> {
  const entries = new Map<FunctionNode, LwsEntryPoint>();
  const add = ({ from, kind, args }: Start): void => {
    for (const { value, span } of args) {
      const found = graph.functionsHeld(from, value).filter(({ node, isOperator }) => !node.facts.isMacro && (isOperator ?? isTheOne(graph, from, node)));
      for (const { node, passed } of found) if (!entries.has(node)) entries.set(node, { kind, node, registration: passed ?? { file: from.file.path, span } });
      if (found.length > 0) return;
    }
  };
  for (const file of graph.files) for (const start of graph.derived(startsOf, file).code) add(start);
  for (const file of graph.files) for (const start of graph.derived(startsOf, file).tables) add(start);
  for (const one of graph.classes.all) {
    for (const [base, method] of Object.entries(THREAD_BASES)) {
      if (!graph.classes.derivesFrom(one, (name) => name === base)) continue;
      for (const node of one.definitions.get(method) ?? []) {
        if (node.facts.params.length === 0 && !entries.has(node)) entries.set(node, { kind: "thread", node, registration: { file: node.file.path, span: node.facts.nameSpan } });
      }
    }
  }
  for (const node of threadEntries.length === 0 ? [] : graph.nodes) {
    if (threadEntries.includes(node.facts.name) && !node.facts.isMacro && !entries.has(node)) entries.set(node, { kind: "thread", node });
  }
  return entries;
}

/** A place where a thread is started or a handler registered: with the first of the values that is a function. */
interface Start {
  readonly from: FunctionNode;
  readonly kind: Outside;
  readonly args: readonly { readonly value: Value; readonly span: Span }[];
}

function startsOf(file: FileFacts, graph: CallGraph): { readonly code: readonly Start[]; readonly tables: readonly Start[] } {
  const code: Start[] = [];
  for (const from of graph.nodesOf(file)) {
    for (const call of from.facts.calls) {
      const roles = call.name === undefined ? undefined : rolesOf(call.name);
      const isLibrarys = (roles?.handlesSignal !== undefined || roles?.startsThread !== undefined) && !graph.isOwn(from, call);
      const handler = isLibrarys && roles.handlesSignal ? call.args[roles.handlesSignal.handler] : undefined;
      if (handler) code.push({ from, kind: "signal", args: [handler] });
      const started = isLibrarys && roles.startsThread ? call.args[roles.startsThread.entry] : undefined;
      if (started) code.push({ from, kind: "thread", args: [started] });
      else if (isThreadObject(graph, from, call)) code.push({ from, kind: "thread", args: call.args });
      else if (isNamedStarter(graph, from, call)) {
        for (const arg of call.args) if (graph.functionsOf(file, arg.value).some(takesOnePointer)) code.push({ from, kind: "thread", args: [arg] });
      }
    }
    for (const { target, objectType, objectRef, value, span } of from.facts.stores) {
      if (target.kind !== "field") continue;
      // `thread_(f)` before the body of a constructor.
      if (objectRef && THREAD_CLASSES.test(graph.fieldType(from, target.field, objectRef) ?? "")) code.push({ from, kind: "thread", args: [{ value, span }] });
      // `sa_handler` is used for nothing else, so a type that is out of sight does no harm.
      const known = FIELDS.find((one) => one.field === target.field && (objectType === undefined ? one.calledAs === "signal" : one.struct.includes(objectType)));
      if (known) code.push({ from, kind: known.calledAs, args: [{ value, span }] });
    }
  }
  const tables: Start[] = [];
  for (const { type, rows, inFunction } of file.aggregates) {
    const from = graph.nodesOf(file).find(({ facts }) => inFunction === undefined || facts.name === inFunction);
    if (!from) continue;
    for (const { name, position, of = type, value, span } of rows.flatMap((row) => row.fields)) {
      if (THREAD_CLASSES.test(type) && position === 0) tables.push({ from, kind: "thread", args: [{ value, span }] });
      // Without a name and a position it stands in braces of its own: the union of handlers in `struct sigaction`.
      const known = FIELDS.find((one) => (name === undefined
        ? one.struct.includes(of) && one.index !== undefined && (position ?? one.index) === one.index
        : one.field === name && (one.calledAs === "signal" || one.struct.includes(of))));
      if (known) tables.push({ from, kind: known.calledAs, args: [{ value, span }] });
    }
  }
  return { code, tables };
}

const FIELDS = CALLBACK_FIELDS.flatMap((known) => (known.calledAs === "signal" || known.calledAs === "thread" ? [{ ...known, calledAs: known.calledAs }] : []));

/** `std::thread(f)`, `std::async(f)`, `threads.emplace_back(f)`: the function is the first argument that is one. */
function isThreadObject(graph: CallGraph, node: FunctionNode, { name, qualifier, target, receiver, makes }: CallFact): boolean {
  if (node.file.language !== "cpp") return false;
  if (makes !== undefined) return THREAD_CLASSES.test(makes);
  if (receiver) return /^(?:emplace|push)(?:_back|_front)?$/.test(receiver.field) && THREAD_CLASSES.test(receiver.type ?? "");
  if (name !== undefined && THREAD_STARTERS.has(qualifier === undefined ? name : `${qualifier.split("::")[0]!}::${name}`)) return true;
  // `thread_(f, x)` before the body of a constructor; an object of this type is never called.
  const field = target?.kind === "field" ? target.field : qualifier === undefined ? name : undefined;
  return field !== undefined && node.facts.className !== undefined && THREAD_CLASSES.test(graph.fieldType(node, field) ?? "");
}

/** A function nobody shows that is named as one that starts a thread: the project's or a framework's wrapper. */
const isNamedStarter = (graph: CallGraph, node: FunctionNode, { name }: CallFact): boolean =>
  name !== undefined && THREAD_STARTER_NAME.test(name) && graph.byName(node.file, name) === undefined;

/** Methods of several classes have the same name: only that of the caller's own class is meant for sure. */
const isTheOne = (graph: CallGraph, from: FunctionNode, { file, facts }: FunctionNode): boolean =>
  facts.qualifier === undefined || facts.qualifier === from.facts.qualifier ||
  graph.nodesOf(file).every((other) => other.facts.name !== facts.name || other.facts.qualifier === facts.qualifier);

const takesOnePointer = ({ facts }: FunctionNode): boolean => facts.params.length === 1 && facts.params[0]!.pointer > 0;
