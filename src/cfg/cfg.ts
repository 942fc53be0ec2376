import type { CallExpr, CaseStmt, Expr, Stmt, VarDecl, UpdateExpr, AssignExpr, ReturnStmt } from "../syntax/ast.js";
import type { Span } from "../source/span.js";

/** One step of evaluation inside a basic block, in C's evaluation order. */
export type Element =
  | { readonly kind: "call"; readonly expr: CallExpr; readonly stmt: Stmt }
  | { readonly kind: "assign"; readonly expr: AssignExpr; readonly stmt: Stmt }
  | { readonly kind: "update"; readonly expr: UpdateExpr; readonly stmt: Stmt }
  | { readonly kind: "declare"; readonly decl: VarDecl; readonly stmt: Stmt }
  | { readonly kind: "delete"; readonly operand: Expr; readonly span: Span; readonly stmt: Stmt }
  | { readonly kind: "return"; readonly stmt: ReturnStmt }
  /** A region that could not be read: anything may have happened to any variable. */
  | { readonly kind: "unread"; readonly span: Span };

export type EdgeKind = "next" | "true" | "false" | "case" | "default";

export interface Edge {
  readonly kind: EdgeKind;
  readonly to: BasicBlock;
  /** For `true` and `false`: the atomic condition (no `&&`, `||`, `!` at its top). */
  readonly condition?: Expr;
  /** For `case` and `default`: what the switch looks at. */
  readonly subject?: Expr;
  /** For `case`: the labels that lead here. For `default`: all labels that do not. */
  readonly labels?: readonly CaseStmt[];
  /** Whether the edge closes a loop. */
  readonly isBack?: boolean;
}

export interface BasicBlock {
  /** Position in reverse post-order of the reachable part; unreachable blocks come after all others. */
  readonly id: number;
  readonly elements: readonly Element[];
  readonly successors: readonly Edge[];
}

export interface Loop {
  readonly span: Span;
  readonly condition?: Expr;
  readonly body: Stmt;
  /** `while (0)` of the do-while(0) idiom is no loop and is not listed. */
  readonly kind: "while" | "do" | "for" | "foreach";
  /** Where an iteration begins: the state on entry to it holds on every iteration. */
  readonly head: BasicBlock;
}

export interface Cfg {
  readonly entry: BasicBlock;
  readonly exit: BasicBlock;
  /** All blocks, by id; unreachable ones included. */
  readonly blocks: readonly BasicBlock[];
  readonly loops: readonly Loop[];
}
