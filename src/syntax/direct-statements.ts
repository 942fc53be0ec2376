/** Reads declarations and statements of a function's body from tokens; see `direct-expressions.ts`. */
import type { CompoundStmt, Expr, Stmt, VarDecl } from "./ast.js";
import { DirectExpressions } from "./direct-expressions.js";
import { constantNames, decline, Declined } from "./direct-tokens.js";
import type { DirectContext } from "./direct-types.js";
import { single } from "./lower.js";
import type { Stream } from "./stream.js";
import { T } from "./token.js";
import type { Rewrites, View } from "./view.js";

/** Above this the parser's own limits decide. */
const SIZE_LIMIT = 1 << 20;

class DirectReader extends DirectExpressions {
  /** Whether what the view ends with may lack its `;`. */
  #endsOpen = false;

  block(): CompoundStmt {
    const body = this.compound();
    return this.at === this.count ? body : decline();
  }

  statements(): Stmt[] {
    this.#endsOpen = true;
    const body: Stmt[] = [];
    while (this.at < this.count) {
      if (this.kind() === T.RBrace) decline();
      this.#listed(body);
    }
    return body;
  }

  value(): Expr {
    const value = this.initializer();
    return this.at === this.count ? value : decline();
  }

  protected compound(): CompoundStmt {
    const first = this.at;
    this.expect(T.LBrace);
    this.descend();
    const body: Stmt[] = [];
    while (this.kind() !== T.RBrace) {
      if (this.at >= this.count) decline();
      this.#listed(body);
    }
    this.at++;
    this.ascend();
    return { kind: "compound", body, span: this.spanFrom(first) };
  }

  /** A statement, declaration or label in a list of such. */
  #listed(out: Stmt[]): void {
    const first = this.at;
    const kind = this.kind();
    if (kind === T.Case) {
      this.at++;
      const value = this.expression();
      this.expect(T.Colon);
      out.push({ kind: "case", value, span: this.spanFrom(first) });
    } else if (kind === T.Default) {
      this.at++;
      this.expect(T.Colon);
      out.push({ kind: "default", span: this.spanFrom(first) });
    } else if (this.#startsDeclaration()) this.#declaration(out);
    else this.#statement(out);
  }

