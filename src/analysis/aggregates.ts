/** Takes initialisers of structs and arrays of structs apart: callback tables, ops structs, creation info. */
import type { Expr, InitializerList, VarDecl } from "../syntax/ast.js";
import type { AggregateFact, AggregateRow } from "./facts.js";
import type { Evaluator } from "./evaluate.js";
import type { Env } from "./state.js";
import { UNKNOWN, type Value } from "./value.js";

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
      for (const inner of fieldsOf(nested, "", evaluator, env)) {
        yield inner.name === undefined ? { value: inner.value, span: inner.span } : { name: inner.name, value: inner.value, span: inner.span };
      }
    }
    // An object that is made there is a value, too.
    if (nested.kind !== "initializer" || (item.value.kind === "compound-literal" && item.value.isConstruction)) {
      const value = valueOf(item.value, evaluator, env);
      const name = designator?.kind === "field" ? designator.name : names[position];
      const isNamed = designator?.kind === "field";
      yield { ...(!isNamed && { position }), ...(name !== undefined && { name }), value, span: item.value.span };
    }
    position++;
  }
}

function valueOf(expr: Expr, evaluator: Evaluator, env: Env): Value {
  return expr.kind === "initializer" ? UNKNOWN : evaluator.eval(expr, env);
}
