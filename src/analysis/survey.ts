/** What a function body says about its locals before any of it is interpreted. */
import type { Expr, Stmt, VarDecl } from "../syntax/ast.js";
import { walk, withoutCasts } from "./walk.js";

export interface Survey {
  readonly locals: readonly VarDecl[];
  readonly escaped: ReadonlySet<string>;
  readonly assigned: ReadonlySet<string>;
  /** Locals that are only ever given constants or comparisons, more than one, and are tested or returned: flags. */
  readonly flags: readonly string[];
  /** Members, `name->field` and `name.field`, that a `switch` or a comparison with constants chooses by. */
  readonly chosenBy: readonly Choice[];
  /** Calls by name, with the offsets at which they start. */
  readonly calls: readonly { readonly name: string; readonly start: number }[];
}

export interface Choice {
  readonly name: string;
  readonly field: string;
  /** Names among what it is compared with. */
  readonly constants: readonly string[];
}

export function surveyLocals(body: Stmt): Survey {
  const locals: VarDecl[] = [];
  const escaped = new Set<string>();
  const passed = new Set<Expr>();
  const assignments = new Map<string, { count: number; constant: boolean }>();
  const tested = new Set<string>();

  const directlyAssigned = new Set<string>();
  const calls: { name: string; start: number }[] = [];
  const noteAssignment = (name: string, value: Expr | undefined): void => {
    const known = assignments.get(name) ?? { count: 0, constant: true };
    assignments.set(name, {
      count: known.count + 1,
      constant: known.constant && value !== undefined && (isConstantLike(value) || isComparison(value)),
    });
  };
  const chosenBy: Choice[] = [];
  const noteChoice = (expr: Expr, constants: readonly Expr[]): void => {
    const plain = withoutCasts(expr);
    if (plain.kind !== "member" || plain.object.kind !== "name") return;
    chosenBy.push({ name: plain.object.name, field: plain.field, constants: constants.flatMap((constant) => (constant.kind === "name" ? [constant.name] : [])) });
  };
  const noteTests = (root: Expr): void => {
    if (root.kind === "name") tested.add(root.name);
    else walk(root, { expr: (expr) => { if (expr.kind === "name") tested.add(expr.name); } });
  };

  walk(body, {
    decl: (decl) => {
      locals.push(decl);
      if (decl.init) noteAssignment(decl.name, decl.init);
    },
    expr: (expr) => {
      switch (expr.kind) {
        case "call":
          for (const arg of expr.args) passed.add(withoutCasts(arg));
          if (expr.callee.kind === "name") calls.push({ name: expr.callee.name, start: expr.span.start });
          return;
        case "unary":
          if (expr.op === "&" && expr.operand.kind === "name" && !passed.has(expr)) escaped.add(expr.operand.name);
          return;
        case "assign": case "update": {
          const target = expr.kind === "assign" ? expr.target : expr.operand;
          if (target.kind !== "name") return;
          directlyAssigned.add(target.name);
          noteAssignment(target.name, expr.kind === "assign" && expr.op === "=" ? expr.value : undefined);
          return;
        }
        case "binary":
          if (expr.op !== "==" && expr.op !== "!=") return;
          if (isConstantLike(expr.right)) noteChoice(expr.left, [expr.right]);
          else if (isConstantLike(expr.left)) noteChoice(expr.right, [expr.left]);
          return;
        case "conditional": noteTests(expr.condition); return;
        default: return;
      }
    },
    stmt: (stmt) => {
      if (stmt.kind === "if" || stmt.kind === "while" || stmt.kind === "do") noteTests(stmt.condition);
      else if (stmt.kind === "for" && stmt.condition) noteTests(stmt.condition);
      else if (stmt.kind === "switch") {
        noteTests(stmt.subject);
        noteChoice(stmt.subject, stmt.body.kind === "compound" ? stmt.body.body.flatMap((one) => (one.kind === "case" ? [one.value] : [])) : []);
      }
      else if (stmt.kind === "return" && stmt.value) noteTests(stmt.value);
    },
  });

  const declared = new Set(locals.map((local) => local.name));
  const flags = [...assignments]
    .filter(([name, { count, constant }]) => declared.has(name) && constant && count > 1 && tested.has(name))
    .map(([name]) => name)
    .slice(0, 3);
  return { locals, escaped, assigned: directlyAssigned, flags, calls, chosenBy };
}

function isConstantLike(expr: Expr): boolean {
  switch (expr.kind) {
    case "number": case "char": return true;
    case "name": return /^_*[A-Z][A-Z0-9_]*$|^true$|^false$/.test(expr.name);
    case "unary": return (expr.op === "-" || expr.op === "!") && isConstantLike(expr.operand);
    case "cast": return isConstantLike(expr.operand);
    default: return false;
  }
}

const isComparison = (expr: Expr): boolean =>
  expr.kind === "binary" && ["==", "!=", "<", ">", "<=", ">=", "&&", "||"].includes(expr.op);
