/**
 * The state of the abstract interpretation: what variables may hold, and under which values of the parameters this point
 * is reached. A forward may-analysis; paths are kept apart while a flag variable has different values on them
 * (`partition`), so that `close = 1 … if (close)` stays tied to the reason that set it.
 */
import type { Lattice } from "../dataflow/lattice.js";
import type { Assumption } from "./assumptions.js";
import { anyOf, keyOf, sameValue, UNKNOWN, type Value } from "./value.js";
import * as Sets from "./value-set.js";
import type { ValueSet } from "./value-set.js";

export interface Env {
  /** `v:name` for locals and parameters; the key of a place for fields, globals and elements assigned in this function. */
  readonly vars: ReadonlyMap<string, Value>;
  /** Restrictions on what parameters were on entry; a parameter that is missing is unrestricted. */
  readonly guards: ReadonlyMap<number, ValueSet>;
  /**
   * Flags, by their key in `vars`: where paths that differ in one were joined, under which restrictions it has which value. Empty where `vars` and
   * `guards` say it. So a flag stays tied to the reason that set it where paths are not kept apart.
   */
  readonly ties: ReadonlyMap<string, readonly Tie[]>;
  /** Something unreadable was passed on the way. */
  readonly uncertain: boolean;
  /** What the branches taken say about the run; kept at a join only where both sides agree. */
  readonly assumes: readonly Assumption[];
  /** Pairs of values that a branch taken found equal, neither of them a constant: `table[i].reason == reason`. */
  readonly equal: readonly (readonly [Value, Value])[];
  /** What branches taken say about results of calls, by the site of the call; a result that is missing is unrestricted. */
  readonly known: ReadonlyMap<number, ValueSet>;
  /** Sites of watched calls that lie behind on some path (`may`) and on every path (`must`), ascending, unless a later call ended them. */
  readonly may: readonly number[];
  readonly must: readonly number[];
}

export interface Tie {
  readonly value: Value;
  readonly guards: Env["guards"];
}

export type State = ReadonlyMap<string, Env>;

const NO_SITES: readonly number[] = [];

export const ENTRY_ENV: Env = {
  vars: new Map(), guards: new Map(), ties: new Map(), uncertain: false, assumes: [], equal: [], known: new Map(), may: NO_SITES, must: NO_SITES,
};

const MAX_PARTITIONS = 12;
const MAX_TIES = 6;
const UNTIED: readonly Tie[] = [];
const NOWHERE: State = new Map();

export const variableKey = (name: string): string => `v:${name}`;

/** Partitions are joined one by one; too many of them become one. */
export const stateLattice: Lattice<State> = {
  bottom: new Map(),
  join(a, b) {
    if (a.size === 0) return b;
    if (b.size === 0) return a;
    let joined: Map<string, Env> | undefined;
    for (const [key, env] of b) {
      const other = a.get(key);
      const both = other ? joinEnvs(other, env) : env;
      if (both !== other) (joined ??= new Map(a)).set(key, both);
    }
    return joined && joined.size > MAX_PARTITIONS ? merged(joined) : (joined ?? a);
  },
  equals: (a, b) => a === b || (a.size === b.size && [...a].every(([key, env]) => sameEnv(env, b.get(key)))),
};

/** The join, with every variable that still changes given up. Guards only ever grow towards "unrestricted" and need no help. */
export function widenStates(before: State, along: State): State {
  const joined = stateLattice.join(before, along);
  if (joined === before) return before;
  const widened = new Map<string, Env>();
  for (const [key, env] of joined) {
    const old = before.get(key);
    if (!old || old.vars === env.vars) {
      widened.set(key, env);
      continue;
    }
    const vars = new Map(env.vars);
    let { ties } = env;
    for (const [name, value] of env.vars) {
      if (!old.vars.has(name) || sameValue(old.vars.get(name)!, value)) continue;
      vars.set(name, UNKNOWN);
      if (ties.has(name)) (ties = new Map(ties)).delete(name);
    }
    widened.set(key, { ...env, vars, ties });
  }
  return widened;
}

/** All partitions joined into one. */
export function merged(state: State): State {
  let all: Env | undefined;
  for (const env of state.values()) all = all ? joinEnvs(all, env) : env;
  return all ? new Map([["", all]]) : state;
}

