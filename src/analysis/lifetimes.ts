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
  /** The function that a smart pointer calls with what it holds, where its type names one. */
  readonly deleter?: string;
}

/** Names of locals and parameters that give away what they hold: moved, released, swapped, returned. */
export function givenAway(body: Stmt): ReadonlySet<string> {
  const names = new Set<string>();
  const note = (expr: Expr | undefined): void => {
    if (expr?.kind === "name") names.add(expr.name);
  };
  walk(body, {
    expr: (expr) => {
      if (expr.kind !== "call") return;
      const { callee } = expr;
      if (callee.kind === "name" && /^(?:move|forward|swap|exchange)$/.test(callee.name)) expr.args.forEach(note);
      if (callee.kind === "member" && /^(?:release|swap)$/.test(callee.field)) note(callee.object);
    },
    stmt: (stmt) => {
      if (stmt.kind === "return") note(stmt.value);
    },
  });
  return names;
}

/**
 * The life that ends because of an element. The end of a scope is told where the object is declared: whatever leads out of the scope leads there
 * on the same paths.
 */
export function endingAt(element: Element, evaluator: Evaluator, given: ReadonlySet<string>): Ending | undefined {
  switch (element.kind) {
    case "delete": return { operand: element.operand, how: "deleted", span: element.span, stmt: element.stmt };
    case "declare": {
      const { decl, stmt } = element;
      if (!endsWithScope(decl, evaluator) || given.has(decl.name)) return undefined;
      return ending({ kind: "name", name: decl.name, span: decl.nameSpan }, "scope", decl.span, stmt, evaluator.scope.resolveType(decl.type).base);
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
export function endingParams(params: readonly Param[], body: Stmt, evaluator: Evaluator, given: ReadonlySet<string>): readonly Ending[] {
  return params.flatMap(({ name, type, span }) => {
    const { base, pointer, isReference } = evaluator.scope.resolveType(type);
    const isOwned = OWNS.test(base) && pointer === 0 && isReference !== true && type.isReference !== true && name !== "" && !given.has(name);
    return isOwned ? [ending({ kind: "name", name, span }, "scope", span, body, base)] : [];
  });
}

function ending(operand: Expr, how: Destruction, span: Span, stmt: Stmt, type: string): Ending {
  const deleter = deleterOf(type);
  return { operand, how, span, stmt, ...(deleter !== undefined && { deleter }) };
}

/** `std::unique_ptr<T, decltype(&f)>` calls `f`. */
const deleterOf = (type: string): string | undefined =>
  OWNS.test(type) ? /,\s*decltype\s*\(\s*&?\s*(\w+)\s*\)\s*>$/.exec(type.trim())?.[1] : undefined;

const MAKES = /^make_unique$/;
const OWNS = /^(?:const )?(?:std\s*::\s*|boost\s*::\s*)?(?:unique_ptr|scoped_ptr)\s*</;
/** By value, and neither a plain type nor one of the language's library. */
const MAY_BE_CLASS = /^(?:const )?(?:struct |class )?(?!std\b|boost\b|lws_|void\b|bool\b|char\b|int\b|long\b|short\b|float\b|double\b|unsigned\b|signed\b|size_t\b|u?int\d+_t\b|auto\b|enum\b)[A-Za-z_][\w:]*$/;

function endsWithScope(decl: VarDecl, evaluator: Evaluator): boolean {
  const type: TypeName = evaluator.scope.resolveType(decl.type);
  if (decl.isStatic || decl.isExtern || type.pointer > 0 || type.array.length > 0 || decl.type.isReference === true || type.isFunctionPointer) return false;
  if (type.base === "auto") return decl.init?.kind === "call" && decl.init.callee.kind === "name" && MAKES.test(decl.init.callee.name);
  return OWNS.test(type.base) || MAY_BE_CLASS.test(type.base);
}

const isNull = (expr: Expr): boolean =>
  (expr.kind === "name" && (expr.name === "nullptr" || expr.name === "NULL")) || (expr.kind === "initializer" && expr.items.length === 0);
