import type { Span } from "../source/span.js";
import type {
  CompoundStmt, Expr, InitializerList, Language, Stmt, StructDef, UnknownExpr, UnknownStmt, VarDecl,
} from "./ast.js";
import { unsplice } from "./lexer.js";
import { lowerExpression } from "./lower-expressions.js";
import { lowerStatement } from "./lower-statements.js";
import { ERROR_TYPE, MISSING_TYPE, type ParsedTree } from "./tree-sitter.js";
import type { Hints, SplicedToken } from "./view.js";

/** A function written inside another one: a C++ lambda. The caller gives it its place in the unit. */
export interface LambdaSource {
  readonly span: Span;
  readonly params: Span | undefined;
  readonly captures: string;
  readonly body: CompoundStmt;
}

export interface LoweringOptions {
  readonly language: Language;
  /** The file. */
  readonly source: string;
  /** The stretch of the file that was parsed. */
  readonly bounds: Span;
  /** Adding it to an offset of the tree gives one of the file. */
  readonly shift: number;
  readonly hints: Hints;
  readonly spliced: ReadonlyMap<number, SplicedToken>;
  /** The text that was parsed. */
  readonly view: string;
  /** Names that the file declares as types; they decide between a call and a cast. */
  readonly typeNames: ReadonlySet<string>;
  /** Takes a lambda's body and returns its index among the unit's functions. */
  readonly onLambda: (lambda: LambdaSource) => number;
  /** Takes a struct that is defined inside of a function. */
  readonly onStruct: (struct: StructDef) => void;
  /** Takes, in words, what was left out for its size. */
  readonly onLimit: (message: string) => void;
}

/** Nesting of the syntax tree that is followed: all layers above recurse over it. Generated code reaches some hundreds. */
const DEPTH_LIMIT = 1000;

/** Field names to ids, once per grammar. */
const fieldIds = new WeakMap<readonly (string | null)[], ReadonlyMap<string, number>>();

/** A parsed tree while it is read: navigation by fields, spans and texts in terms of the file. */
export class Lowering {
  readonly #fields: ReadonlyMap<string, number>;
  readonly #rejected: Span[] = [];
  #depth = 0;

  constructor(
    readonly tree: ParsedTree,
    readonly options: LoweringOptions,
  ) {
    let fields = fieldIds.get(tree.fields);
    if (fields === undefined) {
      fields = new Map(tree.fields.flatMap((name, id) => (name === null ? [] : [[name, id] as const])));
      fieldIds.set(tree.fields, fields);
    }
    this.#fields = fields;
  }

  type(node: number): string {
    return this.tree.types[this.tree.type[node]!]!;
  }

  /** Named children and errors, without punctuation and comments. */
  children(node: number): number[] {
    const { after } = this.tree;
    const result: number[] = [];
    for (let child = node + 1; child < after[node]!; child = after[child]!) {
      const type = this.type(child);
      if (isNamed(type) && type !== "comment") result.push(child);
    }
    return result;
  }

  field(node: number, name: string): number | undefined {
    const id = this.#fields.get(name);
    if (id === undefined) return undefined;
    const { after, field } = this.tree;
    for (let child = node + 1; child < after[node]!; child = after[child]!) {
      if (field[child] === id && this.type(child) !== "comment") return child;
    }
    return undefined;
  }

  fieldNodes(node: number, name: string): number[] {
    const id = this.#fields.get(name);
    const { after, field } = this.tree;
    const result: number[] = [];
    if (id === undefined) return result;
    for (let child = node + 1; child < after[node]!; child = after[child]!) {
      if (field[child] === id && isNamed(this.type(child))) result.push(child);
    }
    return result;
  }

  childOfType(node: number, type: string): number | undefined {
    const { after } = this.tree;
    for (let child = node + 1; child < after[node]!; child = after[child]!) if (this.type(child) === type) return child;
    return undefined;
  }

  start(node: number): number {
    return this.clamp(this.tree.start[node]! + this.options.shift);
  }

  end(node: number): number {
    const end = this.clamp(this.tree.end[node]! + this.options.shift);
    return this.options.spliced.size === 0 ? end : (this.options.spliced.get(end)?.end ?? end);
  }

  span(node: number): Span {
    return { start: this.start(node), end: this.end(node) };
  }

  /** Text put around a view for the parser's sake is in no file. */
  clamp(offset: number): number {
    const { bounds } = this.options;
    return Math.max(bounds.start, Math.min(offset, bounds.end));
  }

  /** A node's text as the file has it, without splices. */
  text(node: number): string {
    return unsplice(this.options.source.slice(this.start(node), this.end(node)));
  }

  /** A node's text as the parser saw it, white space normalised. */
  viewText(node: number): string {
    return this.options.view.slice(this.tree.start[node], this.tree.end[node]).replace(/\s+/g, " ").trim();
  }

