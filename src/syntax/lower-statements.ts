import type { CompoundStmt, Expr, Stmt } from "./ast.js";
import { single, type Lowering } from "./lower.js";
import { isExpressionType } from "./lower.js";
import { lowerVariables } from "./lower-declarations.js";
import { ERROR_TYPE, MISSING_TYPE } from "./tree-sitter.js";

export function lowerCompound(l: Lowering, node: number): CompoundStmt {
  const body: Stmt[] = [];
  for (const child of l.children(node)) l.statement(child, body);
  return { kind: "compound", body, span: l.span(node) };
}

function oneStatement(l: Lowering, node: number | undefined, fallback: number): Stmt {
  const out: Stmt[] = [];
  if (node !== undefined) l.statement(node, out);
  const span = node === undefined ? { start: l.end(fallback), end: l.end(fallback) } : l.span(node);
  return single(out, span);
}

export function lowerStatement(l: Lowering, node: number, out: Stmt[]): void {
  const span = l.span(node);
  const type = l.type(node);
  switch (type) {
    case "compound_statement":
    case "declaration_list":
      out.push(lowerCompound(l, node));
      return;
    case "expression_statement": {
      const inner = l.children(node).filter((child) => l.type(child) !== MISSING_TYPE);
      const keyword = l.options.hints.computedGotos.get(span.start);
      if (keyword !== undefined) out.push({ kind: "goto", label: undefined, span });
      else if (inner.length === 0) out.push({ kind: "empty", span });
      else for (const child of inner) out.push(l.type(child) === ERROR_TYPE ? l.unknownStatement(child) : { kind: "expr", expr: l.expr(child), span });
      return;
    }
    case "declaration":
      if (isMisreadKeyword(l, node)) {
        l.reject(node);
        out.push(l.unknownStatement(node));
        return;
      }
      out.push({ kind: "decl", vars: lowerVariables(l, node), span });
      return;
    case "if_statement":
    case "while_statement": {
      const loop = l.options.hints.loops.get(span.start);
      if (loop !== undefined) lowerLoopMacro(l, node, out);
      else if (type === "if_statement") lowerIf(l, node, out);
      else {
        const { before, condition } = lowerCondition(l, l.field(node, "condition"), node);
        out.push(...before, { kind: "while", condition, body: oneStatement(l, l.field(node, "body"), node), span });
      }
      return;
    }
    case "do_statement":
      out.push({
        kind: "do",
        body: oneStatement(l, l.field(node, "body"), node),
        condition: lowerCondition(l, l.field(node, "condition"), node).condition,
        span,
      });
      return;
    case "for_statement":
      lowerFor(l, node, out);
      return;
    case "for_range_loop":
      lowerRangeFor(l, node, out);
      return;
    case "switch_statement": {
      const { before, condition } = lowerCondition(l, l.field(node, "condition"), node);
      const init = before[0];
      out.push({ kind: "switch", ...(init === undefined ? {} : { init }), subject: condition, body: oneStatement(l, l.field(node, "body"), node), span });
      return;
    }
    case "case_statement":
      lowerCase(l, node, out);
      return;
    case "labeled_statement": {
      const label = l.field(node, "label");
      const colon = l.childOfType(node, ":");
      out.push({ kind: "label", label: label === undefined ? "" : l.text(label), span: { start: span.start, end: colon === undefined ? span.end : l.end(colon) } });
      for (const child of l.children(node)) if (child !== label && !isEmptyMade(l, child)) l.statement(child, out);
      return;
    }
    case "return_statement":
    case "co_return_statement": {
      const value = l.children(node).find((child) => l.type(child) !== MISSING_TYPE);
      out.push({ kind: "return", ...(value === undefined ? {} : { value: l.expr(value) }), span });
      return;
    }
    case "throw_statement":
    case "co_yield_statement":
      out.push({ kind: "expr", expr: l.unknown(node), span });
      return;
    case "break_statement":
      out.push({ kind: "break", span });
      return;
    case "continue_statement":
      out.push({ kind: "continue", span });
      return;
    case "goto_statement": {
      const label = l.field(node, "label");
      out.push({ kind: "goto", label: label === undefined ? undefined : l.text(label), span });
      return;
    }
    case "attributed_statement":
      for (const child of l.children(node)) if (l.type(child) !== "attribute_declaration") l.statement(child, out);
      return;
    case "try_statement":
    case "seh_try_statement":
      lowerTry(l, node, out);
      return;
    case "init_statement":
    case "else_clause":
      for (const child of l.children(node)) l.statement(child, out);
      return;
    case "function_definition":
    case ERROR_TYPE:
      out.push(l.unknownStatement(node));
      return;
    case MISSING_TYPE:
    case "attribute_declaration":
    case "type_definition":
    case "alias_declaration":
    case "using_declaration":
    case "namespace_alias_definition":
    case "static_assert_declaration":
    case "template_declaration":
    case "struct_specifier":
    case "union_specifier":
    case "enum_specifier":
    case "class_specifier":
    case "preproc_call":
    case "preproc_def":
    case "preproc_function_def":
      return;
    default:
      if (isExpressionType(type)) out.push({ kind: "expr", expr: l.expr(node), span });
      else out.push(l.unknownStatement(node));
  }
}

const isEmptyMade = (l: Lowering, node: number): boolean =>
  l.type(node) === "expression_statement" && l.children(node).every((child) => l.type(child) === MISSING_TYPE) && l.childOfType(node, ";") === undefined;

/** An `else` without its `if` passes for a type. */
function isMisreadKeyword(l: Lowering, node: number): boolean {
  const type = l.field(node, "type");
  return type !== undefined && l.type(type) === "type_identifier" && l.viewText(type) === "else";
}

