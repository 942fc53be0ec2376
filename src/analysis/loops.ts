/** What loops test, call and assign. */
import type { BasicBlock, Cfg } from "../cfg/cfg.js";
import type { Solution } from "../dataflow/solver.js";
import type { Expr, Stmt } from "../syntax/ast.js";
import type { Evaluator } from "./evaluate.js";
import type { LoopFact } from "./facts.js";
import { guardOf, uniteGuards } from "./guards.js";
import { merged, type State } from "./state.js";
import * as Sets from "./value-set.js";
import { walk } from "./walk.js";

/** Adds the loops of one variant of a function to those that other variants have. */
export function recordLoops(cfg: Cfg, evaluator: Evaluator, { into, incomplete }: Solution<BasicBlock, State>, loops: Map<string, LoopFact>): void {
  for (const loop of cfg.loops) {
    const state = into.get(loop.head);
    const env = state && merged(state)[0];
    if (!env) continue;
    const continuesWhile: LoopFact["continuesWhile"][number][] = [];
    const addTest = (condition: Expr, truth: boolean): void => {
      if (condition.kind === "binary" && condition.op === (truth ? "&&" : "||")) {
        addTest(condition.left, truth);
        addTest(condition.right, truth);
      } else if (condition.kind === "unary" && condition.op === "!") {
        addTest(condition.operand, !truth);
      } else {
        const test = evaluator.test(condition, env);
        continuesWhile.push({ value: test.value, set: truth ? test.set : Sets.complement(test.set), span: condition.span });
      }
    };
    if (loop.condition) addTest(loop.condition, true);
    for (const stmt of loop.body.kind === "compound" ? loop.body.body : [loop.body]) {
      if (stmt.kind === "if" && !stmt.otherwise && leavesLoop(stmt.then)) addTest(stmt.condition, false);
    }
    const calls = new Set<string>();
    const assigns = new Set<string>();
    const collect = (expr: Expr): void => {
      if (expr.kind === "call" && expr.callee.kind === "name") calls.add(evaluator.scope.calleeOf(expr.callee.name).name);
      const target = expr.kind === "assign" ? expr.target : expr.kind === "update" ? expr.operand : undefined;
      if (target?.kind === "name") assigns.add(target.name);
      if (target?.kind === "member") assigns.add(target.field);
    };
    walk(loop.body, { expr: collect });
    if (loop.condition) walk(loop.condition, { expr: collect });
    const key = `${loop.span.start}`;
    const guard = guardOf(env);
    const known = loops.get(key);
    loops.set(key, {
      span: loop.span,
      continuesWhile,
      calls: [...new Set([...(known?.calls ?? []), ...calls])],
      assigns: [...new Set([...(known?.assigns ?? []), ...assigns])],
      guard: known ? uniteGuards(known.guard, guard) : guard,
      uncertain: incomplete || env.uncertain || (known?.uncertain ?? false),
    });
  }
}

function leavesLoop(stmt: Stmt): boolean {
  if (stmt.kind === "break" || stmt.kind === "return") return true;
  return stmt.kind === "compound" && stmt.body.length > 0 && leavesLoop(stmt.body[stmt.body.length - 1]!);
}
