/** What a function does with the results of calls, where it does too little: questions of its text alone, which need no flow. */
import type { Expr, Stmt } from "../syntax/ast.js";
import { walk, withoutCasts } from "./walk.js";

/** `truth`: told from 0 only, as in `if (!f())`. `added`: added to something that is no local variable, whatever it is. */
export type ResultUse = "truth" | "added";

interface Reads {
  /** Calls whose results it is given. */
  readonly calls: number[];
  all: number;
  truth: number;
}

/** The uses of results of the calls that `isAsked` names, by the call's start. What is used in any other way has none. */
export function resultUses(body: Stmt, locals: ReadonlySet<string>, isAsked: (start: number) => boolean): ReadonlyMap<number, ResultUse> {
  const found = new Map<number, ResultUse>();
  const variables = new Map<string, Reads>();
  const askedCall = (expr: Expr | undefined): number | undefined => {
    const inner = expr && withoutCasts(expr);
    return inner?.kind === "call" && isAsked(inner.span.start) ? inner.span.start : undefined;
  };
  const readsOf = (name: string): Reads => {
    let reads = variables.get(name);
    if (!reads) variables.set(name, (reads = { calls: [], all: 0, truth: 0 }));
    return reads;
  };
  const noteTruth = (condition: Expr): void => {
    const tested = withoutCasts(condition);
    if (tested.kind === "name") readsOf(tested.name).truth++;
    const call = askedCall(tested);
    if (call !== undefined) found.set(call, "truth");
  };
  walk(body, {
    decl: ({ name, init, isStatic, type }) => {
      const call = askedCall(init);
      if (call !== undefined && !isStatic && type.isReference !== true) readsOf(name).calls.push(call);
    },
    stmt: (stmt) => {
      // `if (f()) return 1;` leaves on a failure, too.
      const leaves = stmt.kind === "if" && isReturn(stmt.then) && stmt.condition.kind !== "unary";
      if ((stmt.kind === "if" && !leaves) || stmt.kind === "while" || stmt.kind === "do") noteTruth(stmt.condition);
    },
    expr: (expr) => {
      switch (expr.kind) {
        case "name":
          readsOf(expr.name).all++;
          return;
        case "assign": {
          const call = askedCall(expr.value);
          const { target } = expr;
          // What is assigned to is no read.
          if (target.kind === "name" && expr.op === "=") readsOf(target.name).all--;
          if (call === undefined) return;
          if (expr.op === "=" && target.kind === "name") readsOf(target.name).calls.push(call);
          else if ((expr.op === "+=" || expr.op === "-=") && !(target.kind === "name" && locals.has(target.name))) found.set(call, "added");
          return;
        }
        case "unary":
          if (expr.op === "!") noteTruth(expr.operand);
          return;
        default: return;
      }
    },
  });
  for (const [name, { calls, all, truth }] of variables) {
    if (truth > 0 && all === truth && locals.has(name)) for (const call of calls) found.set(call, "truth");
  }
  return found;
}

/** A `return` alone, or at the end of a block. */
function isReturn(stmt: Stmt | undefined): boolean {
  return stmt?.kind === "return" || (stmt?.kind === "compound" && isReturn(stmt.body.at(-1)));
}
