/** Questions the builder asks of a piece of syntax. */
import type { Expr, Stmt } from "../syntax/ast.js";

export function isStatement(part: Stmt | Expr): part is Stmt {
  switch (part.kind) {
    case "compound": case "expr": case "decl": case "if": case "switch": case "case": case "default": case "while": case "do":
    case "for": case "foreach": case "return": case "break": case "continue": case "goto": case "label": case "empty": case "try":
    case "unknown-stmt":
      return true;
    default:
      return false;
  }
}

export const isConstantZero = (expr: Expr): boolean =>
  (expr.kind === "number" && expr.value === 0) || (expr.kind === "name" && expr.name === "false");

/** Whether evaluating the expression can do anything but yield a value. */
export function hasEffects(expr: Expr): boolean {
  switch (expr.kind) {
    case "call": case "assign": case "update": case "statement-expr": case "new": case "delete":
      return true;
    case "member": return hasEffects(expr.object);
    case "index": return hasEffects(expr.object) || hasEffects(expr.index);
    case "unary": case "cast": return hasEffects(expr.operand);
    case "binary": case "comma": return hasEffects(expr.left) || hasEffects(expr.right);
    case "conditional":
      return hasEffects(expr.condition) || hasEffects(expr.whenFalse) || (expr.whenTrue !== undefined && hasEffects(expr.whenTrue));
    case "initializer": return expr.items.some((item) => hasEffects(item.value));
    case "compound-literal": return hasEffects(expr.initializer);
    case "unknown": return expr.parts.some(hasEffects);
    default: return false;
  }
}

