import type { Span } from "../source/span.js";
import type { CompoundStmt, Expr, Language, StructDef, TypeName } from "./ast.js";
import type { Range } from "./declarations.js";
import { readDirectly } from "./direct-statements.js";
import { charValue, numberValue, stringValue } from "./literals.js";
import { Lowering, type LambdaSource } from "./lower.js";
import { lowerCompound } from "./lower-statements.js";
import { normalise, type MacroKnowledge } from "./normalise.js";
import { readStatements } from "./statements.js";
import { withPasted } from "./pasted.js";
import type { Stream } from "./stream.js";
import { T } from "./token.js";
import { parseText } from "./tree-sitter.js";
import { buildView, type View } from "./view.js";

/** What all fragments of a file have in common. */
export interface FragmentContext {
  readonly language: Language;
  readonly source: string;
  readonly typeNames: ReadonlySet<string>;
  readonly macros: MacroKnowledge;
  readonly onLambda: (lambda: LambdaSource) => number;
  readonly onStruct: (struct: StructDef) => void;
  readonly onLimit: (message: string) => void;
  /** Everything goes through the parser: tests compare what comes out. */
  readonly isParserOnly?: boolean;
}

export interface Parsed<N> {
  readonly node: N;
  readonly unparsable: readonly Span[];
}

/** The parser's memory is some forty bytes for each of the text, and never given back. */
const SIZE_LIMIT = 4 << 20;

/** Plain C is read without the parser, which costs several times as much. */
const isDirect = ({ language, isParserOnly }: FragmentContext): boolean => language === "c" && isParserOnly !== true;

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Parses a view between two texts that give the grammar its context, and finds the node to lower in the tree. */
export function parseView(context: FragmentContext, before: string, view: View, after: string): Lowering | undefined {
  if (view.text.length > SIZE_LIMIT) {
    context.onLimit(`A stretch of code of more than ${SIZE_LIMIT >> 20} MB was left out.`);
    return undefined;
  }
  const text = before + view.text + after;
  const tree = parseText(text, context.language);
  if (tree === undefined) {
    context.onLimit("A stretch of code took too much effort to parse and was left out.");
    return undefined;
  }
  return new Lowering(tree, {
    language: context.language,
    source: context.source,
    bounds: { start: view.offset, end: view.offset + view.text.length },
    shift: view.offset - before.length,
    hints: view.hints,
    spliced: view.spliced,
    view: text,
    typeNames: context.typeNames,
    onLambda: context.onLambda,
    onStruct: context.onStruct,
    onLimit: context.onLimit,
  });
}

/** First node of a type in preorder. */
export function findNode(l: Lowering, type: string): number | undefined {
  for (let node = 0; node < l.tree.count; node++) if (l.type(node) === type) return node;
  return undefined;
}

/** A statement list in braces: tokens `[from, to)` from `{` to `}`; a missing `}` is made up. */
export function parseBlock(context: FragmentContext, s: Stream, from: number, to: number, isClosed: boolean): Parsed<CompoundStmt> {
  const span = { start: s.start(from), end: s.end(to - 1) };
  const rewrites = normalise(s, from, to, context.macros);
  const view = lazily(() => buildView(s, from, to, rewrites));
  const direct = isClosed && isDirect(context) ? readDirectly("block", context, s, from, to, rewrites, view) : undefined;
  if (direct !== undefined) return { node: withPasted({ ...direct, span }, context.macros.pasting), unparsable: [] };
  const l = parseView(context, "int f()", view(), isClosed ? "" : "\n;}");
  const block = l === undefined ? undefined : findNode(l, "compound_statement");
  const whole: Parsed<CompoundStmt> | undefined =
    l === undefined || block === undefined
      ? undefined
      : { node: { ...lowerCompound(l, block), span }, unparsable: l.unparsable().map((region) => clip(region, span)) };
  let best = whole;
  if (whole === undefined || whole.unparsable.length > 0) {
    // Statement by statement, what cannot be read costs itself only.
    const isolated = readStatements(context, s, from, to, rewrites);
    if (whole === undefined || cost(isolated) <= cost(whole)) best = isolated;
  }
  const { unparsable } = best!;
  const node = withPasted(best!.node, context.macros.pasting);
  return { node, unparsable: isClosed ? unparsable : [...unparsable, { start: Math.max(span.start, span.end - 1), end: span.end }] };
}

