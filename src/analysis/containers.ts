/**
 * Functions that are put into arrays and containers while the program runs: `handlers[n++] = f`, `list.push_back(f)`, `map["x"] = f`, and how they are taken out
 * again: `handlers[i](…)`, `for (auto &f : list) f()`, `map.find(k)->second()`.
 */
import type { CallFact } from "./facts.js";
import type { Value } from "./value.js";

/** A field or variable that holds many, and which of them is meant: a number, `any`, or one that has a name which nobody compares here. */
export interface Part {
  readonly container: Extract<Value, { kind: "field" | "entity" }>;
  readonly index: number | "any" | "named";
}

/** Methods of containers that put their last argument in. */
const PUTS = /^(?:push_back|push_front|emplace_back|emplace_front|push|emplace|insert|insert_or_assign|try_emplace|append|prepend|add)$/;
/** Methods of containers that give what is in them, or a way to it; with a key where they take one. */
const GIVES = /^(?:find|at|begin|front|back|top|value|first|last|get)$/;

/** What an assignment's target is a part of. */
export const partAssigned = (target: Value): Part | undefined => (target.kind === "element" ? partOf(target.base, indexOf(target.index)) : undefined);

/** What a call of a method puts its last argument into. */
export const partPut = ({ receiver }: CallFact): Part | undefined => (receiver && PUTS.test(receiver.field) ? partOf(receiver.value, "any") : undefined);

/** What a value was taken out of. */
export function partTaken(value: Value, callAt: (site: number) => CallFact | undefined, depth = 0): Part | undefined {
  if (depth > 4) return undefined;
  switch (value.kind) {
    case "element": return partOf(value.base, indexOf(value.index)) ?? partTaken(value.base, callAt, depth + 1);
    case "deref": return partTaken(value.base, callAt, depth + 1);
    case "field": return value.field === "second" ? partTaken(value.base, callAt, depth + 1) : undefined;
    case "result": {
      const receiver = callAt(value.site)?.receiver;
      return receiver && GIVES.test(receiver.field) ? partOf(receiver.value, indexOf(value.args[0])) : undefined;
    }
    default: return undefined;
  }
}

const partOf = (value: Value, index: Part["index"]): Part | undefined => (value.kind === "field" || value.kind === "entity" ? { container: value, index } : undefined);

function indexOf(value: Value | undefined): Part["index"] {
  if (value?.kind === "number") return value.value;
  return value?.kind === "string" || value?.kind === "constant" ? "named" : "any";
}
