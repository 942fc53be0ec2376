/**
 * The state of the abstract interpretation: what variables may hold, and under which values of the parameters this point
 * is reached. A forward may-analysis; paths are kept apart while a flag variable has different values on them
 * (`partition`), so that `close = 1 … if (close)` stays tied to the reason that set it.
 */
import type { Lattice } from "../dataflow/lattice.js";
import type { Assumption } from "./assumptions.js";
import { anyOf, keyOf, sameValue, type Value } from "./value.js";
import * as Sets from "./value-set.js";
import type { ValueSet } from "./value-set.js";

export interface Env {
  /** `v:name` for locals and parameters; the key of a place for fields, globals and elements assigned in this function. */
  readonly vars: ReadonlyMap<string, Value>;
  /** Restrictions on what parameters were on entry; a parameter that is missing is unrestricted. */
  readonly guards: ReadonlyMap<number, ValueSet>;
  /** Something unreadable was passed on the way. */
  readonly uncertain: boolean;
  /** What the branches taken say about the run; kept at a join only where both sides agree. */
  readonly assumes: readonly Assumption[];
}

export type State = ReadonlyMap<string, Env>;

export const ENTRY_ENV: Env = { vars: new Map(), guards: new Map(), uncertain: false, assumes: [] };

const MAX_PARTITIONS = 12;

export const variableKey = (name: string): string => `v:${name}`;

/** The lattice of states whose partitions are told apart by the values of `flags`. */
export function stateLattice(flags: readonly string[]): Lattice<State> {
  return {
    bottom: new Map(),
    join: (a, b) => joinStates(a, b),
    equals: (a, b) => a.size === b.size && [...a].every(([key, env]) => sameEnv(env, b.get(key))),
  };

  function joinStates(a: State, b: State): State {
    if (a.size === 0) return b;
    if (b.size === 0) return a;
    const joined = new Map(a);
    for (const [key, env] of b) {
      const other = joined.get(key);
      joined.set(key, other ? joinEnvs(other, env) : env);
    }
    return flags.length > 0 && joined.size > MAX_PARTITIONS ? merged(joined) : joined;
  }
}

/** All partitions joined into one. */
export function merged(state: State): State {
  let all: Env | undefined;
  for (const env of state.values()) all = all ? joinEnvs(all, env) : env;
  return all ? new Map([["", all]]) : state;
}

/** Applies `step` to each partition and sorts the results into partitions again; `undefined` drops one. */
export function mapState(state: State, flags: readonly string[], step: (env: Env) => Env | undefined): State {
  const next = new Map<string, Env>();
  for (const env of state.values()) {
    const after = step(env);
    if (!after) continue;
    const key = partitionKey(after, flags);
    const other = next.get(key);
    next.set(key, other ? joinEnvs(other, after) : after);
  }
  return next.size > MAX_PARTITIONS ? merged(next) : next;
}

function partitionKey(env: Env, flags: readonly string[]): string {
  if (flags.length === 0) return "";
  return flags
    .map((flag) => {
      const value = env.vars.get(variableKey(flag));
      return value?.kind === "number" ? `${value.value}` : value?.kind === "test" ? keyOf(value) : "?";
    })
    .join(",");
}

export function joinEnvs(a: Env, b: Env): Env {
  if (a === b) return a;
  const vars = new Map<string, Value>();
  for (const [key, value] of a.vars) {
    const other = b.vars.get(key);
    if (other) {
      if (key.startsWith("v:")) vars.set(key, anyOf([value, other]));
      else if (sameValue(value, other)) vars.set(key, value);
    } else if (key.startsWith("v:")) {
      vars.set(key, value);
    }
  }
  for (const [key, value] of b.vars) if (key.startsWith("v:") && !a.vars.has(key)) vars.set(key, value);

  const guards = new Map<number, ValueSet>();
  for (const [param, set] of a.guards) {
    const other = b.guards.get(param);
    if (!other) continue;
    const both = Sets.union(set, other);
    if (!Sets.isAll(both)) guards.set(param, both);
  }
  return { vars, guards, uncertain: a.uncertain || b.uncertain, assumes: a.assumes.filter((held) => b.assumes.includes(held)) };
}

function sameEnv(a: Env, b: Env | undefined): boolean {
  if (a === b) return true;
  if (!b || a.uncertain !== b.uncertain || a.assumes.length !== b.assumes.length || a.vars.size !== b.vars.size || a.guards.size !== b.guards.size) return false;
  for (const [key, value] of a.vars) {
    const other = b.vars.get(key);
    if (!other || !sameValue(value, other)) return false;
  }
  for (const [param, set] of a.guards) {
    const other = b.guards.get(param);
    if (!other || !Sets.equals(set, other)) return false;
  }
  return true;
}
