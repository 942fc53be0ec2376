/** How assignments and declarations change a state. */
import type { Expr, VarDecl } from "../syntax/ast.js";
import type { Evaluator } from "./evaluate.js";
import { untied, variableKey, type Env } from "./state.js";
import * as V from "./value.js";
import { UNKNOWN, type Value } from "./value.js";

/** A pointer that moves on stays in the array it points into: `for (p = table; p->fn; p++)`. */
export function stepped(value: Value): Value {
  const inArray = V.optionsOf(value).map((option): Value => {
    if (option.kind === "element") return { kind: "element", base: option.base };
    return option.kind === "entity" || option.kind === "local" ? { kind: "element", base: option } : UNKNOWN;
  });
  return V.anyOf(inArray);
}

/** `target += by`: by a known number of more than one it is somewhere else for sure, else somewhere in the same array. */
export const advanced = (value: Value, by: Value): Value => (by.kind === "number" && by.value !== 1 ? V.plus(value, by.value) : stepped(value));

export function assign(target: Expr, value: Value, env: Env, evaluator: Evaluator): Env {
  let plain = target;
  while (plain.kind === "cast") plain = plain.operand;
  if (plain.kind === "name" && evaluator.isLocal(plain.name) && evaluator.isTracked(plain.name)) {
    const key = variableKey(plain.name);
    return withoutDerived({ ...env, vars: new Map(env.vars).set(key, value), ties: untied(env.ties, key) }, plain.name);
  }
  const place = evaluator.place(plain, env);
  const vars = new Map(env.vars);
  if (!place) {
    // An assignment to nobody knows where.
    for (const key of vars.keys()) if (!key.startsWith("v:")) vars.delete(key);
    return { ...env, vars };
  }
  const own = V.keyOf(place);
  for (const key of [...vars.keys()]) {
    if (key.startsWith(`${own}.`) || key.startsWith(`${own}[`)) vars.delete(key);
    // The same field of another object may be the same object under another name.
    else if (place.kind === "field" && key.endsWith(`.${place.field}`)) vars.delete(key);
    else if (place.kind === "deref" && !key.startsWith("v:")) vars.delete(key);
  }
  if (value.kind === "unknown") vars.delete(own);
  else vars.set(own, value);
  return { ...env, vars };
}

/** Forgets what was known of objects reached through a local that now points elsewhere. */
function withoutDerived(env: Env, name: string): Env {
  const prefix = `l:${name}`;
  let vars: Map<string, Value> | undefined;
  for (const key of env.vars.keys()) {
    if (key.startsWith(`${prefix}.`) || key.startsWith(`${prefix}[`)) (vars ??= new Map(env.vars)).delete(key);
  }
  return vars ? { ...env, vars } : env;
}

export function declare(decl: VarDecl, env: Env, evaluator: Evaluator): Env {
  if (decl.isStatic || decl.isExtern) return env;
  const clean = withoutDerived(env, decl.name);
  if (decl.init?.kind === "initializer") {
    const vars = new Map(clean.vars);
    vars.delete(variableKey(decl.name));
    if (decl.type.array.length === 1) {
      decl.init.items.forEach((item, index) => {
        if (item.designators.length === 0 && item.value.kind !== "initializer") vars.set(`l:${decl.name}[${index}]`, evaluator.eval(item.value, env));
      });
    } else if (decl.type.array.length === 0) {
      for (const item of decl.init.items) {
        const designator = item.designators.at(-1);
        if (designator?.kind === "field" && item.value.kind !== "initializer") {
          vars.set(`l:${decl.name}.${designator.name}`, evaluator.eval(item.value, env));
        }
      }
    }
    return { ...clean, vars };
  }
  if (!evaluator.isTracked(decl.name)) return clean;
  const vars = new Map(clean.vars);
  const key = variableKey(decl.name);
  if (decl.init) vars.set(key, evaluator.eval(decl.init, env));
  else vars.delete(key);
  return { ...clean, vars, ties: untied(clean.ties, key) };
}

