/**
 * Structs that are handed on, mostly by their address: `struct event ev = { .wsi = wsi, .reason = reason }; handle(&ev);`. The call tells which members hold
 * what its own function was given; the callee finds that in them, and a member that it compares with constants is one more parameter of it.
 */
import type { CallExpr, Expr, Param } from "../syntax/ast.js";
import type { Evaluator } from "./evaluate.js";
import type { FunctionFacts } from "./facts.js";
import type { Env } from "./state.js";
import type { Choice } from "./survey.js";
import { field, keyOf, paramValue, substitute, UNKNOWN, type Value } from "./value.js";

/** What a member of the struct holds that the argument points to: a parameter of the caller, or a constant. */
export interface Content {
  readonly arg: number;
  readonly field: string;
  readonly value: Value;
}

/** A member of the struct that a parameter points to, which the function chooses by. */
export interface MemberSelector {
  readonly param: number;
  readonly field: string;
}

export function contentsOf(call: CallExpr, args: readonly Value[], env: Env, evaluator: Evaluator): readonly Content[] | undefined {
  let found: Content[] | undefined;
  for (const [arg, value] of args.entries()) {
    const members: Content[] = [];
    const note = (name: string, held: Value): void => {
      if (held.kind === "param" || held.kind === "number" || held.kind === "constant") members.push({ arg, field: name, value: held });
    };
    const struct = value.kind === "address" ? value.of : value;
    if (struct.kind === "local" && env.memory.size > 0) {
      const prefix = `${keyOf(struct)}.`;
      for (const [key, held] of env.memory) {
        if (key.startsWith(prefix) && /^\w+$/.test(key.slice(prefix.length))) note(key.slice(prefix.length), held);
      }
    }
    for (const [name, expr] of membersWritten(call.args[arg], evaluator)) note(name, evaluator.eval(expr, env));
    // Without anything that the function was given it says nothing that the callee would not find anyway.
    if (members.some((one) => one.value.kind === "param")) found = found ? [...found, ...members] : members;
  }
  return found;
}

/** `&(struct event){ .wsi = wsi }`, `event{ wsi }` */
function membersWritten(arg: Expr | undefined, evaluator: Evaluator): readonly (readonly [string, Expr])[] {
  const literal = arg?.kind === "unary" && arg.op === "&" ? arg.operand : arg;
  if (literal?.kind !== "compound-literal") return [];
  const names = evaluator.scope.fieldNames(literal.type.base);
  return literal.initializer.items.flatMap(({ designators, value }, position) => {
    const [designator, ...others] = designators;
    const name = designator ? (designator.kind === "field" && others.length === 0 ? designator.name : undefined) : names[position];
    return name === undefined ? [] : [[name, value] as const];
  });
}

/** The arguments of a call with what is in the structs that they point to. */
export function withContents(args: readonly Value[], contents: readonly Content[] | undefined, callerArgs: readonly Value[]): readonly Value[] {
  if (!contents) return args;
  return args.map((value, index): Value => {
    const fields = contents.filter(({ arg }) => arg === index).map((one) => [one.field, substitute(one.value, callerArgs)] as const);
    return fields.length === 0 ? value : { kind: "record", base: value, fields };
  });
}

/** What a function is given, with the members that it chooses by behind everything else. */
export function withSelectors({ selectors }: Pick<FunctionFacts, "selectors">, args: readonly Value[]): readonly Value[] {
  if (!selectors) return args;
  const all = Array.from({ length: selectors.first }, (_, index) => args[index] ?? UNKNOWN);
  for (const { param, field: name } of selectors.members) all.push(field(args[param] ?? UNKNOWN, name));
  return all;
}

/** Adds what another configuration of a function chooses by: members of a watched type, and those that are compared with watched constants. */
export function noteSelectors(known: MemberSelector[], chosenBy: readonly Choice[], params: readonly Param[], evaluator: Evaluator, { watchedPrefixes, watchedParams }: Watched): void {
  for (const { name, field: member, constants } of chosenBy) {
    const param = params.findIndex((one) => one.name === name);
    if (param < 0) continue;
    const type = evaluator.scope.fieldType(evaluator.scope.resolveType(params[param]!.type).base, member)?.base ?? "";
    const isWatched = watchedParams?.test(type) === true || constants.some((constant) => watchedPrefixes.some((prefix) => constant.startsWith(prefix)));
    if (isWatched && known.length < MAX_SELECTORS && !known.some((one) => one.param === param && one.field === member)) known.push({ param, field: member });
  }
}

const MAX_SELECTORS = 4;

interface Watched {
  readonly watchedPrefixes: readonly string[];
  readonly watchedParams?: RegExp;
}

/** A value as who does not look into the struct sees it. */
export const handedOver = (value: Value): Value => (value.kind === "record" ? value.base : value);

/** The members that a function chooses by, by the key of the place, as values. */
export const selectorValues = (selectors: readonly MemberSelector[], first: number): ReadonlyMap<string, Value> =>
  new Map(selectors.map(({ param, field: name }, index) => [keyOf(field(paramValue(param), name)), paramValue(first + index)]));
