/** Generic traversal of the syntax tree, for questions that need no flow. Iterative: initialisers can be very long. */
import type { Expr, Stmt, VarDecl } from "../syntax/ast.js";

export interface Visitor {
  readonly expr?: (expr: Expr) => void;
  readonly stmt?: (stmt: Stmt) => void;
  readonly decl?: (decl: VarDecl) => void;
}

/** What is under the casts of an expression. */
export function withoutCasts(expr: Expr): Expr {
  let inner = expr;
  while (inner.kind === "cast") inner = inner.operand;
  return inner;
}

/** Visits everything below and including `root`, in source order. */
export function walk(root: Stmt | Expr, visitor: Visitor): void {
  const stack: (Stmt | Expr | VarDecl)[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const before = stack.length;
    visitNode(node, visitor, stack);
    reverseTail(stack, before);
  }
}

function reverseTail(stack: (Stmt | Expr | VarDecl)[], from: number): void {
  for (let i = from, j = stack.length - 1; i < j; i++, j--) {
    const held = stack[i]!;
    stack[i] = stack[j]!;
    stack[j] = held;
  }
}

function visitNode(node: Stmt | Expr | VarDecl, visitor: Visitor, out: (Stmt | Expr | VarDecl)[]): void {
  switch (node.kind) {
    // statements
    case "compound":
      visitor.stmt?.(node);
      for (const inner of node.body) out.push(inner);
      return;
    case "expr":
      visitor.stmt?.(node);
      out.push(node.expr);
      return;
    case "decl":
      visitor.stmt?.(node);
      for (const decl of node.vars) out.push(decl);
      return;
    case "if":
      visitor.stmt?.(node);
      if (node.init) out.push(node.init);
      out.push(node.condition, node.then);
      if (node.otherwise) out.push(node.otherwise);
      return;
    case "switch":
      visitor.stmt?.(node);
      if (node.init) out.push(node.init);
      out.push(node.subject, node.body);
      return;
    case "case":
      visitor.stmt?.(node);
      out.push(node.value);
      if (node.high) out.push(node.high);
      return;
    case "while":
      visitor.stmt?.(node);
      out.push(node.condition, node.body);
      return;
    case "do":
      visitor.stmt?.(node);
      out.push(node.body, node.condition);
      return;
    case "for":
      visitor.stmt?.(node);
      if (node.init) out.push(node.init);
      if (node.condition) out.push(node.condition);
      if (node.update) out.push(node.update);
      out.push(node.body);
      return;
    case "foreach":
      visitor.stmt?.(node);
      if (node.variable) out.push(node.variable);
      for (const arg of node.args) out.push(arg);
      out.push(node.body);
      return;
    case "return":
      visitor.stmt?.(node);
      if (node.value) out.push(node.value);
      return;
    case "try":
      visitor.stmt?.(node);
      out.push(node.body, ...node.handlers);
      return;
    case "unknown-stmt":
      visitor.stmt?.(node);
      for (const part of node.parts) out.push(part);
      return;
    case "break": case "continue": case "goto": case "label": case "empty": case "default":
      visitor.stmt?.(node);
      return;
    // declarations
    case "var":
      visitor.decl?.(node);
      if (node.init) out.push(node.init);
      return;
    // expressions
    default:
      visitor.expr?.(node);
      pushOperands(node, out);
  }
}

function pushOperands(expr: Expr, out: (Stmt | Expr | VarDecl)[]): void {
  switch (expr.kind) {
    case "call":
      out.push(expr.callee);
      for (const arg of expr.args) out.push(arg);
      return;
    case "member": out.push(expr.object); return;
    case "index": out.push(expr.object, expr.index); return;
    case "unary": case "update": case "cast": case "delete": out.push(expr.operand); return;
    case "binary": case "comma": out.push(expr.left, expr.right); return;
    case "assign": out.push(expr.target, expr.value); return;
    case "conditional":
      out.push(expr.condition);
      if (expr.whenTrue) out.push(expr.whenTrue);
      out.push(expr.whenFalse);
      return;
    case "sizeof": if (expr.operand) out.push(expr.operand); return;
    case "initializer": for (const item of expr.items) out.push(item.value); return;
    case "compound-literal": out.push(expr.initializer); return;
    case "statement-expr": out.push(expr.body); return;
    case "new": for (const arg of expr.args) out.push(arg); return;
    case "unknown": for (const part of expr.parts) out.push(part); return;
    default: return;
  }
}