/** Applies `step` to each partition and sorts the results into partitions again; `undefined` drops one. */
export function mapState(state: State, flags: readonly string[], step: (env: Env) => Env | undefined): State {
  if (state.size === 1 && flags.length === 0) {
    const [env] = state.values();
    const after = step(env!);
    return after === env ? state : after ? new Map([["", after]]) : NOWHERE;
  }
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

/** The join; returns `a` itself where it changes nothing, so that a fixpoint is found by identity. */
export function joinEnvs(a: Env, b: Env): Env {
  if (a === b) return a;
  const vars = joinVars(a.vars, b.vars);
  const guards = joinGuards(a.guards, b.guards);
  const ties = joinTies(a, b);
  const uncertain = a.uncertain || b.uncertain;
  const assumes = a.assumes.every((held) => b.assumes.includes(held)) ? a.assumes : a.assumes.filter((held) => b.assumes.includes(held));
  const equal = a.equal.every((pair) => b.equal.includes(pair)) ? a.equal : a.equal.filter((pair) => b.equal.includes(pair));
  const known = joinGuards(a.known, b.known);
  const may = uniteSites(a.may, b.may);
  const must = commonSites(a.must, b.must);
  const same = vars === a.vars && guards === a.guards && ties === a.ties && uncertain === a.uncertain && assumes === a.assumes && equal === a.equal &&
    known === a.known && may === a.may && must === a.must;
  return same ? a : { vars, guards, ties, uncertain, assumes, equal, known, may, must };
}

/** The state at the entry of a function with these flags. */
export const entryEnv = (flags: readonly string[]): Env =>
  flags.length === 0 ? ENTRY_ENV : { ...ENTRY_ENV, ties: new Map(flags.map((flag) => [variableKey(flag), UNTIED])) };

/** A variable has been given one value on all paths. */
export const untied = (ties: Env["ties"], key: string): Env["ties"] => ((ties.get(key)?.length ?? 0) > 0 ? new Map(ties).set(key, UNTIED) : ties);

/** The values of a variable on the paths that come together here; none where it is not in scope. */
function tiesOf({ vars, guards, ties }: Env, key: string): readonly Tie[] {
  const known = ties.get(key);
  if (known && known.length > 0) {
    return known.flatMap((tie) => {
      const both = intersectGuards(tie.guards, guards);
      return both ? [{ value: tie.value, guards: both }] : [];
    });
  }
  const value = vars.get(key);
  return value ? [{ value, guards }] : [];
}

/** The states that a variable's values stand for, each with one value; the state itself where nothing ties them. */
export function untangled(env: Env, name: string): readonly Env[] {
  const key = variableKey(name);
  if ((env.ties.get(key)?.length ?? 0) === 0) return [env];
  return tiesOf(env, key).map(({ value, guards }) => ({ ...env, guards, vars: new Map(env.vars).set(key, value), ties: untied(env.ties, key) }));
}

/** What is left of a state when a variable has one of the values that are tied to it. */
export function withTies(env: Env, key: string, isPossible: (value: Value) => boolean): Env | undefined {
  const possible = tiesOf(env, key).filter(({ value }) => isPossible(value));
  const [first, ...others] = possible;
  if (!first) return undefined;
  return {
    ...env,
    guards: others.reduce((guards, tie) => joinGuards(guards, tie.guards), first.guards),
    vars: new Map(env.vars).set(key, anyOf(possible.map(({ value }) => value))),
    ties: new Map(env.ties).set(key, others.length === 0 ? UNTIED : possible),
  };
}

/** A flag that has too many values, or that one side does not know, is tied to nothing from here on. Returns `a`'s own where nothing changes. */
function joinTies(a: Env, b: Env): Env["ties"] {
  if (a.ties.size === 0 || (a.ties === b.ties && a.vars === b.vars && a.guards === b.guards)) return a.ties;
  let ties: Map<string, readonly Tie[]> | undefined;
  for (const [key, known] of a.ties) {
    const together = b.ties.has(key) ? uniteTies(tiesOf(a, key), tiesOf(b, key)) : undefined;
    if (!together || together.length > MAX_TIES) (ties ??= new Map(a.ties)).delete(key);
    else {
      const next = together.length > 1 ? together : UNTIED;
      if (!sameTies(known, next)) (ties ??= new Map(a.ties)).set(key, next);
    }
  }
  return ties ?? a.ties;
}

function uniteTies(a: readonly Tie[], b: readonly Tie[]): readonly Tie[] {
  const all = new Map(a.map((tie) => [keyOf(tie.value), tie]));
  for (const tie of b) {
    const key = keyOf(tie.value);
    const other = all.get(key);
    all.set(key, other ? { value: tie.value, guards: joinGuards(other.guards, tie.guards) } : tie);
  }
  return [...all.values()];
}

const sameTies = (a: readonly Tie[], b: readonly Tie[]): boolean =>
  a === b || (a.length === b.length && a.every((tie, i) => sameValue(tie.value, b[i]!.value) && sameGuards(tie.guards, b[i]!.guards)));

const sameGuards = (a: Env["guards"], b: Env["guards"]): boolean =>
  a === b || (a.size === b.size && [...a].every(([param, set]) => b.has(param) && Sets.equals(set, b.get(param)!)));

/** `undefined` where nothing fits both. */
function intersectGuards(a: Env["guards"], b: Env["guards"]): Env["guards"] | undefined {
  if (a === b) return a;
  let guards: Map<number, ValueSet> | undefined;
  for (const [param, set] of b) {
    const other = a.get(param);
    const both = other ? Sets.intersect(other, set) : set;
    if (Sets.isNone(both)) return undefined;
    if (!other || !Sets.equals(both, other)) (guards ??= new Map(a)).set(param, both);
  }
  return guards ?? a;
}

/** Both return `a` itself where it is the answer. */
export function uniteSites(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a === b || b.length === 0 || b.every((site) => a.includes(site))) return a;
  if (a.length === 0) return b;
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

export function commonSites(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a === b || a.length === 0) return a;
  const common = a.filter((site) => b.includes(site));
  return common.length === a.length ? a : common.length === 0 ? NO_SITES : common;
}

