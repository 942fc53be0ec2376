/**
 * What expressions say beside their value: which pointers are followed, and how results of watched calls are compared. Looks at every
 * expression of a block in the state in which it is evaluated; the right side of `&&` and the arms of `?:` see what the left side or the condition
 * says.
 */
import type { BasicBlock, Element } from "../cfg/cfg.js";
import type { Expr, TypeName } from "../syntax/ast.js";
import { signednessOf } from "./arithmetic-type.js";
import type { EventSites } from "./call-events.js";
import type { Evaluator } from "./evaluate.js";
import type { AccessFact, ComparisonFact } from "./facts.js";
import { guardOf, uniteGuards } from "./guards.js";
import { untangled, type Env } from "./state.js";
import * as V from "./value.js";
import type { Value } from "./value.js";
import * as Sets from "./value-set.js";
import { withoutCasts } from "./walk.js";

export interface ExpressionOptions {
  /** Pointers to these types are told of wherever they are followed. */
  readonly records?: RegExp;
  /** Whether pointers that come from parameters and results of calls are told of. */
  readonly parameters: boolean;
}

/** Nothing is read by these themselves: calls, assignments and updates are elements of their own, and `sizeof` evaluates nothing. */
const LEAVES: ReadonlySet<Expr["kind"]> = new Set<Expr["kind"]>(["name", "number", "string", "char", "call", "assign", "update", "sizeof"]);
const COMPARISONS = new Set(["==", "!=", "<", "<=", ">", ">="]);

export class ExpressionFacts {
  readonly #accesses = new Map<string, AccessFact>();
  readonly #comparisons = new Map<number, ComparisonFact>();

  constructor(readonly options: ExpressionOptions) {}

  get accesses(): readonly AccessFact[] {
    return [...this.#accesses.values()].sort((a, b) => a.span.start - b.span.start);
  }

  get comparisons(): readonly ComparisonFact[] {
    return [...this.#comparisons.values()].sort((a, b) => a.span.start - b.span.start);
  }

  element(element: Element, env: Env, evaluator: Evaluator, sites: EventSites): void {
    const visit = (expr: Expr | undefined): void => {
      if (expr) this.#visit(expr, env, evaluator, sites);
    };
    switch (element.kind) {
      case "call":
        if (element.expr.callee.kind !== "name") visit(element.expr.callee);
        element.expr.args.forEach(visit);
        return;
      case "assign": visit(element.expr.target); visit(element.expr.value); return;
      case "update": visit(element.expr.operand); return;
      case "declare": {
        const { type, init } = element.decl;
        if (type.isReference && init) this.#bind(init, env, evaluator, sites);
        else visit(init);
        return;
      }
      case "delete": visit(element.operand); return;
      case "return": visit(element.stmt.value); return;
      case "unread": return;
    }
  }

  /** The conditions on which a block ends. */
  end(block: BasicBlock, env: Env, evaluator: Evaluator, sites: EventSites): void {
    for (const { condition, subject } of block.successors) {
      const expr = condition ?? subject;
      if (expr) this.#visit(expr, env, evaluator, sites);
    }
  }

  /** @param indexed An element of it is read or written: an array alone is only an address. */
  #visit(expr: Expr, env: Env, evaluator: Evaluator, sites: EventSites, depth = 0, indexed = false): void {
    if (depth > 60 || LEAVES.has(expr.kind)) return;
    const visit = (inner: Expr, state = env, isIndexed = false): void => this.#visit(inner, state, evaluator, sites, depth + 1, isIndexed);
    switch (expr.kind) {
      case "member":
        if (!indexed && this.options.parameters && isArray(expr, evaluator)) {
          this.#address(expr, env, evaluator);
          visit(pointerUnder(expr, evaluator));
          return;
        }
        if (expr.arrow) this.#access(expr.object, expr.span, expr.field, env, evaluator);
        visit(expr.object);
        return;
      case "index":
        this.#access(expr.object, expr.span, undefined, env, evaluator);
        visit(expr.object, env, true);
        visit(expr.index);
        return;
      case "unary":
        if (expr.op === "*") this.#access(expr.operand, expr.span, undefined, env, evaluator);
        if (expr.op === "&" && expr.operand.kind === "index" && this.options.parameters) this.#address(expr.operand, env, evaluator);
        visit(expr.op === "&" ? pointerUnder(expr.operand, evaluator) : expr.operand, env, expr.op === "*");
        return;
      case "binary": {
        if (COMPARISONS.has(expr.op)) this.#comparison(expr, env, evaluator, sites);
        visit(expr.left);
        const state = expr.op === "&&" || expr.op === "||" ? assume(expr.left, expr.op === "&&", env, evaluator) : env;
        if (state) visit(expr.right, state);
        return;
      }
      case "conditional": {
        visit(expr.condition);
        const yes = assume(expr.condition, true, env, evaluator);
        const no = assume(expr.condition, false, env, evaluator);
        if (expr.whenTrue && yes) visit(expr.whenTrue, yes);
        if (no) visit(expr.whenFalse, no);
        return;
      }
      case "cast": visit(expr.operand); return;
      case "comma": visit(expr.left); visit(expr.right); return;
      case "initializer": for (const item of expr.items) visit(item.value); return;
      case "compound-literal": visit(expr.initializer); return;
      default: return;
    }
  }

  /** `T &t = *p` reads no memory through `p` yet. */
  #bind(init: Expr, env: Env, evaluator: Evaluator, sites: EventSites): void {
    const inner = withoutCasts(init);
    if (inner.kind === "unary" && inner.op === "*") {
      this.#access(inner.operand, inner.span, undefined, env, evaluator, true);
      this.#visit(inner.operand, env, evaluator, sites);
    } else this.#visit(init, env, evaluator, sites);
  }

