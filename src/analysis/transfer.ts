/** How assignments and declarations change a state. */
import type { Expr, VarDecl } from "../syntax/ast.js";
import type { Evaluator } from "./evaluate.js";
import { withLocal, type Env } from "./state.js";
import * as V from "./value.js";
import { UNKNOWN, type Value } from "./value.js";
import { withoutCasts } from "./walk.js";

/** A pointer that moves on stays in the array it points into: `for (p = table; p->fn; p++)`. */
export function stepped(value: Value): Value {
  const inArray = V.optionsOf(value).map((option): Value => {
    if (option.kind === "element") return V.element(option.base, undefined);
    return option.kind === "entity" || option.kind === "local" ? V.element(option, undefined) : UNKNOWN;
  });
  return V.anyOf(inArray);
}

/** `target += by`: by a known number of more than one it is somewhere else for sure, else somewhere in the same array. */
export const advanced = (value: Value, by: Value): Value => (by.kind === "number" && by.value !== 1 ? V.plus(value, by.value) : stepped(value));

export function assign(target: Expr, value: Value, env: Env, evaluator: Evaluator): Env {
  const plain = withoutCasts(target);
  const slot = plain.kind === "name" ? evaluator.slotOf(plain.name) : -1;
  if (plain.kind === "name" && slot >= 0) return withoutDerived(env.locals[slot] === value ? env : withLocal(env, slot, value), plain.name);
  const place = evaluator.place(plain, env);
  // An assignment to nobody knows where.
  if (!place) return env.memory.size === 0 ? env : { ...env, memory: new Map() };
  const own = V.keyOf(place);
  const isKnown = value.kind !== "unknown";
  if (env.memory.size === 0 && !isKnown) return env;
  const memory = new Map<string, Value>();
  for (const [key, held] of env.memory) {
    if (key === own || place.kind === "deref" || isWithin(key, own)) continue;
    // The same field of another object may be the same object under another name.
    if (place.kind === "field" && key.endsWith(`.${place.field}`)) continue;
    memory.set(key, held);
  }
  if (isKnown) memory.set(own, value);
  return { ...env, memory };
}

/** Whether a place is part of another one, by their keys. */
const isWithin = (key: string, whole: string): boolean => key.length > whole.length && (key[whole.length] === "." || key[whole.length] === "[") && key.startsWith(whole);

/** Forgets what was known of objects reached through a local that now points elsewhere. */
function withoutDerived(env: Env, name: string): Env {
  if (env.memory.size === 0) return env;
  const own = `l:${name}`;
  let memory: Map<string, Value> | undefined;
  for (const key of env.memory.keys()) if (isWithin(key, own)) (memory ??= new Map(env.memory)).delete(key);
  return memory ? { ...env, memory } : env;
}

export function declare(decl: VarDecl, env: Env, evaluator: Evaluator): Env {
  if (decl.isStatic || decl.isExtern) return env;
  const clean = withoutDerived(env, decl.name);
  const slot = evaluator.slotOf(decl.name);
  if (decl.init?.kind === "initializer") {
    const memory = new Map(clean.memory);
    if (decl.type.array.length === 1) {
      decl.init.items.forEach((item, index) => {
        if (item.designators.length === 0 && item.value.kind !== "initializer") memory.set(`l:${decl.name}[${index}]`, evaluator.eval(item.value, env));
      });
    } else if (decl.type.array.length === 0) {
      const names = decl.init.items.some(({ designators }) => designators.length === 0) ? evaluator.scope.fieldNames(evaluator.scope.resolveType(decl.type).base) : [];
      decl.init.items.forEach((item, position) => {
        const designator = item.designators.at(-1);
        const name = designator?.kind === "field" ? designator.name : designator ? undefined : names[position];
        if (name === undefined || item.value.kind === "initializer") return;
        const value = evaluator.eval(item.value, env);
        // Members without a name are of interest where they hold what the function was given.
        if (designator || value.kind === "param") memory.set(`l:${decl.name}.${name}`, value);
      });
    }
    const filled = { ...clean, memory };
    return slot < 0 ? filled : withLocal(filled, slot, undefined);
  }
  if (slot < 0) return clean;
  const value = decl.init && evaluator.eval(decl.init, env);
  return clean.locals[slot] === value ? clean : withLocal(clean, slot, value);
}
