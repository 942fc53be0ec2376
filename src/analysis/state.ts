/**
 * The state of the abstract interpretation: what variables may hold, and under which values of the parameters this point
 * is reached. A forward may-analysis; paths are kept apart while a flag variable has different values on them
 * (`partition`), so that `close = 1 … if (close)` stays tied to the reason that set it.
 */
import type { Lattice } from "../dataflow/lattice.js";
import type { Assumption } from "./assumptions.js";
import { anyOf, either, keyOf, sameValue, UNKNOWN, type Value } from "./value.js";
import * as Sets from "./value-set.js";
import type { ValueSet } from "./value-set.js";

export interface Env {
  /** The values of the flags that keep this partition apart from others; empty before they are looked at. */
  readonly key: string;
  /** What locals and parameters hold, by slot (`Evaluator.slotOf`); `undefined` where nothing was assigned. */
  readonly locals: Locals;
  /** What fields, globals and elements hold that were assigned in this function, by the key of the place. */
  readonly memory: ReadonlyMap<string, Value>;
  /** Restrictions on what parameters were on entry; a parameter that is missing is unrestricted. */
  readonly guards: ReadonlyMap<number, ValueSet>;
  /**
   * Flags, by their slot: where paths that differ in one were joined, under which restrictions it has which value. Empty where `locals` and
   * `guards` say it. So a flag stays tied to the reason that set it where paths are not kept apart.
   */
  readonly ties: ReadonlyMap<number, readonly Tie[]>;
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

/** An array, because it is copied at each assignment, and compared slot by slot at each join. */
export type Locals = readonly (Value | undefined)[];

/** The partitions, no two with the same key. */
export type State = readonly Env[];

const NO_SITES: readonly number[] = [];
const NO_LOCALS: Locals = [];
const NO_MEMORY: Env["memory"] = new Map();
const NO_TIES: Env["ties"] = new Map();

export const ENTRY_ENV: Env = {
  key: "", locals: NO_LOCALS, memory: NO_MEMORY, guards: new Map(), ties: NO_TIES, uncertain: false, assumes: [], equal: [], known: new Map(), may: NO_SITES, must: NO_SITES,
};

const MAX_PARTITIONS = 12;
const MAX_TIES = 6;
const UNTIED: readonly Tie[] = [];
const NOWHERE: State = [];

/** The state with one local changed on all paths. */
export const withLocal = (env: Env, slot: number, value: Value | undefined): Env => ({ ...env, locals: localsWith(env.locals, slot, value), ties: untied(env.ties, slot) });

export function localsWith(locals: Locals, slot: number, value: Value | undefined): Locals {
  const next = extended(locals, slot + 1);
  next[slot] = value;
  return next;
}

/** A copy of at least that many slots. */
function extended(locals: Locals, slots: number): (Value | undefined)[] {
  const copy = locals.slice();
  while (copy.length < slots) copy.push(undefined);
  return copy;
}

/** The state after something unreadable: nothing is known of any variable. */
export const unreadable = (env: Env): Env => ({ ...env, locals: NO_LOCALS, memory: NO_MEMORY, ties: NO_TIES, uncertain: true });

/** Partitions are joined one by one; too many of them become one. */
export const stateLattice: Lattice<State> = {
  bottom: NOWHERE,
  join(a, b) {
    if (a === b || b.length === 0) return a;
    if (a.length === 0) return b;
    let joined: Env[] | undefined;
    for (const env of b) {
      const list = joined ?? a;
      const at = indexOf(list, env.key);
      const both = at < 0 ? env : joinEnvs(list[at]!, env);
      if (at < 0) (joined ??= [...a]).push(both);
      else if (both !== list[at]) (joined ??= [...a])[at] = both;
    }
    return joined && joined.length > MAX_PARTITIONS ? merged(joined) : (joined ?? a);
  },
  equals: (a, b) => a === b || (a.length === b.length && a.every((env) => sameEnv(env, b[indexOf(b, env.key)]))),
};

function indexOf(state: State, key: string): number {
  for (let i = 0; i < state.length; i++) if (state[i]!.key === key) return i;
  return -1;
}

/** The join, with every variable that still changes given up. Guards only ever grow towards "unrestricted" and need no help. */
export function widenStates(before: State, along: State): State {
  const joined = stateLattice.join(before, along);
  if (joined === before) return before;
  return joined.map((env) => {
    const old = before[indexOf(before, env.key)];
    if (!old || old.locals === env.locals) return env;
    let { ties } = env;
    const locals = env.locals.map((value, slot) => {
      const held = old.locals[slot];
      if (value === undefined || held === undefined || sameValue(held, value)) return value;
      if (ties.has(slot)) (ties = new Map(ties)).delete(slot);
      return UNKNOWN;
    });
    return { ...env, locals, ties };
  });
}

/** All partitions joined into one. */
export function merged(state: State): State {
  if (state.length === 0) return state;
  const all = state.reduce(joinEnvs);
  return [all.key === "" ? all : { ...all, key: "" }];
}

/** Applies `step` to each partition and sorts the results into partitions again, by what the locals in the slots `flags` hold; `undefined` drops one. */
export function mapState(state: State, flags: readonly number[], step: (env: Env) => Env | undefined): State {
  if (state.length === 1) {
    const before = state[0]!;
    const stepped = step(before);
    if (!stepped) return NOWHERE;
    const after = keyed(stepped, before, flags);
    return after === before ? state : [after];
  }
  const next: Env[] = [];
  let isSame = true;
  for (const before of state) {
    const stepped = step(before);
    const after = stepped && keyed(stepped, before, flags);
    isSame &&= after === before;
    if (!after) continue;
    const at = indexOf(next, after.key);
    if (at < 0) next.push(after);
    else next[at] = joinEnvs(next[at]!, after);
  }
  if (isSame) return state;
  return next.length > MAX_PARTITIONS ? merged(next) : next;
}

/** A state under the key of its partition, which the flags alone decide. */
function keyed(env: Env, before: Env, flags: readonly number[]): Env {
  if (flags.length === 0) return env;
  if (env.key !== "" && (env === before || flags.every((slot) => env.locals[slot] === before.locals[slot]))) return env;
  const key = flags
    .map((slot) => {
      const value = env.locals[slot];
      return value?.kind === "number" ? `${value.value}` : value?.kind === "test" ? keyOf(value) : "?";
    })
    .join(",");
  return key === env.key ? env : { ...env, key };
}

/** The join; returns `a` itself where it changes nothing, so that a fixpoint is found by identity. */
export function joinEnvs(a: Env, b: Env): Env {
  if (a === b) return a;
  const locals = joinLocals(a.locals, b.locals);
  const memory = joinMemory(a.memory, b.memory);
  const guards = joinGuards(a.guards, b.guards);
  const ties = joinTies(a, b);
  const uncertain = a.uncertain || b.uncertain;
  const assumes = a.assumes.every((held) => b.assumes.includes(held)) ? a.assumes : a.assumes.filter((held) => b.assumes.includes(held));
  const equal = a.equal.every((pair) => b.equal.includes(pair)) ? a.equal : a.equal.filter((pair) => b.equal.includes(pair));
  const known = joinGuards(a.known, b.known);
  const may = uniteSites(a.may, b.may);
  const must = commonSites(a.must, b.must);
  const same = locals === a.locals && memory === a.memory && guards === a.guards && ties === a.ties && uncertain === a.uncertain && assumes === a.assumes && equal === a.equal &&
    known === a.known && may === a.may && must === a.must;
  return same ? a : { key: a.key, locals, memory, guards, ties, uncertain, assumes, equal, known, may, must };
}

/** The state at the entry of a function with flags in these slots. */
export const entryEnv = (flags: readonly number[]): Env => (flags.length === 0 ? ENTRY_ENV : { ...ENTRY_ENV, ties: new Map(flags.map((slot) => [slot, UNTIED])) });

/** A variable has been given one value on all paths. */
const untied = (ties: Env["ties"], slot: number): Env["ties"] => ((ties.get(slot)?.length ?? 0) > 0 ? new Map(ties).set(slot, UNTIED) : ties);

/** The values of a variable on the paths that come together here; none where it is not in scope. */
function tiesOf({ locals, guards, ties }: Env, slot: number): readonly Tie[] {
  const known = ties.get(slot);
  if (known && known.length > 0) {
    return known.flatMap((tie) => {
      const both = intersectGuards(tie.guards, guards);
      return both ? [{ value: tie.value, guards: both }] : [];
    });
  }
  const value = locals[slot];
  return value ? [{ value, guards }] : [];
}

/** The states that a variable's values stand for, each with one value; the state itself where nothing ties them. */
export function untangled(env: Env, slot: number): readonly Env[] {
  if (!isTied(env, slot)) return [env];
  return tiesOf(env, slot).map(({ value, guards }) => ({ ...withLocal(env, slot, value), guards }));
}

export const isTied = ({ ties }: Env, slot: number): boolean => (ties.get(slot)?.length ?? 0) > 0;

/** What is left of a state when a variable has one of the values that are tied to it. */
export function withTies(env: Env, slot: number, isPossible: (value: Value) => boolean): Env | undefined {
  const possible = tiesOf(env, slot).filter(({ value }) => isPossible(value));
  const [first, ...others] = possible;
  if (!first) return undefined;
  return {
    ...env,
    guards: others.reduce((guards, tie) => joinGuards(guards, tie.guards), first.guards),
    locals: localsWith(env.locals, slot, anyOf(possible.map(({ value }) => value))),
    ties: new Map(env.ties).set(slot, others.length === 0 ? UNTIED : possible),
  };
}

/** A flag that has too many values, or that one side does not know, is tied to nothing from here on. Returns `a`'s own where nothing changes. */
function joinTies(a: Env, b: Env): Env["ties"] {
  if (a.ties.size === 0 || (a.ties === b.ties && a.locals === b.locals && a.guards === b.guards)) return a.ties;
  let ties: Map<number, readonly Tie[]> | undefined;
  for (const [slot, known] of a.ties) {
    const together = b.ties.has(slot) ? uniteTies(tiesOf(a, slot), tiesOf(b, slot)) : undefined;
    if (!together || together.length > MAX_TIES) (ties ??= new Map(a.ties)).delete(slot);
    else {
      const next = together.length > 1 ? together : UNTIED;
      if (!sameTies(known, next)) (ties ??= new Map(a.ties)).set(slot, next);
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

function joinLocals(a: Locals, b: Locals): Locals {
  if (a === b) return a;
  let joined: (Value | undefined)[] | undefined;
  for (let slot = 0; slot < b.length; slot++) {
    const value = a[slot];
    const other = b[slot];
    // A variable that one side has not seen yet is not in scope there.
    if (other === value || other === undefined ) continue;
    const both = value === undefined ? other : either(value, other);
    if (both !== value) (joined ??= extended(a, b.length))[slot] = both;
  }
  return joined ?? a;
}

function joinMemory(a: Env["memory"], b: Env["memory"]): Env["memory"] {
  if (a === b || a.size === 0) return a;
  if (b.size === 0) return b;
  let memory: Map<string, Value> | undefined;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other !== value && (other === undefined || !sameValue(value, other))) (memory ??= new Map(a)).delete(key);
  }
  return memory ?? a;
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

function sameEnv(a: Env, b: Env | undefined): boolean {
  if (a === b) return true;
  if (b === undefined) return false;
  if (a.uncertain !== b.uncertain || a.memory.size !== b.memory.size) return false;
  if (a.assumes.length !== b.assumes.length || a.equal.length !== b.equal.length) return false;
  if (a.may.length !== b.may.length || a.must.length !== b.must.length) return false;
  if (!sameGuards(a.known, b.known) || !sameGuards(a.guards, b.guards)) return false;
  if (a.ties !== b.ties && (a.ties.size !== b.ties.size || ![...a.ties].every(([key, ties]) => b.ties.has(key) && sameTies(ties, b.ties.get(key)!)))) return false;
  if (!a.may.every((site, i) => site === b.may[i]) || !a.must.every((site, i) => site === b.must[i])) return false;
  if (!sameLocals(a.locals, b.locals)) return false;
  for (const [key, value] of a.memory) {
    const other = b.memory.get(key);
    if (!other || !sameValue(value, other)) return false;
  }
  return true;
}

function sameLocals(a: Locals, b: Locals): boolean {
  if (a === b) return true;
  for (let slot = Math.max(a.length, b.length) - 1; slot >= 0; slot--) {
    const value = a[slot];
    const other = b[slot];
    if (value !== other && (!value || !other || !sameValue(value, other))) return false;
  }
  return true;
}
