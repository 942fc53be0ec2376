/** C++: where the life of an object ends, which runs its destructor or its deleter: at `delete`, at the end of its scope, where another value takes its place. */
import type { Element } from "../cfg/cfg.js";
import type { Span } from "../source/span.js";
import type { Expr, Param, Stmt, TypeName, VarDecl } from "../syntax/ast.js";
import type { Evaluator } from "./evaluate.js";
import type { Destruction } from "./facts.js";
import { walk } from "./walk.js";

export interface Ending {
  readonly operand: Expr;
  readonly how: Destruction;
  readonly span: Span;
  readonly stmt: Stmt;
  /** The function that a smart pointer calls with what it holds, where its type or what it is made with tells one. */
  readonly deleter?: Expr;
}

/** What a body does with its locals and parameters. */
export interface Fates {
  /** They give away what they hold: moved, released, swapped, returned. */
  readonly given: ReadonlySet<string>;
  /** They are given something to hold after they are made. */
  readonly filled: ReadonlySet<string>;
}

export function fatesIn(body: Stmt): Fates {
  const given = new Set<string>();
  const filled = new Set<string>();
  const note = (names: Set<string>, expr: Expr | undefined): void => {
    if (expr?.kind === "name") names.add(expr.name);
  };
  walk(body, {
    expr: (expr) => {
      if (expr.kind === "assign" && !isNull(expr.value)) note(filled, expr.target);
      if (expr.kind !== "call") return;
      const { callee } = expr;
      if (callee.kind === "name" && /^(?:move|forward|swap|exchange)$/.test(callee.name)) for (const arg of expr.args) note(given, arg);
      if (callee.kind !== "member") return;
      if (callee.field === "release" || callee.field === "swap") note(given, callee.object);
      if (callee.field === "reset" && expr.args[0] && !isNull(expr.args[0])) note(filled, callee.object);
    },
    stmt: (stmt) => {
      if (stmt.kind === "return") note(given, stmt.value);
    },
  });
  return { given, filled };
}

/**
 * The life that ends because of an element. The end of a scope is told where the object is declared: whatever leads out of the scope leads there
 * on the same paths.
 */
export function endingAt(element: Element, evaluator: Evaluator, fates: Fates): Ending | undefined {
  switch (element.kind) {
    case "delete": return { operand: element.operand, how: "deleted", span: element.span, stmt: element.stmt };
    case "declare": {
      const { decl, stmt } = element;
      const type = owningType(decl, evaluator);
      if (type === undefined || fates.given.has(decl.name) || (OWNS.test(type) && isNothing(decl.init) && !fates.filled.has(decl.name))) return undefined;
      return ending({ kind: "name", name: decl.name, span: decl.nameSpan }, "scope", decl.span, stmt, type, madeWith(decl.init)[1]);
    }
    case "assign": {
      const { expr, stmt } = element;
      const isEmptied = expr.op === "=" && (isNull(expr.value) || (expr.value.kind === "call" && expr.value.callee.kind === "name" && MAKES.test(expr.value.callee.name)));
      return isEmptied ? ending(expr.target, "replaced", expr.span, stmt, evaluator.typeOf(expr.target)?.base ?? "") : undefined;
    }
    case "call": {
      const { expr, stmt } = element;
      if (expr.callee.kind !== "member" || expr.callee.field !== "reset") return undefined;
      const object = expr.callee.object;
      const deleter = deleterOf(evaluator.typeOf(object)?.base ?? "");
      return deleter === undefined ? undefined : { operand: object, how: "replaced", span: expr.span, stmt, deleter };
    }
    default: return undefined;
  }
}

/** A smart pointer that a function is given ends with it. */
export function endingParams(params: readonly Param[], body: Stmt, evaluator: Evaluator, { given }: Fates): readonly Ending[] {
  return params.flatMap(({ name, type, span }) => {
    const { base, pointer, isReference } = evaluator.scope.resolveType(type);
    const isOwned = OWNS.test(base) && pointer === 0 && isReference !== true && type.isReference !== true && name !== "" && !given.has(name);
    return isOwned ? [ending({ kind: "name", name, span }, "scope", span, body, base)] : [];
  });
}

function ending(operand: Expr, how: Destruction, span: Span, stmt: Stmt, type: string, given?: Expr): Ending {
  const deleter = deleterOf(type, given);
  return { operand, how, span, stmt, ...(deleter && { deleter }) };
}

/** `std::unique_ptr<T, decltype(&f)>` calls `f`, and so does `decltype(f)` of a variable; other functions are told by what the object is made with. */
function deleterOf(type: string, given?: Expr): Expr | undefined {
  if (!OWNS.test(type)) return undefined;
  const name = /,\s*decltype\s*\(\s*&?\s*(\w+)\s*\)\s*>$/.exec(type.trim())?.[1];
  if (name !== undefined) return { kind: "name", name, span: { start: 0, end: 0 } };
  return given && HELD_FUNCTION.test(type) ? (given.kind === "unary" && given.op === "&" ? given.operand : given) : undefined;
}

const MAKES = /^(?:make_unique|unique_ptr|scoped_ptr)$/;
const OWNS = /^(?:const )?(?:std\s*::\s*|boost\s*::\s*)?(?:unique_ptr|scoped_ptr)\s*</;
/** The deleter is a pointer to a function, or what holds any function. */
const HELD_FUNCTION = /,\s*(?:void\s*\(\s*\*|(?:std\s*::\s*)?function\s*<)/;
/** By value, and neither a plain type nor one of the language's library. */
const MAY_BE_CLASS = /^(?:const )?(?:struct |class )?(?!std\b|boost\b|lws_|void\b|bool\b|char\b|int\b|long\b|short\b|float\b|double\b|unsigned\b|signed\b|size_t\b|u?int\d+_t\b|auto\b|enum\b)[A-Za-z_][\w:]*$/;

/** The type of a local object that ends with its scope; `undefined` for what lives on, and for what nothing is known of. */
function owningType(decl: VarDecl, evaluator: Evaluator): string | undefined {
  const type: TypeName = evaluator.scope.resolveType(decl.type);
  if (decl.isStatic || decl.isExtern || type.pointer > 0 || type.array.length > 0 || decl.type.isReference === true || type.isFunctionPointer) return undefined;
  if (type.base === "auto") {
    const made = decl.init?.kind === "call" && decl.init.callee.kind === "name" && MAKES.test(decl.init.callee.name) ? decl.init.callee : undefined;
    return made && (made.name === "make_unique" ? "auto" : `${made.name}<${made.typeArguments ?? ""}>`);
  }
  return OWNS.test(type.base) || MAY_BE_CLASS.test(type.base) ? type.base : undefined;
}

/** What an object is made with: `(a, b)` and `{a, b}` are the same. */
const madeWith = (init: Expr | undefined): readonly Expr[] =>
  init?.kind === "call" ? init.args : init?.kind === "initializer" ? init.items.map(({ value }) => value) : init ? [init] : [];

/** Whether a smart pointer that is made so holds nothing. */
function isNothing(init: Expr | undefined): boolean {
  const isMade = init?.kind === "call" && !(init.callee.kind === "name" && /^(?:unique_ptr|scoped_ptr)$/.test(init.callee.name));
  const [first] = madeWith(init);
  return !isMade && (first === undefined || isNull(first));
}

const isNull = (expr: Expr): boolean =>
  (expr.kind === "name" && (expr.name === "nullptr" || expr.name === "NULL")) || (expr.kind === "initializer" && expr.items.length === 0);
