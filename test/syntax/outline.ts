/** Compact text for syntax trees, for tests to compare. */
import { SourceFile } from "../../src/source/source-file.js";
import type { Expr, FunctionDef, InitializerItem, Stmt, TranslationUnit, TypeName, VarDecl } from "../../src/syntax/ast.js";
import { parseUnit, type ParseOptions } from "../../src/syntax/index.js";

export const unitOf = (text: string, path = "a.c", options: ParseOptions = {}): TranslationUnit => parseUnit(new SourceFile(path, text), options);

export const typeText = (type: TypeName): string =>
  type.base + "*".repeat(type.pointer) + type.array.map((size) => `[${size === undefined ? "" : exprText(size)}]`).join("") + (type.isFunctionPointer ? "()" : "");

const list = (expressions: readonly Expr[]): string => expressions.map(exprText).join(", ");

function itemText(item: InitializerItem): string {
  const designators = item.designators.map((designator) => (designator.kind === "field" ? `.${designator.name}` : `[${exprText(designator.index)}]`)).join("");
  return (designators === "" ? "" : `${designators} = `) + exprText(item.value);
}

export function exprText(expr: Expr): string {
  switch (expr.kind) {
    case "name":
      return (expr.qualifier === undefined ? "" : `${expr.qualifier}::`) + expr.name;
    case "number":
      return String(expr.value);
    case "string":
      return JSON.stringify(expr.value) + (expr.hasMacro ? "…" : "");
    case "char":
      return `'${expr.value}'`;
    case "call":
      return `${exprText(expr.callee)}(${list(expr.args)})`;
    case "member":
      return `${exprText(expr.object)}${expr.arrow ? "->" : "."}${expr.field}`;
    case "index":
      return `${exprText(expr.object)}[${exprText(expr.index)}]`;
    case "unary":
      return `(${expr.op}${exprText(expr.operand)})`;
    case "update":
      return expr.prefix ? `(${expr.op}${exprText(expr.operand)})` : `(${exprText(expr.operand)}${expr.op})`;
    case "binary":
      return `(${exprText(expr.left)} ${expr.op} ${exprText(expr.right)})`;
    case "assign":
      return `${exprText(expr.target)} ${expr.op} ${exprText(expr.value)}`;
    case "conditional":
      return `(${exprText(expr.condition)} ? ${expr.whenTrue === undefined ? "" : exprText(expr.whenTrue)} : ${exprText(expr.whenFalse)})`;
    case "cast":
      return `<${typeText(expr.type)}>${exprText(expr.operand)}`;
    case "comma":
      return `(${exprText(expr.left)}, ${exprText(expr.right)})`;
    case "sizeof":
      return `sizeof(${expr.type === undefined ? "" : `<${typeText(expr.type)}>`}${expr.operand === undefined ? "" : exprText(expr.operand)})`;
    case "initializer":
      return `{ ${expr.items.map(itemText).join(", ")} }`;
    case "compound-literal":
      return `<${typeText(expr.type)}>${exprText(expr.initializer)}`;
    case "statement-expr":
      return `(${stmtText(expr.body)})`;
    case "lambda":
      return `lambda#${expr.functionIndex}${expr.captures}`;
    case "new":
      return `new ${typeText(expr.type)}(${list(expr.args)})`;
    case "delete":
      return `delete ${exprText(expr.operand)}`;
    case "type":
      return `<${typeText(expr.type)}>`;
    case "unknown":
      return `unknown(${list(expr.parts)})`;
  }
}

const varText = (variable: VarDecl): string =>
  `${variable.isStatic ? "static " : ""}${variable.name}: ${typeText(variable.type)}${variable.init === undefined ? "" : ` = ${exprText(variable.init)}`}`;

const isStatement = (part: Stmt | Expr): part is Stmt => !("operand" in part) && ["compound", "expr", "decl", "if", "empty", "return", "unknown-stmt", "label", "case", "goto", "break", "while", "for", "foreach"].includes(part.kind);

export function stmtText(stmt: Stmt): string {
  switch (stmt.kind) {
    case "compound":
      return `{ ${stmt.body.map(stmtText).join(" ")} }`;
    case "expr":
      return `${exprText(stmt.expr)};`;
    case "decl":
      return `decl ${stmt.vars.map(varText).join(", ")};`;
    case "if":
      return `if ${stmt.init === undefined ? "" : stmtText(stmt.init)}(${exprText(stmt.condition)}) ${stmtText(stmt.then)}${stmt.otherwise === undefined ? "" : ` else ${stmtText(stmt.otherwise)}`}`;
    case "switch":
      return `switch (${exprText(stmt.subject)}) ${stmtText(stmt.body)}`;
    case "case":
      return `case ${exprText(stmt.value)}${stmt.high === undefined ? "" : `...${exprText(stmt.high)}`}:`;
    case "default":
      return "default:";
    case "while":
      return `while (${exprText(stmt.condition)}) ${stmtText(stmt.body)}`;
    case "do":
      return `do ${stmtText(stmt.body)} while (${exprText(stmt.condition)});`;
    case "for":
      return `for (${stmt.init === undefined ? ";" : stmtText(stmt.init)} ${stmt.condition === undefined ? "" : exprText(stmt.condition)}; ${stmt.update === undefined ? "" : exprText(stmt.update)}) ${stmtText(stmt.body)}`;
    case "foreach":
      return `foreach [${stmt.variable === undefined ? "" : varText(stmt.variable)}](${list(stmt.args)}) ${stmtText(stmt.body)}`;
    case "return":
      return `return${stmt.value === undefined ? "" : ` ${exprText(stmt.value)}`};`;
    case "break":
    case "continue":
      return `${stmt.kind};`;
    case "goto":
      return `goto ${stmt.label ?? "*"};`;
    case "label":
      return `${stmt.label}:`;
    case "empty":
      return ";";
    case "try":
      return `try ${stmtText(stmt.body)} ${stmt.handlers.map((handler) => `catch ${stmtText(handler)}`).join(" ")}`;
    case "unknown-stmt":
      return `unknown[${stmt.parts.map((part) => (isStatement(part) ? stmtText(part) : exprText(part))).join(" ")}]`;
  }
}

export const functionText = (definition: FunctionDef): string =>
  definition.variants
    .map((variant) => {
      const params = variant.params.map((param) => `${param.name}: ${typeText(param.type)}`).join(", ");
      const qualifier = definition.qualifier === undefined ? "" : `${definition.qualifier}::`;
      const flags = `${definition.macro ? "macro " : ""}${definition.isStatic && !definition.macro ? "static " : ""}`;
      const note = `${variant.configuration === "" ? "" : ` [${variant.configuration}]`}${variant.unparsable.length > 0 ? ` !${variant.unparsable.length}` : ""}`;
      return `${flags}${qualifier}${definition.name}(${params}): ${typeText(definition.returnType)}${note} ${stmtText(variant.body)}`;
    })
    .join("\n");

/** All functions of a text. */
export const functionsText = (text: string, path?: string): string => unitOf(text, path).functions.map(functionText).join("\n");

/** The statements of a function body with nothing conditional in it. */
export function bodyText(statements: string, path?: string): string {
  const unit = unitOf(`void f(void)\n{\n${statements}\n}\n`, path);
  const [first] = unit.functions;
  if (first === undefined || unit.functions.length !== 1) return `${unit.functions.length} functions`;
  const text = first.variants.map((variant) => stmtText(variant.body).slice(2, -2)).join("\n");
  return unit.coverage.incompleteFunctions.length > 0 ? `INCOMPLETE ${text}` : text;
}
