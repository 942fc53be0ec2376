/** Macros of a file that make a name of their argument, or the label of a case: `#define ON(x) case LWS_CALLBACK_##x:`. */
import type { CompoundStmt, Expr, Stmt } from "./ast.js";
import { unsplice, type Lexed } from "./lexer.js";

export interface PastingMacro {
  /** The parts of the name; `undefined` stands for the argument. */
  readonly parts: readonly (string | undefined)[];
  readonly isCase: boolean;
  /** What is before it ends with a `break`. */
  readonly breaks: boolean;
}

export type PastingMacros = ReadonlyMap<string, PastingMacro>;

const NONE: PastingMacros = new Map();

export function pastingMacros(text: string, { directives }: Lexed): PastingMacros {
  if (!text.includes("##")) return NONE;
  const found = new Map<string, PastingMacro>();
  const defined = new Set<string>();
  for (const directive of directives) {
    if (directive.name !== "define") continue;
    const definition = unsplice(text.slice(directive.nameEnd, directive.end));
    const head = /^\s*(\w+)\(\s*(\w+)\s*\)/.exec(definition);
    if (!head) continue;
    const [, name, param] = head;
    // Defined twice: which one counts depends on the configuration.
    if (defined.size === defined.add(name!).size) found.delete(name!);
    else {
      const macro = readMacro(definition.slice(head[0].length).replace(/\/\*.*?\*\/|\/\/.*$/gs, " ").trim(), param!);
      if (macro) found.set(name!, macro);
    }
  }
  return found;
}

function readMacro(body: string, param: string): PastingMacro | undefined {
  const match = /^(break\s*;\s*)?(case\b)?\s*\(?\s*(\w+(?:\s*##\s*\w+)+)\s*\)?\s*(:?)$/.exec(body);
  if (!match) return undefined;
  const [, breaks, isCase, name, colon] = match;
  if (!isCase && (breaks !== undefined || colon !== "")) return undefined;
  const parts = name!.split("##").map((part) => (part.trim() === param ? undefined : part.trim()));
  return parts.includes(undefined) ? { parts, isCase: isCase !== undefined, breaks: breaks !== undefined } : undefined;
}

/** A body with the names and labels that such macros make in it. */
export const withPasted = (body: CompoundStmt, macros: PastingMacros): CompoundStmt => (macros.size === 0 ? body : (rewritten(body, macros) as CompoundStmt));

function rewritten(node: unknown, macros: PastingMacros): unknown {
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) {
    let copy: unknown[] | undefined;
    for (const [i, one] of (node as readonly unknown[]).entries()) {
      const label = labelOf(one, macros);
      const next = label ? undefined : rewritten(one, macros);
      if (label || next !== one) copy ??= (node as readonly unknown[]).slice(0, i);
      if (copy) copy.push(...(label ?? [next]));
    }
    return copy ?? node;
  }
  const name = pastedName(node as Expr, macros, false);
  if (name) return name;
  let copy: Record<string, unknown> | undefined;
  for (const [key, value] of Object.entries(node)) {
    const next = key === "span" ? value as unknown : rewritten(value, macros);
    if (next !== value) (copy ??= { ...node })[key] = next;
  }
  return copy ?? node;
}

/** `ON(RECEIVE)` where a statement can stand. */
function labelOf(node: unknown, macros: PastingMacros): readonly Stmt[] | undefined {
  const stmt = node as Stmt;
  if (stmt.kind !== "expr") return undefined;
  const value = pastedName(stmt.expr, macros, true);
  if (!value) return undefined;
  const label: Stmt = { kind: "case", value, span: stmt.span };
  return macroOf(stmt.expr, macros)!.breaks ? [{ kind: "break", span: stmt.span }, label] : [label];
}

const macroOf = (expr: Expr, macros: PastingMacros): PastingMacro | undefined => (expr.kind === "call" && expr.callee.kind === "name" ? macros.get(expr.callee.name) : undefined);

function pastedName(expr: Expr, macros: PastingMacros, isCase: boolean): Expr | undefined {
  const macro = macroOf(expr, macros);
  const [arg, ...others] = expr.kind === "call" ? expr.args : [];
  if (macro?.isCase !== isCase || arg?.kind !== "name" || others.length > 0) return undefined;
  return { kind: "name", name: macro.parts.map((part) => part ?? arg.name).join(""), span: expr.span };
}
