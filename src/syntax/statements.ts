import type { Span } from "../source/span.js";
import type { CompoundStmt, Expr, Stmt } from "./ast.js";
import { clip, findNode, parseView, type FragmentContext, type Parsed } from "./fragments.js";
import { single } from "./lower.js";
import { lowerCompound } from "./lower-statements.js";
import type { Stream } from "./stream.js";
import { T } from "./token.js";
import { buildView, type Rewrites } from "./view.js";

/**
 * Reads a block statement by statement: the structure from tokens, each simple statement and each header
 * with the parser. It is what is left when the parser stumbles over the block as a whole, since its error
 * recovery may throw away much more than the statement with the error.
 */
export function readStatements(context: FragmentContext, s: Stream, from: number, to: number, rewrites: Rewrites): Parsed<CompoundStmt> {
  const reader = new StatementReader(context, s, to, rewrites);
  const body: Stmt[] = [];
  for (let at = s.kind(from) === T.LBrace ? from + 1 : from; at < to; ) {
    // A brace too many ends the list, but not the stretch.
    const next = reader.list(at, body);
    if (next < to) reader.unparsable.push({ start: s.start(next - 1), end: s.end(next - 1) });
    at = next;
  }
  return { node: { kind: "compound", body, span: { start: s.start(from), end: s.end(to - 1) } }, unparsable: reader.unparsable };
}

/** Blocks inside of each other beyond this depth are read as one stretch. */
const DEPTH_LIMIT = 200;

class StatementReader {
  readonly unparsable: Span[] = [];
  readonly #context: FragmentContext;
  readonly #s: Stream;
  readonly #to: number;
  readonly #rewrites: Rewrites;
  #depth = 0;

  constructor(context: FragmentContext, s: Stream, to: number, rewrites: Rewrites) {
    this.#context = context;
    this.#s = s;
    this.#to = to;
    this.#rewrites = rewrites;
  }

  /** A token's kind as the view shows it; 0 for blanks and the end. */
  #kind(i: number): number {
    if (i >= this.#to) return 0;
    const shown = this.#rewrites.replace.get(i);
    if (shown === undefined) return this.#s.kind(i);
    const text = shown.trim();
    if (text === "") return 0;
    if (text === "while") return T.While;
    if (text === "if" || text === "if(0") return T.If;
    return text === "{" ? T.LBrace : text === "}" ? T.RBrace : text === ";" ? T.Semicolon : this.#s.kind(i);
  }