/** A parenthesised condition, or the C++ one that may declare something first. */
function lowerCondition(l: Lowering, node: number | undefined, owner: number): { before: Stmt[]; condition: Expr } {
  const before: Stmt[] = [];
  if (node === undefined) return { before, condition: { kind: "unknown", parts: [], span: { start: l.end(owner), end: l.end(owner) } } };
  if (l.type(node) !== "condition_clause") return { before, condition: l.expr(node) };
  const init = l.field(node, "initializer");
  if (init !== undefined) l.statement(init, before);
  const value = l.field(node, "value");
  if (value !== undefined && l.type(value) === "declaration") {
    const vars = lowerVariables(l, value);
    before.push({ kind: "decl", vars, span: l.span(value) });
    const declared = vars[0];
    if (declared !== undefined) return { before, condition: { kind: "name", name: declared.name, span: declared.nameSpan } };
  }
  return { before, condition: l.expr(value, l.span(node)) };
}

function lowerIf(l: Lowering, node: number, out: Stmt[]): void {
  const { before, condition } = lowerCondition(l, l.field(node, "condition"), node);
  const alternative = l.field(node, "alternative");
  let otherwise: Stmt | undefined;
  if (alternative !== undefined) {
    // `else_clause` holds one statement; errors in it come along.
    const inner: Stmt[] = [];
    if (l.type(alternative) === "else_clause") for (const child of l.children(alternative)) l.statement(child, inner);
    else l.statement(alternative, inner);
    otherwise = single(inner, l.span(alternative));
  }
  const init = before.length > 1 ? ({ kind: "compound", body: before, span: before[0]!.span } as const) : before[0];
  out.push({
    kind: "if",
    ...(init === undefined ? {} : { init }),
    condition,
    then: oneStatement(l, l.field(node, "consequence"), node),
    ...(otherwise === undefined ? {} : { otherwise }),
    span: l.span(node),
  });
}

function lowerFor(l: Lowering, node: number, out: Stmt[]): void {
  const initializer = l.field(node, "initializer");
  const init: Stmt[] = [];
  if (initializer !== undefined) l.statement(initializer, init);
  const condition = l.field(node, "condition");
  const update = l.field(node, "update");
  const first = init[0];
  out.push({
    kind: "for",
    ...(first === undefined ? {} : { init: first }),
    ...(condition === undefined ? {} : { condition: l.expr(condition) }),
    ...(update === undefined ? {} : { update: l.expr(update) }),
    body: oneStatement(l, l.field(node, "body"), node),
    span: l.span(node),
  });
}

function lowerRangeFor(l: Lowering, node: number, out: Stmt[]): void {
  const right = l.field(node, "right");
  const variable = lowerVariables(l, node)[0];
  out.push({
    kind: "foreach",
    ...(variable === undefined ? {} : { variable }),
    args: right === undefined ? [] : [l.expr(right)],
    body: oneStatement(l, l.field(node, "body"), node),
    span: l.span(node),
  });
}

/** An iteration macro, which the view shows as a `while` or an `if`. */
function lowerLoopMacro(l: Lowering, node: number, out: Stmt[]): void {
  const span = l.span(node);
  const hint = l.options.hints.loops.get(span.start);
  const condition = l.field(node, "condition");
  const args: Expr[] = [];
  const flatten = (expr: Expr): void => {
    if (expr.kind === "comma") {
      flatten(expr.left);
      flatten(expr.right);
    } else args.push(expr);
  };
  if (condition !== undefined) flatten(lowerCondition(l, condition, node).condition);
  const variable = hint?.variable;
  const nameSpan = variable === undefined ? undefined : { start: variable.start, end: variable.end };
  out.push({
    kind: "foreach",
    ...(variable === undefined || nameSpan === undefined
      ? {}
      : { variable: { kind: "var", name: variable.name, nameSpan, type: variable.type, isStatic: false, isExtern: false, span: nameSpan } as const }),
    args: hint?.isEmpty === true ? [] : args,
    body: oneStatement(l, l.field(node, "body") ?? l.field(node, "consequence"), node),
    span,
  });
}

function lowerCase(l: Lowering, node: number, out: Stmt[]): void {
  const span = l.span(node);
  const value = l.field(node, "value");
  const colon = l.childOfType(node, ":");
  const labelSpan = { start: span.start, end: colon === undefined ? span.end : l.end(colon) };
  if (value === undefined) out.push({ kind: "default", span: labelSpan });
  else out.push(caseLabel(l, value, labelSpan));
  for (const child of l.children(node)) if (child !== value) l.statement(child, out);
}

/** GNU `case a ... b:` comes as `a || b`. */
function caseLabel(l: Lowering, value: number, span: { start: number; end: number }): Stmt {
  const { caseRanges } = l.options.hints;
  if (l.type(value) === "binary_expression" && caseRanges.size > 0) {
    const operator = l.childOfType(value, "||");
    const left = l.field(value, "left");
    if (operator !== undefined && left !== undefined && caseRanges.has(l.start(operator))) {
      return { kind: "case", value: l.expr(left), high: l.expr(l.field(value, "right")), span };
    }
  }
  return { kind: "case", value: l.expr(value), span };
}

function lowerTry(l: Lowering, node: number, out: Stmt[]): void {
  const body = l.field(node, "body");
  const handlers: Stmt[] = [];
  for (const child of l.children(node)) {
    const inner = child === body ? undefined : l.field(child, "body");
    if (inner !== undefined) handlers.push(lowerCompound(l, inner));
  }
  out.push({ kind: "try", body: oneStatement(l, body, node), handlers, span: l.span(node) });
}
