/** Where calls stand among their neighbours: what a fix has to know about a statement. */
import type { BasicBlock } from "../cfg/cfg.js";
import type { CallExpr, CompoundStmt, Expr, Stmt } from "../syntax/ast.js";

export interface StatementPlace {
  /** Whether the statement is the whole body of `if`, `else`, a loop or a label that is not in a list. */
  readonly needsBraces: boolean;
  readonly next: Stmt | undefined;
}

/** For each statement of a body, its place. */
export function statementPlaces(body: CompoundStmt): ReadonlyMap<Stmt, StatementPlace> {
  const places = new Map<Stmt, StatementPlace>();
  const visitList = (list: readonly Stmt[]): void => {
    list.forEach((stmt, i) => {
      places.set(stmt, { needsBraces: false, next: list[i + 1] });
      visit(stmt);
    });
  };
  const visitBody = (stmt: Stmt): void => {
    places.set(stmt, { needsBraces: true, next: undefined });
    visit(stmt);
  };
  const visit = (stmt: Stmt): void => {
    switch (stmt.kind) {
      case "compound": visitList(stmt.body); return;
      case "if":
        visitBody(stmt.then);
        if (stmt.otherwise) visitBody(stmt.otherwise);
        return;
      case "switch": case "while": case "do": case "for": case "foreach": visitBody(stmt.body); return;
      case "try":
        visitBody(stmt.body);
        stmt.handlers.forEach(visitBody);
        return;
      case "expr":
        if (stmt.expr.kind === "statement-expr") visit(stmt.expr.body);
        return;
      case "unknown-stmt":
        for (const part of stmt.parts) if (isStmtKind(part)) visitBody(part);
        return;
      default: return;
    }
  };
  visitList(body.body);
  return places;
}

const STATEMENT_KINDS = new Set(["compound", "expr", "decl", "if", "switch", "while", "do", "for", "foreach", "return", "try"]);
const isStmtKind = (part: Stmt | Expr): part is Stmt => STATEMENT_KINDS.has(part.kind);

/** Whether a statement is nothing but this call. */
export function isCallStatement(stmt: Stmt, call: CallExpr): boolean {
  if (stmt.kind !== "expr") return false;
  let expr = stmt.expr;
  while (expr.kind === "cast" && expr.type.base === "void" && expr.type.pointer === 0) expr = expr.operand;
  return expr === call;
}

/**
 * The return statements that follow an element with nothing but jumps and tests without effects on the way; `undefined` where
 * something else happens first on some path, or where a path falls off the end of the function (`fallsOff`).
 */
export function returnsAfter(
  block: BasicBlock,
  elementIndex: number,
  exit: BasicBlock,
): { readonly returns: readonly { readonly block: BasicBlock; readonly value: Expr | undefined }[]; readonly fallsOff: boolean } | undefined {
  const returns: { block: BasicBlock; value: Expr | undefined }[] = [];
  let fallsOff = false;
  const seen = new Set<BasicBlock>();
  const pending: { block: BasicBlock; from: number }[] = [{ block, from: elementIndex + 1 }];
  for (let at = pending.pop(); at; at = pending.pop()) {
    const element = at.block.elements[at.from];
    if (element) {
      if (element.kind !== "return") return undefined;
      returns.push({ block: at.block, value: element.stmt.value });
      continue;
    }
    if (at.block === exit) {
      fallsOff = true;
      continue;
    }
    for (const edge of at.block.successors) {
      if (edge.isBack) return undefined;
      if (seen.has(edge.to)) continue;
      seen.add(edge.to);
      pending.push({ block: edge.to, from: 0 });
    }
  }
  return { returns, fallsOff };
}