  /** An array behind a pointer of which only the address is taken. */
  #address(expr: Expr, env: Env, evaluator: Evaluator): void {
    let inner = expr;
    while (inner.kind === "cast" || (inner.kind === "member" && !inner.arrow) || (inner.kind === "index" && isArray(inner.object, evaluator))) inner = inner.kind === "cast" ? inner.operand : inner.object;
    if (inner.kind === "member") this.#access(inner.object, inner.span, inner.field, env, evaluator, true);
  }

  #access(pointer: Expr, span: Expr["span"], field: string | undefined, env: Env, evaluator: Evaluator, isAddress = false): void {
    const type = evaluator.typeOf(pointer);
    const castFrom = this.#recordUnder(pointer, evaluator);
    const isRecord = castFrom !== undefined || (field !== undefined && this.#isRecord(type));
    if (!isRecord && !this.options.parameters) return;
    const value = evaluator.eval(pointer, env);
    for (const base of V.optionsOf(value)) {
      if (!isRecord && base.kind !== "param" && base.kind !== "result") continue;
      const key = `${span.start}:${V.keyOf(base)}`;
      const guard = guardOf(env);
      const known = this.#accesses.get(key);
      this.#accesses.set(key, {
        pointer: base,
        span,
        ...(field !== undefined && { field }),
        ...(castFrom !== undefined && { castFrom }),
        ...(type && { type: `${type.base}${"*".repeat(Math.max(0, type.pointer - 1))}` }),
        guard: known ? uniteGuards(known.guard, guard) : guard,
        mayBeNull: (known?.mayBeNull ?? false) || mayBeNull(base, env),
        uncertain: (known?.uncertain ?? false) || env.uncertain || value.kind === "any",
        ...(isAddress && (known === undefined || known.isAddress === true) && { isAddress: true as const }),
      });
    }
  }

  #isRecord(type: TypeName | undefined): boolean {
    return type?.pointer === 1 && type.array.length === 0 && this.options.records?.test(type.base) === true;
  }

  /** The watched type that a pointer had before it was cast, counted on or not: `((int *)p)`, `(char *)p + 8`. */
  #recordUnder(pointer: Expr, evaluator: Evaluator): string | undefined {
    let inner = pointer;
    let isCast = false;
    for (let steps = 0; steps < 8; steps++) {
      if (inner.kind === "cast") {
        // To memory of which nothing is known, or back: no type to read it by.
        isCast ||= !this.#isRecord(evaluator.typeOf(inner));
        inner = inner.operand;
      } else if (inner.kind === "binary" && (inner.op === "+" || inner.op === "-")) inner = inner.left;
      else break;
    }
    const type = isCast ? evaluator.typeOf(inner) : undefined;
    return type && this.#isRecord(type) && inner.kind !== "index" ? type.base : undefined;
  }

  #comparison(expr: Extract<Expr, { kind: "binary" }>, env: Env, evaluator: Evaluator, sites: EventSites): void {
    const left = evaluator.eval(expr.left, env);
    const right = evaluator.eval(expr.right, env);
    const isWatched = (value: Value): boolean => V.optionsOf(value).some((one) => one.kind === "result" && sites.has(one.site));
    const onLeft = isWatched(left);
    if (!onLeft && !isWatched(right)) return;
    const [result, resultExpr, other, otherExpr] = onLeft ? [left, expr.left, right, expr.right] : [right, expr.right, left, expr.left];
    this.#comparisons.set(expr.span.start, {
      result,
      resultSpan: resultExpr.span,
      resultType: signednessOf(resultExpr, evaluator),
      mayBeNegative: V.optionsOf(result).some((one) => Sets.hasNumber((one.kind === "result" ? env.known.get(one.site) : undefined) ?? V.setOf(one), -1)),
      op: onLeft ? expr.op : mirrored(expr.op),
      other,
      otherSpan: otherExpr.span,
      otherType: signednessOf(otherExpr, evaluator),
      span: expr.span,
      guard: guardOf(env),
    });
  }
}

