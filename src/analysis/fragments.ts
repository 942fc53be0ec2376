/**
 * Files that are included inside a function: `#include "cases.inc"` between the labels of a switch. Such a file becomes a function of its own, whose
 * parameters are the names it takes from where it is included; including it is a call that passes them.
 */
import type { BasicBlock, Cfg } from "../cfg/cfg.js";
import type { CompoundStmt, Expr, FunctionDef, FunctionVariant, Include, Param, Stmt, SwitchStmt, TypeName } from "../syntax/ast.js";
import type { Span } from "../source/span.js";
import type { Env, State } from "./state.js";
import { merged } from "./state.js";
import { walk } from "./walk.js";

// Each alternative begins and ends with a character of its own: there is one way only to read what stands in front.
/** White space, a comment, a directive: what may stand in front. Matched piece by piece at a position, so that nothing is tried twice. */
const IN_FRONT = /\s+|\/\*[\s\S]*?\*\/|\/\/[^\n]*|#[^\n]*/y;
const LABEL = /case\b|default\s*:/y;

/** The parameter that stands for what the switch around the include looks at. */
export const SUBJECT = "(subject)";

const NO_TYPE: TypeName = { base: "", pointer: 0, array: [], isFunctionPointer: false };

/** Whether a file begins with a label, as only a part of a switch can. */
export function isFragment(text: string): boolean {
  let at = 0;
  for (IN_FRONT.lastIndex = 0; IN_FRONT.test(text); IN_FRONT.lastIndex = at) at = IN_FRONT.lastIndex;
  LABEL.lastIndex = at;
  return LABEL.test(text);
}

/** The name under which the function made of a fragment is linked; no function of the program can have it. */
export const fragmentName = (path: string): string => `#include ${path.slice(path.lastIndexOf("/") + 1)}`;

/** The function a fragment stands for: a switch over its statements. */
export function fragmentFunction(path: string, variants: readonly FunctionVariant[]): FunctionDef {
  const names = [...new Set(variants.flatMap(({ body }) => freeNames(body)))].sort();
  const params: Param[] = [SUBJECT, ...names].map((name) => ({ name, type: NO_TYPE, span: { start: 0, end: 0 } }));
  const whole: Span = { start: 0, end: Math.max(0, ...variants.map(({ body }) => body.span.end)) };
  return {
    name: fragmentName(path),
    nameSpan: { start: 0, end: 0 },
    span: whole,
    isStatic: false,
    // What it returns, the including function returns.
    returnType: { ...NO_TYPE, base: "int" },
    variants: variants.map((variant) => ({ ...variant, params, body: inSwitch(variant.body) })),
  };
}

function inSwitch(body: CompoundStmt): CompoundStmt {
  const { span } = body;
  return { kind: "compound", span, body: [{ kind: "switch", subject: { kind: "name", name: SUBJECT, span }, body, span }] };
}

/** Names a fragment uses and does not declare; names it calls are left to the linker. */
function freeNames(body: CompoundStmt): readonly string[] {
  const called = new Set<Expr>();
  const declared = new Set<string>();
  const used = new Set<string>();
  walk(body, {
    decl: (decl) => declared.add(decl.name),
    expr: (expr) => {
      if (expr.kind === "call") called.add(expr.callee);
      if (expr.kind === "name" && !called.has(expr) && !/^[A-Z][A-Z0-9_]*$/.test(expr.name)) used.add(expr.name);
    },
  });
  return [...used].filter((name) => !declared.has(name));
}

/** An include inside a function, with the state there; `subject` is what the innermost switch around it looks at. */
export interface FragmentUse {
  readonly include: Include;
  readonly env: Env;
  readonly subject: Expr | undefined;
}

/** The includes of a function's body, each (`after` gives the state at the end of a block) with the state in which its switch is entered, or in which the function is. */
export function fragmentUses(includes: readonly Include[], fn: FunctionDef, body: CompoundStmt, cfg: Cfg, after: (block: BasicBlock) => State | undefined): readonly FragmentUse[] {
  return includes
    .filter((include) => !include.system && include.insideFunction === fn.name && fn.span.start <= include.span.start && include.span.end <= fn.span.end)
    .flatMap((include) => {
      const around = innermostSwitch(body, include.span);
      const block = around ? cfg.blocks.find((one) => one.successors.some((edge) => edge.subject === around.subject)) : cfg.entry;
      const state = block && after(block);
      const [env] = state ? merged(state) : [];
      return env ? [{ include, env, subject: around?.subject }] : [];
    });
}

function innermostSwitch(body: Stmt, span: Span): SwitchStmt | undefined {
  let found: SwitchStmt | undefined;
  walk(body, {
    stmt: (stmt) => {
      if (stmt.kind === "switch" && stmt.span.start <= span.start && span.end <= stmt.span.end) found = stmt;
    },
  });
  return found;
}
