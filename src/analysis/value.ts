/**
 * Symbolic values: what an expression evaluates to, told in terms of the function's parameters and of things that can be
 * named across functions. Plain data, so that facts can be cached and sent between workers.
 */
import type { ValueSet } from "./value-set.js";
import * as Sets from "./value-set.js";

export type Value =
  /** The value parameter `index` had when the function was entered. */
  | { readonly kind: "param"; readonly index: number }
  | { readonly kind: "number"; readonly value: number }
  /** A constant known by name only. */
  | { readonly kind: "constant"; readonly name: string }
  | { readonly kind: "string" }
  /** A file-scope entity: a variable's value, or a function's address. The linker knows which. */
  | { readonly kind: "entity"; readonly name: string }
  /** The address of a file-scope or local variable. */
  | { readonly kind: "address"; readonly of: Value }
  /** A local object whose value is not tracked (an array, a struct, one whose address escapes). */
  | { readonly kind: "local"; readonly name: string; readonly type: string }
  /** `base->field` or `base.field`. */
  | {
      readonly kind: "field"; readonly base: Value; readonly field: string;
      /** Written as a name alone in a function of this class (C++), which declares it in another file or not at all: then it is no field. */
      readonly memberOf?: string;
    }
  | { readonly kind: "element"; readonly base: Value; readonly index?: Value }
  | { readonly kind: "deref"; readonly base: Value }
  /** A number added to a pointer or an integer: `by` elements behind `base`. Never nested, never by 0. */
  | { readonly kind: "offset"; readonly base: Value; readonly by: number }
  /** `sizeof(type)`, with the file's typedefs undone and `*` for each level of pointer. */
  | { readonly kind: "sizeof"; readonly type: string }
  /** The result of a call; `site` is the call's start offset, so that two calls are two values. */
  | { readonly kind: "result"; readonly callee: string; readonly args: readonly Value[]; readonly site: number }
  /** 1 if `of` is in `set`, else 0: a comparison kept in a variable. */
  | { readonly kind: "test"; readonly of: Value; readonly set: ValueSet }
  /** One of several; never nested, at most `MAX_OPTIONS`. */
  | { readonly kind: "any"; readonly options: readonly Value[] }
  /** With what it is bound to: `this`, then what it captures. */
  | { readonly kind: "lambda"; readonly functionIndex: number; readonly bound?: readonly Value[] }
  /** In contexts alone: what points to a struct (`base`), with what is known of its members. */
  | { readonly kind: "record"; readonly base: Value; readonly fields: readonly (readonly [string, Value])[] }
  | { readonly kind: "unknown" };

export const UNKNOWN: Value = { kind: "unknown" };
export const STRING: Value = { kind: "string" };
const MAX_OPTIONS = 6;
const MAX_DEPTH = 6;

/**
 * Values that are made over and over are made once, so that equal ones are mostly the same object and a fixpoint is found by identity.
 * The tables hold names and numbers of the program under analysis; they are small beside its text.
 */
function once<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) made.set(key, (value = make(key)));
    return value;
  };
}

export const numberValue = once<number, Value>((value) => ({ kind: "number", value }));
export const paramValue = once<number, Value>((index) => ({ kind: "param", index }));
export const entityValue = once<string, Value>((name) => ({ kind: "entity", name }));
export const constantNamed = once<string, Value>((name) => ({ kind: "constant", name }));

/** The same for values that are made of another one. */
function oncePer<K>(make: (base: Value, key: K) => Value): (base: Value, key: K) => Value {
  const made = new WeakMap<Value, Map<K, Value>>();
  return (base, key) => {
    let byKey = made.get(base);
    if (!byKey) made.set(base, (byKey = new Map<K, Value>()));
    let value = byKey.get(key);
    if (value === undefined) byKey.set(key, (value = make(base, key)));
    return value;
  };
}

const keys = new WeakMap<Value, string>();

/** A canonical text: equal values have equal keys. */
export function keyOf(value: Value): string {
  let key = keys.get(value);
  if (key === undefined) keys.set(value, (key = buildKey(value)));
  return key;
}

function buildKey(value: Value): string {
  switch (value.kind) {
    case "param": return `p${value.index}`;
    case "number": return `${value.value}`;
    case "constant": return `c:${value.name}`;
    case "string": return `""`;
    case "entity": return `g:${value.name}`;
    case "address": return `&${keyOf(value.of)}`;
    case "local": return `l:${value.name}`;
    case "field": return `${keyOf(value.base)}.${value.field}`;
    case "element": return `${keyOf(value.base)}[${value.index ? keyOf(value.index) : ""}]`;
    case "deref": return `*${keyOf(value.base)}`;
    case "offset": return `${keyOf(value.base)}+${value.by}`;
    case "sizeof": return `sizeof ${value.type}`;
    case "result": return `${value.callee}@${value.site}(${value.args.map(keyOf).join(",")})`;
    case "test": return `?${keyOf(value.of)}:${Sets.keyOf(value.set)}`;
    case "any": return `{${value.options.map(keyOf).join("|")}}`;
    case "lambda": return `λ${value.functionIndex}${value.bound ? `(${value.bound.map(keyOf).join(",")})` : ""}`;
    case "record": return `${keyOf(value.base)}{${value.fields.map(([name, held]) => `.${name}=${keyOf(held)}`).join(",")}}`;
    case "unknown": return "?";
  }
}

export const sameValue = (a: Value, b: Value): boolean => a === b || (a.kind === b.kind && keyOf(a) === keyOf(b));

/** The alternatives of a value: itself, unless it is an `any`. */
export const optionsOf = (value: Value): readonly Value[] => (value.kind === "any" ? value.options : [value]);

