/** Whose connection a value is. */
import type { FunctionNode } from "../analysis/call-graph.js";
import { optionsOf, paramValue, type Value } from "../analysis/value.js";
import { rolesOf } from "./api/index.js";
import { callbackShape } from "./entry-points.js";
import type { Program, ProgramQuestion, Reached } from "./program.js";
import { reasonsIn } from "./reasons.js";

/** Whose connection a value is, seen from one entry point. */
export type Ownership = "own" | "other" | "unknown";

type Seen = Pick<Reached, "entry" | "selected">;

/** Whether a value is the connection the entry's callback was called for. */
export function ownershipOf(program: Program, value: Value, reached: Seen): Ownership {
  const { entry } = reached;
  const answers = optionsOf(program.expand(value, entry.node.file)).map((option) => ofOne(program, option, reached));
  return answers.every((answer) => answer === "own") ? "own" : answers.every((answer) => answer === "other") ? "other" : "unknown";
}

function ofOne(program: Program, value: Value, reached: Seen): Ownership {
  const { entry } = reached;
  if (value.kind === "param") return value.index === entry.wsi ? "own" : "unknown";
  if (value.kind === "result") {
    const roles = rolesOf(value.callee);
    return roles.otherConnectionOf || roles.opensConnection ? "other" : "unknown";
  }
  if (value.kind === "entity") return isOnlyConnection(program, value.name, reached) ? "own" : "unknown";
  if (value.kind !== "field" || entry.user === undefined || entry.wsi === undefined) return "unknown";
  if (value.base.kind === "result" && rolesOf(value.base.callee).applicationOf) return isOnlyConnection(program, value.field, reached) ? "own" : "unknown";
  const seen = withSession(value, { wsi: entry.wsi, reason: entry.user - 1 });
  return seen.kind === "field" && isSessionField(program, seen, reached) ? "own" : "unknown";
}

/** Something other than nothing that is kept under a name. */
interface Keeping {
  /** A callback's own connection, below its session's data. */
  readonly isOwn: boolean;
  /** The connection of the callback that keeps it, wherever. */
  readonly isCallers: boolean;
  /** What connecting gave. */
  readonly isNew: boolean;
  /** The callback that keeps it. */
  readonly callback: FunctionNode | undefined;
}

interface KeptUnder {
  readonly all: readonly Keeping[];
  /** The library is asked to keep a new connection there. */
  readonly isConnectTarget: boolean;
}

const isSameKeeping = (a: Keeping, b: Keeping): boolean => a.isOwn === b.isOwn && a.isCallers === b.isCallers && a.isNew === b.isNew && a.callback === b.callback;

/** What is kept under a name. Asked for nearly every connection that is not a parameter, of names that are much the same everywhere. */
const keptUnder: ProgramQuestion<string, KeptUnder> = {
  answer: (program, name) => ({
    isConnectTarget: program.isConnectTarget(name),
    all: program.storesTo(name).filter(({ store }) => !(store.value.kind === "number" && store.value.value === 0)).map(({ node, store }) => {
      const shape = callbackShape(node.facts);
      return {
        isOwn: keepsOwn(program, node, store.value, store.target),
        isCallers: shape !== undefined && store.value.kind === "param" && store.value.index === shape.wsi,
        isNew: store.value.kind === "result" && rolesOf(store.value.callee).opensConnection === true,
        callback: shape && node,
      };
    }),
  }),
  isSame: (a, b) => a.isConnectTarget === b.isConnectTarget && a.all.length === b.all.length && a.all.every((one, i) => isSameKeeping(one, b.all[i]!)),
};

/**
 * Whether a field of the session's data holds the session's own connection: the program never keeps anything else there.
 * - Any callback: `pss->wsi = wsi`, directly in the session data.
 * - Client-side reasons: what connecting gave, anywhere below the session data (`app->conn->wsi = lws_client_connect_via_info(&i)`,
 *   `i.pwsi = &app->conn->wsi`). On the server's side of a proxy the same field is another connection.
 */
function isSessionField(program: Program, value: Extract<Value, { kind: "field" }>, { entry, selected }: Seen): boolean {
  const onClient = reasonsIn(selected).every((reason) => reason.side === "client");
  const isDirect = value.base.kind === "param" && value.base.index === entry.user;
  if (!isDirect && !(onClient && rootOf(value) === entry.user)) return false;
  const { all, isConnectTarget } = program.ask(keptUnder, value.field);
  let kept = isConnectTarget && onClient;
  for (const { isOwn, isNew, callback } of all) {
    if (!isOwn && !(onClient && isNew)) return false;
    // Two connections may share one structure: what another callback keeps of its own in it is not this callback's.
    if (callback === undefined || callback === entry.node) kept = true;
  }
  return kept;
}

/**
 * Whether a value is a callback's own connection and a place is below its session's data: in the callback itself, or in a function, such as a
 * method of the object that is the session's data, that callbacks call with just these.
 */
function keepsOwn(program: Program, node: FunctionNode, value: Value, place: Value, depth = 0): boolean {
  const shape = callbackShape(node.facts);
  if (shape) return value.kind === "param" && value.index === shape.wsi && rootOf(withSession(place, shape)) === shape.reason + 1;
  const root = rootOf(place);
  if (value.kind !== "param" || root === undefined || depth > 2) return false;
  const callers = program.graph.callersOf(node);
  return callers.length > 0 && callers.every(({ node: caller, call }) => {
    const passed = call.args[value.index]?.value;
    const object = root < node.facts.params.length ? call.args[root]?.value : (call.receiver?.value ?? selfOf(caller));
    return passed !== undefined && object !== undefined && keepsOwn(program, caller, passed, object, depth + 1);
  });
}

/** Whether the program connects in one place alone, outside of loops. */
const connectsOnce: ProgramQuestion<"", boolean> = {
  answer: (program) => {
    const connects = program.everyCallWith("opensConnection");
    return connects.length === 1 && connects[0]!.call.loop === undefined;
  },
};

/**
 * Whether a global holds the one connection a client ever has: a single connecting call, outside loops, and nothing kept in the global but that
 * connection.
 */
function isOnlyConnection(program: Program, name: string, { selected }: Pick<Reached, "selected">): boolean {
  if (!reasonsIn(selected).every((reason) => reason.side === "client") || !program.ask(connectsOnce, "")) return false;
  const { all, isConnectTarget } = program.ask(keptUnder, name);
  return all.every(({ isCallers, isNew }) => isCallers || isNew) && (all.length > 0 || isConnectTarget);
}

/** The parameter an access path starts at. */
function rootOf(value: Value): number | undefined {
  switch (value.kind) {
    case "param": return value.index;
    case "field": case "deref": case "element": return rootOf(value.base);
    default: return undefined;
  }
}

/** The value with what gives the session's data of the callback's connection (`lws_wsi_user(wsi)`) replaced by the parameter that is the same. */
function withSession(value: Value, shape: { readonly wsi: number; readonly reason: number }): Value {
  switch (value.kind) {
    case "result": {
      const role = rolesOf(value.callee).sessionOf;
      const of = role && value.args[role.wsi];
      return of?.kind === "param" && of.index === shape.wsi ? paramValue(shape.reason + 1) : value;
    }
    case "field": return { ...value, base: withSession(value.base, shape) };
    case "deref": return { ...value, base: withSession(value.base, shape) };
    default: return value;
  }
}

/** `this` of a method, as a value of it. */
const selfOf = ({ facts }: FunctionNode): Value | undefined => (facts.className === undefined ? undefined : paramValue(facts.params.length));