function joinVars(a: Env["vars"], b: Env["vars"]): Env["vars"] {
  if (a === b) return a;
  let vars: Map<string, Value> | undefined;
  const change = (): Map<string, Value> => (vars ??= new Map(a));
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === value) continue;
    if (isVariable(key)) {
      // A variable that one side has not seen yet is not in scope there.
      const both = other === undefined ? value : anyOf([value, other]);
      if (!sameValue(both, value)) change().set(key, both);
    } else if (other === undefined || !sameValue(value, other)) {
      change().delete(key);
    }
  }
  for (const [key, value] of b) if (isVariable(key) && !a.has(key)) change().set(key, value);
  return vars ?? a;
}

/** What both sides say; a key that one of them lacks is unrestricted. Returns `a` itself where that is the answer. */
function joinGuards(a: Env["guards"], b: Env["guards"]): Env["guards"] {
  if (a === b) return a;
  let guards: Map<number, ValueSet> | undefined;
  for (const [param, set] of a) {
    const other = b.get(param);
    if (other === set) continue;
    const both = other ? Sets.union(set, other) : Sets.ALL;
    if (Sets.isAll(both)) (guards ??= new Map(a)).delete(param);
    else if (!Sets.equals(both, set)) (guards ??= new Map(a)).set(param, both);
  }
  return guards ?? a;
}

/** Keys of locals and parameters begin with `v:`; keys of places never do. */
const isVariable = (key: string): boolean => key.charCodeAt(0) === 118 && key.charCodeAt(1) === 58;

function sameEnv(a: Env, b: Env | undefined): boolean {
  if (a === b) return true;
  if (b === undefined) return false;
  if (a.uncertain !== b.uncertain || a.vars.size !== b.vars.size || a.guards.size !== b.guards.size) return false;
  if (a.assumes.length !== b.assumes.length || a.equal.length !== b.equal.length) return false;
  if (a.known.size !== b.known.size || a.may.length !== b.may.length || a.must.length !== b.must.length) return false;
  for (const [site, set] of a.known) {
    const other = b.known.get(site);
    if (!other || !Sets.equals(set, other)) return false;
  }
  if (a.ties !== b.ties && (a.ties.size !== b.ties.size || ![...a.ties].every(([key, ties]) => b.ties.has(key) && sameTies(ties, b.ties.get(key)!)))) return false;
  if (!a.may.every((site, i) => site === b.may[i]) || !a.must.every((site, i) => site === b.must[i])) return false;
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
