/** Takes initialisers of structs and arrays of structs apart: callback tables, ops structs, creation info. */
import type { Designator, Expr, InitializerList, TypeName, VarDecl } from "../syntax/ast.js";
import type { Element } from "../cfg/cfg.js";
import type { AggregateFact, AggregateRow } from "./facts.js";
import type { Evaluator } from "./evaluate.js";
import type { Env } from "./state.js";
import { UNKNOWN, type Value } from "./value.js";
import { withoutCasts } from "./walk.js";

type Field = AggregateRow["fields"][number];

/** C++ containers that are initialised like arrays. */
const CONTAINER = /^(?:std::)?(?:vector|array|list|deque|initializer_list)\s*<\s*(?:const\s+)?((?:struct\s+)?[\w:]+)\s*(?:,[^<>]*)?>$/;

/** The aggregate an initialised variable holds; `undefined` for scalars. */
export function aggregateOf(decl: VarDecl, evaluator: Evaluator, env: Env, inFunction?: string): AggregateFact | undefined {
  let init = decl.init;
  if (init?.kind === "compound-literal") init = init.initializer;
  if (init?.kind !== "initializer") return undefined;
  const type = evaluator.scope.resolveType(decl.type);
  const held = CONTAINER.exec(type.base)?.[1];
  const base = held ?? type.base;
  const isArray = type.array.length > 0 || held !== undefined;
  // `std::array` has a pair of braces for the array in it.
  const [only] = init.items;
  if (held !== undefined && init.items.length === 1 && only?.value.kind === "initializer" && only.value.items[0]?.value.kind === "initializer") init = only.value;
  const rows = isArray ? [...rowsOf(init, base, evaluator, env)] : [rowOf(init, base, evaluator, env)];
  const [size] = type.array;
  const length = size && evaluator.eval(size, env);
  return {
    variable: decl.name,
    type: base,
    isArray,
    ...(length && { length: length.kind === "number" ? length.value : null }),
    span: decl.span,
    rows,
    ...(inFunction !== undefined && { inFunction }),
  };
}

/** The variables that get a value where they are declared, and what is written out where it is used, `f(&(struct x){ … })`, as variables without a name. */
export function initialisedAt(element: Element): readonly VarDecl[] {
  if (element.kind === "declare") return element.decl.init ? [element.decl] : [];
  const values = element.kind === "call" ? element.expr.args : element.kind === "assign" ? [element.expr.value] : element.kind === "return" && element.stmt.value ? [element.stmt.value] : [];
  return values.flatMap((value) => {
    const plain = withoutCasts(value);
    const literal = plain.kind === "unary" && plain.op === "&" ? plain.operand : plain;
    if (literal.kind !== "compound-literal" || literal.isConstruction) return [];
    const { type, span } = literal;
    return [{ kind: "var", name: "", nameSpan: span, type, isStatic: false, isExtern: false, init: literal, span } as const];
  });
}

/** Elements of an array in order; an index designator moves on from there, as in C. */
function* rowsOf(list: InitializerList, type: string, evaluator: Evaluator, env: Env): Generator<AggregateRow> {
  let index: number | undefined = 0;
  for (const item of list.items) {
    const designator = item.designators[0];
    if (designator?.kind === "index") {
      const value = evaluator.eval(designator.index, env);
      index = value.kind === "number" ? value.value : undefined;
    }
    yield { ...rowOf(item.value, type, evaluator, env), ...(index !== undefined && { index }) };
    if (index !== undefined) index++;
  }
}

function rowOf(value: Expr, type: string, evaluator: Evaluator, env: Env): AggregateRow {
  if (value.kind === "compound-literal") return rowOf(value.initializer, type, evaluator, env);
  if (value.kind === "initializer") return { span: value.span, fields: [...fieldsOf(value, type, evaluator, env)] };
  if (value.kind === "call") {
    // A macro that makes a row: what it was given is what the row holds, at positions nobody can tell.
    return { span: value.span, fields: value.args.map((arg) => ({ value: valueOf(arg, evaluator, env), span: arg.span })) };
  }
  return { span: value.span, fields: [{ position: 0, value: valueOf(value, evaluator, env), span: value.span }] };
}

function* fieldsOf(list: InitializerList, type: string, evaluator: Evaluator, env: Env): Generator<Field> {
  const names = evaluator.scope.fieldNames(type);
  let position = 0;
  for (const item of list.items) {
    const designator = item.designators.at(-1);
    const nested = item.value.kind === "compound-literal" ? item.value.initializer : item.value;
    if (nested.kind === "initializer") {
      // Members of a nested struct are found by their own name; their positions would clash.
      const struct = memberType(type, item.designators.length > 0 ? item.designators : [names[position]], evaluator);
      for (const inner of fieldsOf(nested, "", evaluator, env)) {
        const of = inner.of ?? struct;
        yield { ...(inner.name !== undefined && { name: inner.name }), ...(of !== undefined && { of }), value: inner.value, span: inner.span };
      }
    }
    // An object that is made there is a value, too.
    if (nested.kind !== "initializer" || (item.value.kind === "compound-literal" && item.value.isConstruction)) {
      const value = valueOf(item.value, evaluator, env);
      const name = designator?.kind === "field" ? designator.name : names[position];
      const isNamed = designator?.kind === "field";
      const of = item.designators.length > 1 ? memberType(type, item.designators.slice(0, -1), evaluator) : undefined;
      yield { ...(!isNamed && { position }), ...(name !== undefined && { name }), ...(of !== undefined && { of }), value, span: item.value.span };
    }
    position++;
  }
}

/** The struct that a path of members leads to, as far as this file tells. */
function memberType(type: string, path: readonly (Designator | string | undefined)[], { scope }: Evaluator): string | undefined {
  let at: string | undefined = type;
  for (const step of path) {
    const name = typeof step === "object" && step.kind === "field" ? step.name : typeof step === "string" ? step : undefined;
    const declared: TypeName | undefined = at === undefined || name === undefined ? undefined : scope.fieldType(at, name);
    at = declared && scope.resolveType(declared).base;
  }
  return at === "" ? undefined : at;
}

function valueOf(expr: Expr, evaluator: Evaluator, env: Env): Value {
  return expr.kind === "initializer" ? UNKNOWN : evaluator.eval(expr, env);
}
