/** What a function of C++ sees beside its parameters, its locals and the file: its class, and for a lambda the function it is written in. */
import type { Expr, FunctionDef, FunctionVariant, Stmt, TranslationUnit, TypeName } from "../syntax/ast.js";
import { surveyLocals } from "./survey.js";
import { walk } from "./walk.js";

/** A name of the function around a lambda that the lambda uses. */
export interface Capture {
  readonly name: string;
  readonly type: TypeName;
  /** What the variable was made from, for `auto`. */
  readonly init?: Expr;
}

export interface Surroundings {
  readonly className?: string;
  /** Whether `this` means something. */
  readonly hasThis: boolean;
  /** Values a lambda is bound to when it is made, in this order behind `this`. */
  readonly captures: readonly Capture[];
}

const NOTHING: Surroundings = { hasThis: false, captures: [] };

export function surroundingsOf(unit: TranslationUnit): (fn: FunctionDef) => Surroundings {
  if (unit.language !== "cpp") return () => NOTHING;
  const parents = new Map<FunctionDef, { readonly fn: FunctionDef; readonly variant: FunctionVariant }>();
  for (const fn of unit.functions) {
    for (const variant of fn.variants) {
      walk(variant.body, {
        expr: (expr) => {
          const lambda = expr.kind === "lambda" ? unit.functions[expr.functionIndex] : undefined;
          if (lambda && !parents.has(lambda)) parents.set(lambda, { fn, variant });
        },
      });
    }
  }
  const known = new Map<FunctionDef, Surroundings>();
  const find = (fn: FunctionDef, depth = 0): Surroundings => {
    const made = known.get(fn);
    if (made || depth > 16) return made ?? NOTHING;
    const parent = parents.get(fn);
    let found: Surroundings;
    if (parent) {
      const around = find(parent.fn, depth + 1);
      found = { ...around, captures: captured(unit, fn, parent.variant, around.captures) };
    } else if (fn.className === undefined) found = NOTHING;
    else found = { className: fn.className, hasThis: !fn.isStatic, captures: [] };
    known.set(fn, found);
    return found;
  };
  return find;
}

function captured(unit: TranslationUnit, lambda: FunctionDef, around: FunctionVariant, outer: readonly Capture[]): readonly Capture[] {
  const used = new Set<string>();
  const own = new Set<string>();
  const collect = (body: Stmt): void =>
    walk(body, {
      decl: (decl) => void own.add(decl.name),
      expr: (expr) => {
        if (expr.kind === "name") used.add(expr.name);
        const inner = expr.kind === "lambda" ? unit.functions[expr.functionIndex] : undefined;
        for (const variant of inner?.variants ?? []) collect(variant.body);
      },
    });
  for (const variant of lambda.variants) {
    for (const param of variant.params) own.add(param.name);
    collect(variant.body);
  }
  const there = new Map<string, Capture>(outer.map((one) => [one.name, one]));
  for (const param of around.params) there.set(param.name, { name: param.name, type: param.type });
  for (const local of surveyLocals(around.body).locals) {
    if (!local.isStatic && !local.isExtern) there.set(local.name, { name: local.name, type: local.type, ...(local.init && { init: local.init }) });
  }
  return [...there.values()].filter(({ name }) => used.has(name) && !own.has(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
}