  /** Operator of a node: its first token that stands behind `left`, or its first token at all. */
  operator(node: number, left?: number): string {
    const { after } = this.tree;
    for (let child = left === undefined ? node + 1 : after[left]!; child < after[node]!; child = after[child]!) {
      const type = this.type(child);
      if (!isNamed(type)) return type;
    }
    return "";
  }

  expr(node: number | undefined, fallback?: Span): Expr {
    if (node === undefined) return { kind: "unknown", parts: [], span: fallback ?? { start: 0, end: 0 } };
    if (!this.#descend()) return { kind: "unknown", parts: [], span: this.span(node) };
    const expr = lowerExpression(this, node);
    this.#depth--;
    return expr;
  }

  /** Statements of a node, in order: labels stand before what they label. */
  statement(node: number, out: Stmt[]): void {
    if (!this.#descend()) {
      out.push({ kind: "unknown-stmt", parts: [], span: this.span(node) });
      return;
    }
    lowerStatement(this, node, out);
    this.#depth--;
  }

  /** Counts a level of nesting; false when there are too many. */
  #descend(): boolean {
    if (this.#depth >= DEPTH_LIMIT) {
      this.options.onLimit("Expressions or statements nested too deeply were left out.");
      return false;
    }
    this.#depth++;
    return true;
  }

  unknown(node: number): UnknownExpr {
    return { kind: "unknown", parts: this.readableParts(node), span: this.span(node) };
  }

  unknownStatement(node: number): UnknownStmt {
    const parts: (Stmt | Expr)[] = [];
    for (const child of this.children(node)) {
      const type = this.type(child);
      if (isStatementType(type)) this.statement(child, parts as Stmt[]);
      else if (isExpressionType(type)) parts.push(this.expr(child));
      else parts.push(...this.readableParts(child));
    }
    return { kind: "unknown-stmt", parts, span: this.span(node) };
  }

  /** Expressions inside a node that is none itself. */
  readableParts(node: number): Expr[] {
    const parts: Expr[] = [];
    if (!this.#descend()) return parts;
    for (const child of this.children(node)) {
      if (isExpressionType(this.type(child))) parts.push(this.expr(child));
      else parts.push(...this.readableParts(child));
    }
    this.#depth--;
    return parts;
  }

  /** Declares a node unreadable that the grammar took for something it is not. */
  reject(node: number): void {
    this.#rejected.push(this.span(node));
  }

  /** Regions that could not be read, outermost only. To be asked when all is lowered. */
  unparsable(): Span[] {
    const regions: Span[] = [...this.#rejected];
    let covered = -1;
    for (const node of this.tree.broken) {
      if (node < covered) continue;
      covered = this.tree.after[node]!;
      if (this.type(node) === MISSING_TYPE && this.isHarmlessGap(node)) continue;
      const { start, end } = this.span(node);
      regions.push(start === end ? { start: Math.max(0, start - 1), end } : { start, end });
    }
    return regions;
  }

  /** `label: }`: the grammar wants a statement, C23 does not. */
  private isHarmlessGap(node: number): boolean {
    let at = this.tree.start[node]!;
    const view = this.options.view;
    while (at > 0 && /\s/.test(view[at - 1]!)) at--;
    if (view[at - 1] !== ":") return false;
    let next = this.tree.start[node]!;
    while (next < view.length && /\s/.test(view[next]!)) next++;
    return view[next] === "}";
  }
}

const isNamed = (type: string): boolean => /^[a-zA-Z]\w*$/.test(type) && (type.includes("_") || namedWords.has(type));

/** Named node types of one word; every other one-word type is a keyword token. */
const namedWords = new Set([
  "identifier", "declaration", "comment", "null", "true", "false", "this", "auto", "attribute", "enumerator", ERROR_TYPE, MISSING_TYPE,
  "character", "lambda_expression",
]);

const expressionTypes = new Set([
  "identifier", "number_literal", "string_literal", "raw_string_literal", "char_literal", "concatenated_string", "null", "true", "false", "this",
  "field_identifier", "qualified_identifier", "template_function", "user_defined_literal", "argument_list", "initializer_list", "initializer_pair",
]);

export const isExpressionType = (type: string): boolean => type.endsWith("_expression") || expressionTypes.has(type);

export const isStatementType = (type: string): boolean =>
  type.endsWith("_statement") || type === "declaration" || type === "for_range_loop" || type === "function_definition";

/** Names of statement-level results that a body made of one position can hold. */
export function single(statements: Stmt[], span: Span): Stmt {
  if (statements.length === 1) return statements[0]!;
  if (statements.length === 0) return { kind: "empty", span };
  return { kind: "compound", body: statements, span };
}

export type { Expr, InitializerList, Stmt, VarDecl };