  /** The body of `if`, `for`, …. */
  #one(): Stmt {
    const first = this.at;
    // What ends the view may be no statement of its own.
    if (first >= this.count) decline();
    const out: Stmt[] = [];
    this.descend();
    this.#statement(out);
    this.ascend();
    return single(out, this.spanFrom(first));
  }

  #semicolon(): void {
    if (this.at >= this.count && this.#endsOpen) this.isEndedByEnd = true;
    else this.expect(T.Semicolon);
  }

  #condition(): Expr {
    this.expect(T.LParen);
    if (this.kind() === T.LBrace) decline();
    const condition = this.commaExpression();
    this.expect(T.RParen);
    return condition;
  }

  #statement(out: Stmt[]): void {
    const first = this.at;
    switch (this.kind()) {
      case T.LBrace:
        out.push(this.compound());
        return;
      case T.Semicolon:
        this.at++;
        out.push({ kind: "empty", span: this.spanFrom(first) });
        return;
      case T.If:
        this.#if(out);
        return;
      case T.While: {
        if (this.context.hints.loops.has(this.start(first))) return void this.#loopMacro(out);
        this.at++;
        const condition = this.#condition();
        const body = this.#one();
        out.push({ kind: "while", condition, body, span: this.spanFrom(first) });
        return;
      }
      case T.Do: {
        this.at++;
        const body = this.#one();
        this.expect(T.While);
        const condition = this.#condition();
        this.#semicolon();
        out.push({ kind: "do", body, condition, span: this.spanFrom(first) });
        return;
      }
      case T.For:
        this.#for(out);
        return;
      case T.Switch: {
        this.at++;
        const subject = this.#condition();
        const body = this.#one();
        out.push({ kind: "switch", subject, body, span: this.spanFrom(first) });
        return;
      }
      case T.Return: {
        this.at++;
        const isBare = this.kind() === T.Semicolon || this.at >= this.count;
        const value = isBare ? undefined : this.commaExpression();
        this.#semicolon();
        out.push({ kind: "return", ...(value === undefined ? {} : { value }), span: this.spanFrom(first) });
        return;
      }
      case T.Break:
      case T.Continue: {
        const kind = this.kind() === T.Break ? "break" : "continue";
        this.at++;
        this.#semicolon();
        out.push({ kind, span: this.spanFrom(first) });
        return;
      }
      case T.Goto: {
        if (this.kind(first + 1) !== T.Identifier) decline();
        this.at += 2;
        this.#semicolon();
        out.push({ kind: "goto", label: this.plainName(first + 1), span: this.spanFrom(first) });
        return;
      }
      case T.Identifier:
        if (this.kind(first + 1) === T.Colon) return void this.#label(out);
        if (this.kind(first + 1) === T.Identifier) decline();
        break;
      default:
        break;
    }
    this.#expressionStatement(out);
  }

  #expressionStatement(out: Stmt[]): void {
    const first = this.at;
    // `a * b …` reads as a declaration or not; what it is has been asked before.
    if (this.kind() === T.Identifier && this.kind(first + 1) === T.Star) decline();
    const expr = this.#effect();
    this.#semicolon();
    out.push({ kind: "expr", expr, span: this.spanFrom(first) });
  }

  /** An expression where a declaration could stand: `STACK_OF(x) *y, *z;` is one. */
  #effect(): Expr {
    const isCall = this.kind() === T.Identifier && this.kind(this.at + 1) === T.LParen;
    const expr = this.commaExpression();
    const { kind } = expr.kind === "comma" ? expr.left : expr;
    return isCall && kind === "binary" ? decline() : expr;
  }

  #label(out: Stmt[]): void {
    const first = this.at;
    const label = this.plainName(first);
    if (constantNames.has(label)) decline();
    this.at += 2;
    out.push({ kind: "label", label, span: this.spanFrom(first) });
    if (this.at >= this.count || this.kind() === T.RBrace) decline();
    this.#listed(out);
  }

  #if(out: Stmt[]): void {
    const first = this.at;
    if (this.context.hints.loops.has(this.start(first))) return void this.#loopMacro(out);
    this.at++;
    const condition = this.#condition();
    const then = this.#one();
    let otherwise: Stmt | undefined;
    if (this.kind() === T.Else) {
      const at = this.at++;
      const inner: Stmt[] = [];
      if (this.at >= this.count) decline();
      this.descend();
      this.#statement(inner);
      this.ascend();
      otherwise = single(inner, this.spanFrom(at));
    }
    out.push({ kind: "if", condition, then, ...(otherwise === undefined ? {} : { otherwise }), span: this.spanFrom(first) });
  }

  /** An iteration macro, which the view shows as a `while` or an `if`. */
  #loopMacro(out: Stmt[]): void {
    const first = this.at;
    const hint = this.context.hints.loops.get(this.start(first))!;
    this.at++;
    const args: Expr[] = [];
    const flatten = (expr: Expr): void => {
      if (expr.kind === "comma") {
        flatten(expr.left);
        flatten(expr.right);
      } else args.push(expr);
    };
    flatten(this.#condition());
    const body = this.#one();
    if (this.kind() === T.Else) decline();
    const { variable } = hint;
    const nameSpan = variable === undefined ? undefined : { start: variable.start, end: variable.end };
    out.push({
      kind: "foreach",
      ...(variable === undefined || nameSpan === undefined
        ? {}
        : { variable: { kind: "var", name: variable.name, nameSpan, type: variable.type, isStatic: false, isExtern: false, span: nameSpan } as const }),
      args: hint.isEmpty ? [] : args,
      body,
      span: this.spanFrom(first),
    });
  }

  #for(out: Stmt[]): void {
    const first = this.at++;
    this.expect(T.LParen);
    const init: Stmt[] = [];
    if (this.kind() === T.Semicolon) this.at++;
    else if (this.#startsDeclaration()) this.#declaration(init);
    else {
      const from = this.at;
      if (this.kind() === T.Identifier && this.kind(from + 1) === T.Star) decline();
      const expr = this.#effect();
      init.push({ kind: "expr", expr, span: this.spanFrom(from) });
      this.expect(T.Semicolon);
    }
    const condition = this.kind() === T.Semicolon ? undefined : this.commaExpression();
    this.expect(T.Semicolon);
    const update = this.kind() === T.RParen ? undefined : this.commaExpression();
    this.expect(T.RParen);
    const body = this.#one();
    const start = init[0];
    out.push({
      kind: "for",
      ...(start === undefined ? {} : { init: start }),
      ...(condition === undefined ? {} : { condition }),
      ...(update === undefined ? {} : { update }),
      body,
      span: this.spanFrom(first),
    });
  }

  // ---- declarations ----------------------------------------------------------------------------

  #startsDeclaration(): boolean {
    const kind = this.kind();
    if (kind === T.Static || kind === T.Extern || kind === T.Storage || kind === T.Qualifier || kind === T.TypeWord || kind === T.Struct || kind === T.Union ||
      kind === T.Enum) return true;
    if (kind !== T.Identifier) return false;
    let next = this.at + 1;
    if (this.kind(next) === T.Identifier || this.kind(next) === T.Qualifier) return true;
    if (this.kind(next) !== T.Star) return false;
    while (this.kind(next) === T.Star || this.kind(next) === T.Qualifier) next++;
    if (this.kind(next) !== T.Identifier) return false;
    const behind = this.kind(next + 1);
    return behind === T.Assign || behind === T.Comma || behind === T.Semicolon || behind === T.LBracket || (behind === 0 && this.#endsOpen);
  }

  #declaration(out: Stmt[]): void {
    const first = this.at;
    let isStatic = false;
    let isExtern = false;
    for (;;) {
      const kind = this.kind();
      if (kind === T.Static) isStatic = true;
      else if (kind === T.Extern) isExtern = true;
      else if (kind !== T.Storage || this.text(this.at) !== "register") break;
      this.at++;
    }
    const { base, pointer: hidden } = this.baseType();
    if (this.kind() === T.Semicolon) {
      // `struct x { … };` alone declares no variable.
      if (this.kind(this.at - 1) !== T.RBrace || isStatic || isExtern) decline();
      this.at++;
      return;
    }
    const vars: VarDecl[] = [];
    for (;;) {
      vars.push(this.#declarator(base, hidden, isStatic, isExtern));
      if (this.kind() !== T.Comma) break;
      this.at++;
    }
    this.#semicolon();
    out.push({ kind: "decl", vars, span: this.spanFrom(first) });
  }

  #declarator(base: string, hidden: number, isStatic: boolean, isExtern: boolean): VarDecl {
    const first = this.at;
    let pointer = hidden;
    while (this.kind() === T.Star) {
      pointer++;
      this.at++;
      this.qualifiers();
    }
    const i = this.at;
    if (this.kind(i) !== T.Identifier || this.context.hints.types.has(this.start(i)) || this.context.hints.unreadable.has(this.start(i))) decline();
    const name = this.plainName(i);
    this.at++;
    const array: (Expr | undefined)[] = [];
    while (this.kind() === T.LBracket) {
      this.at++;
      if (this.kind() === T.Star && this.kind(this.at + 1) === T.RBracket) decline();
      array.push(this.kind() === T.RBracket ? undefined : this.expression());
      this.expect(T.RBracket);
    }
    let init: Expr | undefined;
    if (this.kind() === T.Assign) {
      this.at++;
      init = this.initializer();
    }
    return {
      kind: "var",
      name,
      nameSpan: this.spanOf(i),
      type: { base, pointer, array, isFunctionPointer: false },
      isStatic,
      isExtern,
      ...(init === undefined ? {} : { init }),
      span: this.spanFrom(first),
    };
  }
}

type What = "block" | "statements" | "value";
interface Results {
  readonly block: CompoundStmt;
  readonly statements: Stmt[];
  readonly value: Expr;
}

/**
 * Reads tokens `[from, to)` of a stream as a block with its braces, as statements of which the last may lack its `;`, or as an expression or initializer.
 * `undefined` where that is left to the parser.
 *
 * @param makeView of the stretch; called when it is not in the file as it is read
 */
export function readDirectly<W extends What>(
  what: W, context: Omit<DirectContext, "hints">, s: Stream, from: number, to: number, rewrites: Rewrites, makeView: () => View,
): Results[W] | undefined {
  if (s.end(to - 1) - s.start(from) > SIZE_LIMIT) return undefined;
  const { hints } = rewrites;
  // Their marks are offsets of operators, which are not asked for here.
  if (hints.caseRanges.size > 0 || hints.computedGotos.size > 0) return undefined;
  const isPlain = rewrites.replace.size === 0 && rewrites.insert.size === 0;
  try {
    const reader = new DirectReader({ ...context, hints }, s, from, to, isPlain ? undefined : makeView());
    return reader[what]() as Results[W];
  } catch (error) {
    if (error instanceof Declined) return undefined;
    throw error;
  }
}