/** The state in which a condition has the given truth; taken apart where both of its parts must have it. */
function assume(condition: Expr, truth: boolean, env: Env, evaluator: Evaluator): Env | undefined {
  if (condition.kind === "unary" && condition.op === "!") return assume(condition.operand, !truth, env, evaluator);
  if (condition.kind === "binary" && condition.op === (truth ? "&&" : "||")) {
    const left = assume(condition.left, truth, env, evaluator);
    return left && assume(condition.right, truth, left, evaluator);
  }
  return evaluator.refine(condition, truth, env);
}

/** What a `return` gives, with the states in which it does: each value of a flag, and the arms of `?:` where the condition tells of what they give. */
export function returnedOn(expr: Expr | undefined, env: Env, evaluator: Evaluator): readonly (readonly [Expr | undefined, Env])[] {
  if (expr?.kind === "name") return untangled(env, evaluator.slotOf(expr.name)).map((one) => [expr, one]);
  if (expr?.kind !== "conditional" || !expr.whenTrue) return [[expr, env]];
  const arms = ([[expr.whenTrue, assume(expr.condition, true, env, evaluator)], [expr.whenFalse, assume(expr.condition, false, env, evaluator)]] as const)
    .flatMap(([arm, state]) => (state ? [[arm, state] as const] : []));
  const isTold = arms.some(([arm, state]) => {
    const value = evaluator.eval(arm, state);
    return value.kind === "result" && state.known.get(value.site) !== env.known.get(value.site);
  });
  return isTold ? arms : [[expr, env]];
}

/** `&p->a.b[1]` reads no memory through `p`, where `b` is an array; what `p` is made of may. */
function pointerUnder(expr: Expr, evaluator: Evaluator): Expr {
  let inner = expr;
  for (;;) {
    if (inner.kind === "cast") inner = inner.operand;
    else if ((inner.kind === "member" && !inner.arrow) || (inner.kind === "index" && isArray(inner.object, evaluator))) inner = inner.object;
    else return inner.kind === "member" || inner.kind === "index" ? inner.object : inner;
  }
}

const isArray = (expr: Expr, evaluator: Evaluator): boolean => (evaluator.typeOf(expr)?.array.length ?? 0) > 0;

function mayBeNull(value: Value, env: Env): boolean {
  if (value.kind === "param") return Sets.hasNumber(env.guards.get(value.index) ?? Sets.ALL, 0);
  if (value.kind === "result") return Sets.hasNumber(env.known.get(value.site) ?? Sets.ALL, 0);
  return true;
}

const mirrored = (op: string): string => ({ "<": ">", "<=": ">=", ">": "<", ">=": "<=" })[op] ?? op;