  #isBlank(i: number): boolean {
    return this.#rewrites.replace.get(i)?.trim() === "";
  }

  #skipBlanks(i: number): number {
    let at = i;
    while (at < this.#to && this.#isBlank(at)) at++;
    return at;
  }

  #inserts(i: number, what: string): boolean {
    return this.#rewrites.insert.get(i) === what;
  }

  /** Statements up to the closing brace; returns the index behind it. */
  list(from: number, out: Stmt[]): number {
    let i = this.#skipBlanks(from);
    while (i < this.#to && this.#kind(i) !== T.RBrace) {
      const next = this.#statement(i, out);
      i = this.#skipBlanks(Math.max(next, i + 1));
    }
    return i + 1;
  }

  #statement(at: number, out: Stmt[]): number {
    if (at >= this.#to) return at;
    if (this.#depth >= DEPTH_LIMIT) return this.#leaf(at, out);
    this.#depth++;
    const next = this.#anyStatement(at, out);
    this.#depth--;
    return next;
  }

  #anyStatement(i: number, out: Stmt[]): number {
    switch (this.#kind(i)) {
      case T.LBrace: {
        const body: Stmt[] = [];
        const next = this.list(i + 1, body);
        out.push({ kind: "compound", body, span: this.#span(i, next) });
        return next;
      }
      case T.If:
      case T.While:
      case T.For:
      case T.Switch:
        return this.#headed(i, out);
      case T.Do:
        return this.#doLoop(i, out);
      case T.Else: {
        // An `else` without its `if`: what it guards runs or does not.
        const parts: Stmt[] = [];
        const next = this.#statement(this.#skipBlanks(i + 1), parts);
        this.unparsable.push(this.#span(i, i + 1));
        out.push({ kind: "unknown-stmt", parts, span: this.#span(i, next) });
        return next;
      }
      case T.Case:
      case T.Default:
        return this.#caseLabel(i, out);
      case T.Identifier:
        if (this.#kind(i + 1) === T.Colon) {
          out.push({ kind: "label", label: this.#s.text(i), span: this.#span(i, i + 2) });
          return i + 2;
        }
        return this.#leaf(i, out);
      default:
        return this.#leaf(i, out);
    }
  }

  #span(from: number, to: number): Span {
    const last = Math.max(from, Math.min(to, this.#to) - 1);
    return { start: this.#s.start(from), end: this.#s.end(last) };
  }

  /** Index of the `)` for the `(` at `open`, or -1 when a brace or the end comes first. */
  #closeParen(open: number): number {
    let depth = 0;
    for (let i = open; i < this.#to; i++) {
      const kind = this.#kind(i);
      if (kind === T.LParen) depth++;
      else if (kind === T.RParen) {
        if (--depth === 0) return i;
      } else if (kind === T.LBrace) i = this.#closeBrace(i);
      else if (kind === T.RBrace) return -1;
    }
    return -1;
  }

  #closeBrace(open: number): number {
    let depth = 0;
    for (let i = open; i < this.#to; i++) {
      const kind = this.#kind(i);
      if (kind === T.LBrace) depth++;
      else if (kind === T.RBrace && --depth === 0) return i;
    }
    return this.#to;
  }

  /** `if (…) s else s`, `while (…) s`, `for (…) s`, `switch (…) s`. */
  #headed(at: number, out: Stmt[]): number {
    const kind = this.#kind(at);
    const open = this.#skipBlanks(at + 1);
    const isOpenPart = this.#rewrites.replace.get(at)?.trim() === "if(0";
    const close = isOpenPart ? this.#s.close(at + 1, this.#to) : this.#kind(open) === T.LParen ? this.#closeParen(open) : -1;
    if (close < 0 || close >= this.#to) return this.#leaf(at, out);
    // The header alone, with an empty body, is something the parser can read.
    const header: Stmt[] = [];
    const regions = this.#parse(at, close + 1, header);
    const body: Stmt[] = [];
    let next = this.#skipBlanks(close + 1);
    next = next < this.#to && this.#kind(next) !== T.RBrace ? this.#statement(next, body) : next;
    const behind = this.#s.end(close);
    const bodySpan = next > close + 1 ? this.#span(close + 1, next) : { start: behind, end: behind };
    const then = single(body, bodySpan);
    let otherwise: Stmt | undefined;
    const elseAt = this.#skipBlanks(next);
    if (kind === T.If && this.#kind(elseAt) === T.Else) {
      const alternative: Stmt[] = [];
      next = this.#statement(this.#skipBlanks(elseAt + 1), alternative);
      otherwise = single(alternative, this.#span(elseAt, next));
    }
    const span = this.#span(at, next);
    const read = header.at(-1);
    this.unparsable.push(...regions);
    if (read !== undefined && regions.length === 0 && out.push(...header.slice(0, -1)) >= 0) {
      const whole = withBody(read, then, otherwise, span);
      if (whole !== undefined) {
        out.push(whole);
        return next;
      }
    }
    const condition: Expr = { kind: "unknown", parts: [], span: this.#span(at, close + 1) };
    if (kind === T.If) out.push({ kind: "if", condition, then, ...(otherwise === undefined ? {} : { otherwise }), span });
    else if (kind === T.Switch) out.push({ kind: "switch", subject: condition, body: then, span });
    else out.push({ kind: "foreach", args: [], body: then, span });
    return next;
  }

  #doLoop(at: number, out: Stmt[]): number {
    const body: Stmt[] = [];
    let next = this.#statement(this.#skipBlanks(at + 1), body);
    const inner = single(body, this.#span(at, next));
    let condition: Expr = { kind: "unknown", parts: [], span: this.#span(at, at + 1) };
    const loop = this.#skipBlanks(next);
    const open = this.#skipBlanks(loop + 1);
    const close = this.#kind(loop) === T.While && this.#kind(open) === T.LParen ? this.#closeParen(open) : -1;
    if (close >= 0) {
      const header: Stmt[] = [];
      this.unparsable.push(...this.#parse(loop, close + 1, header));
      const read = header.at(-1);
      if (read?.kind === "while") ({ condition } = read);
      next = this.#kind(close + 1) === T.Semicolon ? close + 2 : close + 1;
    } else this.unparsable.push(this.#span(at, at + 1));
    out.push({ kind: "do", body: inner, condition, span: this.#span(at, next) });
    return next;
  }

  #caseLabel(at: number, out: Stmt[]): number {
    let questions = 0;
    for (let i = at + 1; i < this.#to; i++) {
      const kind = this.#kind(i);
      if (kind === T.Question) questions++;
      else if (kind === T.Colon && questions-- === 0) {
        // Labels stand in a `switch` only, for the parser as well.
        const label: Stmt[] = [];
        this.unparsable.push(...this.#parse(at, i + 1, label));
        out.push(...label.filter((statement) => statement.kind === "case" || statement.kind === "default"));
        return i + 1;
      } else if (kind === T.Semicolon || kind === T.LBrace || kind === T.RBrace) break;
    }
    return this.#leaf(at, out);
  }

  /** A statement without statements in it, up to its `;`. */
  #leaf(at: number, out: Stmt[]): number {
    let parens = 0;
    let i = at;
    for (; i < this.#to; i++) {
      const kind = this.#kind(i);
      if (kind === T.LParen || kind === T.LBracket) parens++;
      else if (kind === T.RParen || kind === T.RBracket) parens--;
      else if (kind === T.LBrace) i = this.#closeBrace(i);
      else if (kind === T.RBrace) break;
      else if (kind === T.Semicolon) {
        // Even in parentheses: those of a `for` are not read here.
        i++;
        break;
      }
      if (parens <= 0 && this.#inserts(i, ";")) {
        i++;
        break;
      }
    }
    const end = Math.min(Math.max(i, at + 1), this.#to);
    const body: Stmt[] = [];
    const regions = this.#parse(at, end, body);
    if (regions.length === 0) out.push(...body);
    else {
      this.unparsable.push(...regions);
      out.push({ kind: "unknown-stmt", parts: body, span: this.#span(at, end) });
    }
    return end;
  }

  /** Parses `[from, to)` as statements; what could not be read is returned. */
  #parse(from: number, to: number, out: Stmt[]): Span[] {
    const span = this.#span(from, to);
    const view = buildView(this.#s, from, to, this.#rewrites);
    const l = parseView(this.#context, "int f(){", view, ";}");
    const block = l === undefined ? undefined : findNode(l, "compound_statement");
    if (l === undefined || block === undefined) return [span];
    const { body } = lowerCompound(l, block);
    for (const statement of body) {
      if (statement.kind === "empty" && statement.span.start >= span.end) continue;
      out.push(statement.span.end > span.end ? { ...statement, span: clip(statement.span, span) } : statement);
    }
    return l.unparsable().map((region) => clip(region, span));
  }
}

/** A statement that was read with an empty body, with its real one. */
function withBody(header: Stmt, body: Stmt, otherwise: Stmt | undefined, span: Span): Stmt | undefined {
  switch (header.kind) {
    case "if":
      return { ...header, then: body, ...(otherwise === undefined ? {} : { otherwise }), span };
    case "while":
    case "for":
    case "foreach":
    case "switch":
      return { ...header, body, span };
    default:
      return undefined;
  }
}