const cost = (parsed: Parsed<CompoundStmt>): number => parsed.unparsable.reduce((sum, region) => sum + region.end - region.start + 1, 0);

/** The part of a region that lies within bounds. */
export const clip = (region: Span, bounds: Span): Span => {
  const start = Math.min(Math.max(region.start, bounds.start), bounds.end);
  return { start, end: Math.min(Math.max(region.end, start), bounds.end) };
};

/** Statements without braces around them, as in a macro's replacement list. `undefined` when they do not read as such. */
export function parseStatements(context: FragmentContext, s: Stream, from: number, to: number): Parsed<CompoundStmt> | undefined {
  const span = { start: s.start(from), end: s.end(to - 1) };
  const rewrites = normalise(s, from, to, context.macros);
  const view = lazily(() => buildView(s, from, to, rewrites));
  const direct = isDirect(context) ? readDirectly("statements", context, s, from, to, rewrites, view) : undefined;
  if (direct !== undefined) return { node: { kind: "compound", body: direct, span }, unparsable: [] };
  const l = parseView(context, "int f(){", view(), ";}");
  const block = l === undefined ? undefined : findNode(l, "compound_statement");
  if (l === undefined || block === undefined) return undefined;
  const { body } = lowerCompound(l, block);
  // The `;` behind the view may have made a statement of its own.
  const last = body.at(-1);
  const real = last?.kind === "empty" && last.span.start >= span.end ? body.slice(0, -1) : body;
  const clipped = real.map((statement) => (statement.span.end > span.end ? { ...statement, span: clip(statement.span, span) } : statement));
  return { node: { kind: "compound", body: clipped, span }, unparsable: l.unparsable() };
}

/** Statements and `case` labels of a file that is included inside of a function. */
export function parseStatementList(context: FragmentContext, s: Stream): Parsed<CompoundStmt> {
  const whole = parseStatements(context, s, 0, s.length);
  if (whole?.unparsable.length === 0) return whole;
  const isolated = readStatements(context, s, 0, s.length, normalise(s, 0, s.length, context.macros));
  return whole !== undefined && cost(whole) < cost(isolated) ? whole : isolated;
}

/** An expression or an initializer; with `lacksBrace` one whose opening brace a macro has. */
export function parseExpression(context: FragmentContext, s: Stream, range: Range, lacksBrace = false): Parsed<Expr> {
  const { from, to } = range;
  const span = { start: s.start(from), end: s.end(Math.max(from, to - 1)) };
  const simple = to - from === 1 ? simpleExpression(s, from, span) : undefined;
  if (simple !== undefined) return { node: simple, unparsable: [] };
  const rewrites = normalise(s, from, to, context.macros, "expression");
  const view = lazily(() => buildView(s, from, to, rewrites));
  const direct = !lacksBrace && isDirect(context) ? readDirectly("value", context, s, from, to, rewrites, view) : undefined;
  if (direct !== undefined) return { node: direct, unparsable: [] };
  const l = parseView(context, lacksBrace ? "int x={" : "int x=", view(), ";");
  const declarator = l === undefined ? undefined : findNode(l, "init_declarator");
  const value = l === undefined || declarator === undefined ? undefined : l.field(declarator, "value");
  if (l === undefined || value === undefined) return { node: { kind: "unknown", parts: [], span }, unparsable: [span] };
  const node = l.expr(value);
  return { node: lacksBrace ? { ...node, span } : node, unparsable: l.unparsable().map((region) => clip(region, span)) };
}

/** Single tokens need no parser. */
function simpleExpression(s: Stream, i: number, span: Span): Expr | undefined {
  switch (s.kind(i)) {
    case T.Identifier:
      return { kind: "name", name: s.text(i), span };
    case T.Number:
      return { kind: "number", value: numberValue(s.text(i)), span };
    case T.String:
      return { kind: "string", value: stringValue(s.text(i)), span };
    case T.Char:
      return { kind: "char", value: charValue(s.text(i)), span };
    default:
      return undefined;
  }
}

/** Array dimensions of a declarator. */
export function parseDimensions(context: FragmentContext, s: Stream, ranges: readonly Range[]): TypeName["array"] {
  return ranges.map((range) => (range.from < range.to ? parseExpression(context, s, range).node : undefined));
}