export function anyOf(values: readonly Value[]): Value {
  const [first] = values;
  if (first && values.every((value) => value === first)) return first;
  const byKey = new Map<string, Value>();
  for (const value of values) for (const option of optionsOf(value)) byKey.set(keyOf(option), option);
  if (byKey.size === 1) return [...byKey.values()][0]!;
  if (byKey.has("?") || byKey.size === 0 || byKey.size > MAX_OPTIONS) return UNKNOWN;
  return { kind: "any", options: inOrderOfKeys([...byKey.values()]) };
}

/** One value or another: the first itself where the second adds nothing to it. */
export function either(a: Value, b: Value): Value {
  if (a === b || a.kind === "unknown") return a;
  if (b.kind === "unknown") return b;
  if (a.kind === "any" && optionsOf(b).every((option) => a.options.includes(option))) return a;
  const both = pairs(a, b);
  return sameValue(both, a) ? a : both;
}

const pairs = oncePer<Value>((a, b) => anyOf([a, b]));

export const inOrderOfKeys = (values: readonly Value[]): readonly Value[] => [...values].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

export function depthOf(value: Value): number {
  switch (value.kind) {
    case "address": return 1 + depthOf(value.of);
    case "field": case "element": case "deref": case "offset": return 1 + depthOf(value.base);
    case "result": return 1 + Math.max(0, ...value.args.map(depthOf));
    case "test": return 1 + depthOf(value.of);
    case "any": return Math.max(0, ...value.options.map(depthOf));
    case "record": return 1 + Math.max(depthOf(value.base), ...value.fields.map(([, held]) => depthOf(held)));
    case "lambda": return value.bound ? 1 + Math.max(0, ...value.bound.map(depthOf)) : 0;
    default: return 0;
  }
}

/** Values deeper than the analysis follows become unknown: keeps loops such as `p = p->next` finite. */
export const bounded = (value: Value): Value => (depthOf(value) > MAX_DEPTH ? UNKNOWN : value);

/** The value with each parameter replaced by what the caller passed. */
export function substitute(value: Value, args: readonly Value[]): Value {
  switch (value.kind) {
    case "param": return args[value.index] ?? UNKNOWN;
    case "address": {
      const of = substitute(value.of, args);
      return of.kind === "unknown" ? UNKNOWN : address(of);
    }
    case "field": return projected(value.base, args, (base) => field(base, value.field));
    case "element": {
      const index = value.index && substitute(value.index, args);
      return projected(value.base, args, (base) => element(base, index));
    }
    case "deref": return projected(value.base, args, deref);
    case "offset": return projected(value.base, args, (base) => plus(base, value.by));
    case "result": return bounded({ ...value, args: value.args.map((arg) => substitute(arg, args)) });
    case "test": return { kind: "test", of: substitute(value.of, args), set: value.set };
    case "any": return anyOf(value.options.map((option) => substitute(option, args)));
    case "lambda": return value.bound ? { ...value, bound: value.bound.map((one) => substitute(one, args)) } : value;
    default: return value;
  }
}

function projected(base: Value, args: readonly Value[], make: (base: Value) => Value): Value {
  return anyOf(optionsOf(substitute(base, args)).map(make));
}

/** `base->name`; sees through `(&x)->name`. */
export const field = (base: Value, name: string): Value =>
  base.kind === "unknown" ? UNKNOWN : base.kind === "record" ? (base.fields.find(([held]) => held === name)?.[1] ?? field(base.base, name)) : fieldOf(base.kind === "address" ? base.of : base, name);
const fieldOf = oncePer<string>((base, name) => bounded({ kind: "field", base, field: name }));

/** `&of`. */
export const address = (of: Value): Value => addressOf(of, undefined);
const addressOf = oncePer<undefined>((of) => bounded({ kind: "address", of }));

/** One of the elements of `base`: the one that `index` tells, or any. */
export const element = oncePer<Value | undefined>((base, index) => bounded(index ? { kind: "element", base, index } : { kind: "element", base }));

/** A name alone in a function of a class, where the file does not say what it is. */
export function implicitField(self: Value, name: string, className: string): Value {
  const value = field(self, name);
  return value.kind === "field" ? { ...value, memberOf: className } : value;
}

/** `base` moved on by a number of elements. */
export function plus(base: Value, by: number): Value {
  switch (base.kind) {
    case "unknown": case "test": case "lambda": return UNKNOWN;
    case "number": return numberValue(base.value + by);
    case "any": return anyOf(base.options.map((option) => plus(option, by)));
    case "offset": return plus(base.base, base.by + by);
    default: return by === 0 ? base : offsetOf(base, by);
  }
}

const offsetOf = oncePer<number>((base, by) => bounded({ kind: "offset", base, by }));

export function deref(base: Value): Value {
  if (base.kind === "unknown") return UNKNOWN;
  // `(*p).f`
  if (base.kind === "record") return base;
  return base.kind === "address" ? base.of : derefOf(base, undefined);
}

const derefOf = oncePer<undefined>((base) => bounded({ kind: "deref", base }));

/** The set of integers a value may be, where it says anything about that. */
export function setOf(value: Value): ValueSet {
  switch (value.kind) {
    case "number": return Sets.ofNumber(value.value);
    case "constant": return Sets.ofName(value.name);
    case "test": return Sets.ofRange(0, 1);
    case "string": case "address": case "lambda": return Sets.NONZERO;
    case "sizeof": return Sets.ofRange(1, null);
    case "any": return value.options.map(setOf).reduce(Sets.union, Sets.NONE);
    default: return Sets.ALL;
  }
}
