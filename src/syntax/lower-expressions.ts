import type { Span } from "../source/span.js";
import type { Designator, Expr, InitializerItem, InitializerList, StringExpr, TypeName } from "./ast.js";
import { charValue, numberValue, stringValue } from "./literals.js";
import type { Lowering } from "./lower.js";
import { CPP_CASTS, lowerTypeDescriptor, typeBase } from "./lower-declarations.js";
import { lowerCompound } from "./lower-statements.js";
import { looksLikeMacro } from "./stream.js";
import { ERROR_TYPE, MISSING_TYPE } from "./tree-sitter.js";

const unaryOperators = new Set(["&", "*", "!", "-", "+", "~"]);

export function lowerExpression(l: Lowering, node: number): Expr {
  const span = l.span(node);
  switch (l.type(node)) {
    case "identifier":
    case "field_identifier":
    case "type_identifier":
    case "namespace_identifier":
    case "statement_identifier":
    case "primitive_type":
    case "null":
    case "true":
    case "false":
    case "this":
    case "auto":
      return lowerName(l, node);
    case "number_literal":
      // A number that the file does not have fills a gap.
      if (!/^[-+\d.]/.test(l.text(node))) return { kind: "unknown", parts: [], span };
      return { kind: "number", value: numberValue(l.text(node)), span };
    case "user_defined_literal":
      return l.unknown(node);
    case "string_literal":
    case "raw_string_literal":
      // Shown as a string, but a name in the file.
      if (/^\w+$/.test(l.text(node))) return { kind: "name", name: l.text(node), span };
      return { kind: "string", value: stringValue(l.text(node)), span };
    case "concatenated_string":
      return lowerStrings(l, node);
    case "char_literal":
      return { kind: "char", value: charValue(l.text(node)), span };
    case "parenthesized_expression": {
      const inner = l.children(node);
      if (inner.length !== 1) return inner.length === 0 ? l.unknown(node) : { kind: "unknown", parts: inner.map((child) => l.expr(child)), span };
      if (l.type(inner[0]!) === "compound_statement") return { kind: "statement-expr", body: lowerCompound(l, inner[0]!), span };
      return l.expr(inner[0]);
    }
    case "compound_statement":
      return { kind: "statement-expr", body: lowerCompound(l, node), span };
    case "extension_expression":
      return l.expr(l.children(node)[0], span);
    case "call_expression":
      return lowerCall(l, node);
    case "field_expression": {
      const object = l.field(node, "argument");
      const field = l.field(node, "field");
      return { kind: "member", object: l.expr(object, span), field: field === undefined ? "" : l.text(field), arrow: l.operator(node, object) === "->", span };
    }
    case "subscript_expression": {
      const object = l.field(node, "argument");
      const list = l.field(node, "indices");
      const index = l.field(node, "index") ?? (list === undefined ? undefined : l.children(list)[0]);
      return { kind: "index", object: l.expr(object, span), index: l.expr(index, span), span };
    }
    case "pointer_expression":
    case "unary_expression": {
      const op = l.operator(node);
      const argument = l.field(node, "argument");
      if (!unaryOperators.has(op)) return l.unknown(node);
      return { kind: "unary", op: op as "&", operand: l.expr(argument, span), span };
    }
    case "update_expression": {
      const argument = l.field(node, "argument");
      const op = l.operator(node) === "--" ? "--" : "++";
      if (argument === node + 1 && l.type(argument) === "unary_expression") return lowerMisplacedUpdate(l, argument, op, span);
      return { kind: "update", op, prefix: argument !== node + 1, operand: l.expr(argument, span), span };
    }
    case "binary_expression": {
      const left = l.field(node, "left");
      const cast = castOfUnary(l, node, left);
      if (cast !== undefined) return cast;
      return { kind: "binary", op: l.operator(node, left), left: l.expr(left, span), right: l.expr(l.field(node, "right"), span), span };
    }
    case "assignment_expression": {
      const left = l.field(node, "left");
      return { kind: "assign", op: l.operator(node, left), target: l.expr(left, span), value: l.expr(l.field(node, "right"), span), span };
    }
    case "conditional_expression": {
      const whenTrue = l.field(node, "consequence");
      return {
        kind: "conditional",
        condition: l.expr(l.field(node, "condition"), span),
        ...(whenTrue === undefined ? {} : { whenTrue: l.expr(whenTrue) }),
        whenFalse: l.expr(l.field(node, "alternative"), span),
        span,
      };
    }
    case "comma_expression":
      return { kind: "comma", left: l.expr(l.field(node, "left"), span), right: l.expr(l.field(node, "right"), span), span };
    case "cast_expression":
      return { kind: "cast", type: lowerTypeDescriptor(l, l.field(node, "type")), operand: l.expr(l.field(node, "value"), span), span };
    case "sizeof_expression": {
      const type = l.field(node, "type");
      const value = l.field(node, "value");
      if (type !== undefined) return { kind: "sizeof", type: lowerTypeDescriptor(l, type), span };
      return { kind: "sizeof", ...(value === undefined ? {} : { operand: l.expr(value) }), span };
    }
    case "compound_literal_expression": {
      const value = l.field(node, "value");
      const named = l.field(node, "type");
      const type = lowerTypeDescriptor(l, named);
      if (value === undefined) return l.unknown(node);
      const isConstruction = named !== undefined && l.type(named) !== "type_descriptor";
      return { kind: "compound-literal", type, initializer: lowerInitializerList(l, value), span, ...(isConstruction && { isConstruction }) };
    }
    case "initializer_list":
      return lowerInitializerList(l, node);
    case "argument_list": {
      // C++ direct initialisation, `T x(a, b)`.
      return { kind: "unknown", parts: l.children(node).map((child) => l.expr(child)), span };
    }
    case "qualified_identifier": {
      const [, plain = "", typeArguments] = /^(.*?)(?:<((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)>)?$/s.exec(l.text(node)) ?? [];
      const text = /^[\w:\s~]*$/.test(plain) ? plain : plain.replace(/<[^()]*>/s, "");
      const at = text.lastIndexOf("::");
      return { kind: "name", name: text.slice(at + 2).trim(), qualifier: text.slice(0, at).trim(), ...(typeArguments !== undefined && { typeArguments }), span };
    }
    case "template_function":
    case "dependent_name": {
      const name = l.field(node, "name");
      if (name === undefined) return l.unknown(node);
      const lowered = lowerExpression(l, name);
      const list = l.field(node, "arguments");
      return lowered.kind === "name" && list !== undefined ? { ...lowered, typeArguments: l.text(list).slice(1, -1), span } : { ...lowered, span };
    }
    case "lambda_expression":
      return lowerLambda(l, node);
    case "new_expression": {
      const args = l.field(node, "arguments");
      const type = l.field(node, "type");
      return {
        kind: "new",
        type: { base: type === undefined ? "" : typeBase(l, type), pointer: 0, array: [], isFunctionPointer: false },
        args: args === undefined ? [] : l.children(args).map((child) => l.expr(child)),
        span,
      };
    }
    case "delete_expression":
      return { kind: "delete", operand: l.expr(l.children(node).at(-1), span), span };
    case "type_descriptor":
      return { kind: "type", type: lowerTypeDescriptor(l, node), span };
    default:
      return l.unknown(node);
  }
}

/** `!x++`: the grammar takes it for `(!x)++`. */
function lowerMisplacedUpdate(l: Lowering, unary: number, op: "++" | "--", span: Span): Expr {
  const sign = l.operator(unary);
  const argument = l.field(unary, "argument");
  if (argument === undefined || !unaryOperators.has(sign)) return { kind: "update", op, prefix: false, operand: l.expr(unary), span };
  const inner = { start: l.start(argument), end: span.end };
  const operand: Expr = l.type(argument) === "unary_expression"
    ? lowerMisplacedUpdate(l, argument, op, inner)
    : { kind: "update", op, prefix: false, operand: l.expr(argument), span: inner };
  return { kind: "unary", op: sign as "!", operand, span };
}

function lowerName(l: Lowering, node: number): Expr {
  const { hints } = l.options;
  const start = l.start(node);
  const type = hints.types.get(start);
  if (type !== undefined) return { kind: "type", type, span: l.span(node) };
  const end = hints.unreadable.get(start);
  if (end !== undefined) return { kind: "unknown", parts: [], span: { start, end: l.clamp(end) } };
  return { kind: "name", name: l.text(node), span: l.span(node) };
}

function lowerStrings(l: Lowering, node: number): StringExpr {
  let value = "";
  let hasMacro = false;
  for (const child of l.children(node)) {
    const text = l.text(child);
    if (/["']/.test(text[0] ?? "") || /^\w{1,3}"/.test(text)) value += stringValue(text);
    else hasMacro = true;
  }
  return { kind: "string", value, ...(hasMacro ? { hasMacro: true as const } : {}), span: l.span(node) };
}

function lowerCall(l: Lowering, node: number): Expr {
  const span = l.span(node);
  const callee = l.field(node, "function");
  const list = l.field(node, "arguments");
  if (callee === undefined || list === undefined) return l.unknown(node);
  const args: Expr[] = [];
  for (const child of l.children(list)) {
    if (l.type(child) !== MISSING_TYPE) args.push(l.expr(child));
  }
  const calleeType = l.type(callee);
  if (args.length === 1) {
    const cast = castType(l, callee, calleeType);
    if (cast !== undefined) return { kind: "cast", type: cast, operand: args[0]!, span };
  }
  if (calleeType === "template_function" && args.length === 1) {
    const name = l.field(callee, "name");
    const types = l.field(callee, "arguments");
    if (name !== undefined && types !== undefined && CPP_CASTS.has(l.text(name))) {
      return { kind: "cast", type: lowerTypeDescriptor(l, l.children(types)[0]), operand: args[0]!, span };
    }
  }
  const argsSpan: Span = l.span(list);
  return { kind: "call", callee: l.expr(callee), args, argsSpan, span };
}

/** `(name_t)*p` and `(name_t)-1`: a binary operation for a grammar that knows no types. */
function castOfUnary(l: Lowering, node: number, left: number | undefined): Expr | undefined {
  if (left === undefined || l.type(left) !== "parenthesized_expression") return undefined;
  const op = l.operator(node, left);
  const right = l.field(node, "right");
  if (right === undefined || !unaryOperators.has(op)) return undefined;
  const type = castType(l, left, "parenthesized_expression");
  // A name in capitals is as well a constant: `(SIZE) - 1`.
  if (type === undefined || (looksLikeMacro(type.base) && !l.options.typeNames.has(type.base))) return undefined;
  const operand: Expr = { kind: "unary", op: op as "*", operand: l.expr(right), span: { start: l.end(left), end: l.end(right) } };
  return { kind: "cast", type, operand, span: l.span(node) };
}

/** `(name)(x)` is a cast when the name is a type by all that can be told, and so is C++ `int(x)`. */
function castType(l: Lowering, callee: number, calleeType: string): TypeName | undefined {
  if (calleeType === "primitive_type") return { base: l.text(callee), pointer: 0, array: [], isFunctionPointer: false };
  if (calleeType !== "parenthesized_expression") return undefined;
  const inner = l.children(callee);
  if (inner.length !== 1 || l.type(inner[0]!) !== "identifier") return undefined;
  const name = l.text(inner[0]!);
  if (!l.options.typeNames.has(name) && !name.endsWith("_t") && !looksLikeMacro(name)) return undefined;
  return { base: name, pointer: 0, array: [], isFunctionPointer: false };
}

export function lowerInitializerList(l: Lowering, node: number): InitializerList {
  const items: InitializerItem[] = [];
  for (const child of l.children(node)) {
    const type = l.type(child);
    if (type === "initializer_pair") items.push(lowerInitializerPair(l, child));
    else if (type !== MISSING_TYPE) items.push({ designators: [], value: type === ERROR_TYPE ? l.unknown(child) : l.expr(child), span: l.span(child) });
  }
  return { kind: "initializer", items, span: l.span(node) };
}

function lowerInitializerPair(l: Lowering, node: number): InitializerItem {
  const span = l.span(node);
  const designators: Designator[] = [];
  for (const designator of l.fieldNodes(node, "designator")) {
    const at = l.span(designator);
    const type = l.type(designator);
    if (type === "subscript_designator") designators.push({ kind: "index", index: l.expr(l.children(designator)[0], at), span: at });
    else if (type === "subscript_range_designator") designators.push({ kind: "index", index: l.expr(l.field(designator, "start"), at), span: at });
    else {
      const name = l.childOfType(designator, "field_identifier") ?? designator;
      designators.push({ kind: "field", name: l.text(name), span: at });
    }
  }
  return { designators, value: l.expr(l.field(node, "value"), span), span };
}

function lowerLambda(l: Lowering, node: number): Expr {
  const span = l.span(node);
  const body = l.field(node, "body");
  const captures = l.field(node, "captures");
  const declarator = l.field(node, "declarator");
  const params = declarator === undefined ? undefined : l.field(declarator, "parameters");
  if (body === undefined) return l.unknown(node);
  const text = captures === undefined ? "" : l.text(captures);
  const functionIndex = l.options.onLambda({
    span,
    params: params === undefined ? undefined : l.span(params),
    captures: text,
    body: lowerCompound(l, body),
  });
  return { kind: "lambda", functionIndex, captures: text, span };
}
