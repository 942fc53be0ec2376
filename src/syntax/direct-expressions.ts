/**
 * Reads expressions from tokens, without the parser: what C has most of, in the very shape that the parser's tree is lowered to. Whatever is not plain
 * is declined, and the parser reads the whole stretch; so nothing here has to be complete, but what is accepted has to come out the same
 * (`test/syntax/direct.test.ts` compares the two).
 */
import type { Span } from "../source/span.js";
import type { CompoundStmt, Designator, Expr, InitializerItem, InitializerList, TypeName } from "./ast.js";
import { assignments, beginsOperand, constantNames, decline, PRECEDENCE } from "./direct-tokens.js";
import { DirectTypes } from "./direct-types.js";
import { charValue, numberValue, stringValue } from "./literals.js";
import { looksLikeMacro } from "./stream.js";
import { T } from "./token.js";

const plainNumber = /^(?:0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)[uUlL]*$|^(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?[fFlL]?$/;
const endsOperand = (kind: number): boolean => kind === T.Semicolon || kind === T.RParen || kind === T.Comma || kind === T.RBracket;

/** What the operand that was read last is, as far as it matters to what follows it. */
const Shape = { Other: 0, Target: 1, ParenthesisedName: 2 } as const;

export abstract class DirectExpressions extends DirectTypes {
  #shape: number = Shape.Other;
  #castName = "";

  /** `{ … }` in parentheses. */
  protected abstract compound(): CompoundStmt;

  /** `a, b`. */
  protected commaExpression(): Expr {
    const first = this.at;
    const left = this.expression();
    if (this.kind() !== T.Comma) return left;
    this.at++;
    this.descend();
    const right = this.commaExpression();
    this.ascend();
    this.#shape = Shape.Other;
    return { kind: "comma", left, right, span: this.spanFrom(first) };
  }

  /** An expression without a comma outside of parentheses. */
  protected expression(): Expr {
    this.descend();
    const first = this.at;
    const left = this.#conditional(first);
    const op = this.#assignment();
    if (op === "") {
      this.ascend();
      return left;
    }
    if (this.#shape === Shape.Other) decline();
    this.at += op === ">>=" ? 2 : 1;
    const value = this.expression();
    this.ascend();
    this.#shape = Shape.Other;
    return { kind: "assign", op, target: left, value, span: this.spanFrom(first) };
  }

  #assignment(): string {
    const kind = this.kind();
    if (kind === T.Assign) return "=";
    if (kind === T.Operator) {
      const op = this.#operatorText(this.at);
      return assignments.has(op) ? op : "";
    }
    if (kind === T.Greater && this.touchesNext(this.at) && this.kind(this.at + 1) === T.Operator && this.char(this.at + 1) === 62) return ">>=";
    return "";
  }

  #conditional(first: number): Expr {
    const condition = this.#binary(first, this.#unary(), 1);
    if (this.kind() !== T.Question) return condition;
    this.at++;
    let whenTrue: Expr | undefined;
    if (this.kind() !== T.Colon) whenTrue = this.commaExpression();
    this.expect(T.Colon);
    const whenFalse = this.expression();
    this.#shape = Shape.Other;
    return { kind: "conditional", condition, ...(whenTrue === undefined ? {} : { whenTrue }), whenFalse, span: this.spanFrom(first) };
  }

  /** An operator's spelling. The view replaces only the dots of a case range, by `||`. */
  #operatorText(i: number): string {
    const text = this.text(i);
    return text === "..." ? decline() : text;
  }

  #binaryOperator(): string {
    const i = this.at;
    switch (this.kind(i)) {
      case T.Star: return "*";
      case T.Amp: return "&";
      case T.AmpAmp: return "&&";
      case T.Plus: return "+";
      case T.Minus: return "-";
      case T.Less: return "<";
      case T.Greater:
        if (!this.touchesNext(i)) return ">";
        if (this.kind(i + 1) === T.Greater) return ">>";
        // `>>=`
        return this.kind(i + 1) === T.Operator && this.char(i + 1) === 62 ? "" : ">";
      case T.Operator: return this.#operatorText(i);
      default: return "";
    }
  }

  /** Goes on behind an operand with operators that bind at least as much as `lowest`. */
  #binary(first: number, operand: Expr, lowest: number): Expr {
    let left = operand;
    for (;;) {
      const op = this.#binaryOperator();
      const precedence = op === "" ? 0 : (PRECEDENCE.get(op) ?? 0);
      if (precedence < lowest || precedence === 0) return left;
      const castName = this.#shape === Shape.ParenthesisedName && /^[-&*+]$/.test(op) ? this.#castName : "";
      const leftEnd = this.end(this.at - 1);
      this.at += op === ">>" ? 2 : 1;
      const second = this.at;
      const type = castName === "" ? undefined : this.castType(castName);
      if (type === undefined) {
        const right = this.#binary(second, this.#unary(), precedence + 1);
        left = { kind: "binary", op, left, right, span: this.spanFrom(first) };
      } else {
        // `(name_t)&x`; a name in capitals is as well a constant: `(SIZE) - 1`.
        const right = this.#unary();
        const next = this.#binaryOperator();
        if (next !== "" && (PRECEDENCE.get(next) ?? 0) > precedence) decline();
        const span = this.spanFrom(first);
        left = looksLikeMacro(castName) && !this.context.typeNames.has(castName)
          ? { kind: "binary", op, left, right, span }
          : { kind: "cast", type, operand: { kind: "unary", op: op as "*", operand: right, span: { start: leftEnd, end: span.end } }, span };
      }
      this.#shape = Shape.Other;
    }
  }

  #unary(): Expr {
    const first = this.at;
    let op: "&" | "*" | "!" | "-" | "+" | "~";
    switch (this.kind()) {
      case T.Star: op = "*"; break;
      case T.Amp: op = "&"; break;
      case T.Not: op = "!"; break;
      case T.Tilde: op = "~"; break;
      case T.Minus:
      case T.Plus:
        // A sign that touches the digits is part of the number.
        if (this.kind(first + 1) === T.Number && this.touchesNext(first)) {
          this.at += 2;
          return this.#postfix(first, this.#number(first, first + 1));
        }
        op = this.kind() === T.Minus ? "-" : "+";
        break;
      case T.Operator: {
        const text = this.#operatorText(first);
        if (text !== "++" && text !== "--") decline();
        this.at++;
        this.descend();
        const operand = this.#unary();
        this.ascend();
        this.#shape = Shape.Other;
        return { kind: "update", op: text as "++", prefix: true, operand, span: this.spanFrom(first) };
      }
      case T.Sizeof:
        return this.#sizeof();
      case T.LParen:
        return this.#parenthesis();
      default:
        return this.#postfix(first, this.#primary());
    }
    this.at++;
    this.descend();
    const operand = this.#unary();
    this.ascend();
    this.#shape = op === "*" || op === "&" ? Shape.Target : Shape.Other;
    return { kind: "unary", op, operand, span: this.spanFrom(first) };
  }

  #primary(): Expr {
    const i = this.at++;
    switch (this.kind(i)) {
      case T.Identifier:
        this.#shape = constantNames.has(this.text(i)) ? Shape.Other : Shape.Target;
        return this.name(i);
      case T.Number:
        return this.#number(i, i);
      case T.String:
        return this.#strings(i);
      case T.Char: {
        this.#shape = Shape.Other;
        const text = this.text(i);
        if (!/^(?:L|u8?|U)?'(?:[^\\'\n]|\\[^xuU\n]|\\x[0-9a-fA-F]{1,4}|\\[0-7]{1,3})'$/.test(text)) decline();
        return { kind: "char", value: charValue(text), span: this.spanOf(i) };
      }
      default:
        return decline();
    }
  }

  #number(first: number, last: number): Expr {
    this.#shape = Shape.Other;
    const span = { start: this.start(first), end: this.end(last) };
    const text = this.source.slice(span.start, span.end);
    // What fills a gap of an argument list is in no file.
    if (!/^[-+\d.]/.test(text)) return { kind: "unknown", parts: [], span };
    if (!plainNumber.test(first === last ? text : text.slice(1))) decline();
    return { kind: "number", value: numberValue(text), span };
  }

  #strings(first: number): Expr {
    while (this.kind() === T.String) this.at++;
    this.#shape = Shape.Other;
    const isOne = this.at === first + 1;
    let value = "";
    let hasMacro = false;
    for (let i = first; i < this.at; i++) {
      const text = this.text(i);
      // Shown as a string, but a name in the file.
      if (/^\w+$/.test(text)) {
        if (isOne) return { kind: "name", name: text, span: this.spanOf(i) };
        hasMacro = true;
        continue;
      }
      if (!/^(?:L|u8?|U)?"(?:[^"]|\\")*"$/s.test(text) || /\\(?:x(?![0-9a-fA-F])|[uU]|[\r\n])/.test(text)) decline();
      value += stringValue(text);
    }
    return { kind: "string", value, ...(hasMacro ? { hasMacro: true as const } : {}), span: this.spanFrom(first) };
  }

  protected name(i: number): Expr {
    const { hints } = this.context;
    const start = this.start(i);
    const type = hints.types.get(start);
    if (type !== undefined) return { kind: "type", type, span: this.spanOf(i) };
    const end = hints.unreadable.get(start);
    if (end !== undefined) return { kind: "unknown", parts: [], span: { start, end } };
    return { kind: "name", name: this.plainName(i), span: this.spanOf(i) };
  }

  /** `f(x)`, `a[i]`, `a.b`, `a->b`, `a++` behind a primary expression that begins at token `first`. */
  #postfix(first: number, primary: Expr): Expr {
    let object = primary;
    for (;;) {
      const i = this.at;
      switch (this.kind(i)) {
        case T.LParen: {
          const cast = this.#shape === Shape.ParenthesisedName ? this.#castName : "";
          const args = this.#arguments();
          const argsSpan: Span = this.spanFrom(i);
          const type = cast !== "" && args.length === 1 ? this.castType(cast) : undefined;
          if (type !== undefined) object = { kind: "cast", type, operand: args[0]!, span: this.spanFrom(first) };
          else object = { kind: "call", callee: object, args, argsSpan, span: this.spanFrom(first) };
          this.#shape = Shape.Target;
          continue;
        }
        case T.LBracket: {
          this.at++;
          const index = this.expression();
          this.expect(T.RBracket);
          object = { kind: "index", object, index, span: this.spanFrom(first) };
          this.#shape = Shape.Target;
          continue;
        }
        case T.Dot:
        case T.Arrow: {
          if (this.kind(i + 1) !== T.Identifier || this.isHinted(i + 1)) decline();
          this.at += 2;
          object = { kind: "member", object, field: this.field(i + 1), arrow: this.kind(i) === T.Arrow, span: this.spanFrom(first) };
          this.#shape = Shape.Target;
          continue;
        }
        case T.Operator: {
          const text = this.#operatorText(i);
          if (text !== "++" && text !== "--") return object;
          // `(x)++y` casts.
          if (this.#shape === Shape.ParenthesisedName && !endsOperand(this.kind(i + 1))) decline();
          this.at++;
          object = { kind: "update", op: text, prefix: false, operand: object, span: this.spanFrom(first) };
          this.#shape = Shape.Other;
          this.#refusePostfix();
          return object;
        }
        default:
          return object;
      }
    }
  }

  #arguments(): Expr[] {
    const args: Expr[] = [];
    this.at++;
    if (this.kind() === T.RParen) {
      this.at++;
      return args;
    }
    for (;;) {
      args.push(this.expression());
      if (this.kind() !== T.Comma) break;
      this.at++;
    }
    this.expect(T.RParen);
    return args;
  }

  // ---- parentheses, types ----------------------------------------------------------------------

  /** A cast, a compound literal, or an expression in parentheses with what follows it. */
  #parenthesis(): Expr {
    const first = this.at;
    if (this.kind(first + 1) === T.LBrace) {
      this.at++;
      this.descend();
      const body = this.compound();
      this.ascend();
      this.expect(T.RParen);
      this.#shape = Shape.Target;
      return this.#postfix(first, { kind: "statement-expr", body, span: this.spanFrom(first) });
    }
    if (this.startsType(first + 1)) {
      this.at++;
      const type = this.typeName();
      return this.#behindType(first, type);
    }
    const isName = this.kind(first + 1) === T.Identifier && this.kind(first + 2) === T.RParen;
    if (isName && (beginsOperand(this.kind(first + 3)) || this.kind(first + 3) === T.LBrace)) {
      this.at++;
      const type = this.typeName();
      return this.#behindType(first, type);
    }
    this.at++;
    const inner = this.commaExpression();
    this.expect(T.RParen);
    this.#shape = Shape.Target;
    if (isName && !constantNames.has(this.text(first + 1))) {
      if (this.isHinted(first + 1)) decline();
      this.#shape = Shape.ParenthesisedName;
      this.#castName = this.text(first + 1);
    }
    return this.#postfix(first, inner);
  }

  #behindType(first: number, type: TypeName): Expr {
    this.expect(T.RParen);
    if (this.kind() === T.LBrace) {
      const initializer = this.initializerList();
      this.#shape = Shape.Other;
      return this.#postfix(first, { kind: "compound-literal", type, initializer, span: this.spanFrom(first) });
    }
    this.descend();
    const operand = this.#unary();
    this.ascend();
    this.#shape = Shape.Other;
    return { kind: "cast", type, operand, span: this.spanFrom(first) };
  }

  #sizeof(): Expr {
    const first = this.at++;
    this.#shape = Shape.Other;
    if (this.kind() === T.LParen && this.startsType(this.at + 1)) {
      this.at++;
      const type = this.typeName();
      this.expect(T.RParen);
      if (this.kind() === T.LBrace) decline();
      this.#refusePostfix();
      return { kind: "sizeof", type, span: this.spanFrom(first) };
    }
    const isParenthesised = this.kind() === T.LParen;
    if (!isParenthesised && this.kind() !== T.Identifier && this.kind() !== T.Star) decline();
    if (isParenthesised && this.kind(this.at + 1) === T.Identifier && this.kind(this.at + 2) === T.RParen) {
      // `sizeof(x)->y`, `sizeof(x) y`: the name is a type there.
      const next = this.kind(this.at + 3);
      if (beginsOperand(next) || next === T.LBrace || next === T.LParen) decline();
      if (this.isHinted(this.at + 1)) decline();
      const operand = this.name(this.at + 1);
      this.at += 3;
      this.#refusePostfix();
      return { kind: "sizeof", operand, span: this.spanFrom(first) };
    }
    this.descend();
    const operand = this.#unary();
    this.ascend();
    this.#shape = Shape.Other;
    return { kind: "sizeof", operand, span: this.spanFrom(first) };
  }

  #refusePostfix(): void {
    const kind = this.kind();
    if (kind === T.Dot || kind === T.Arrow || kind === T.LBracket || kind === T.LParen) decline();
    if (kind === T.Operator && /^(?:\+\+|--)$/.test(this.text(this.at))) decline();
  }

  // ---- initializers ----------------------------------------------------------------------------

  protected initializer(): Expr {
    return this.kind() === T.LBrace ? this.initializerList() : this.expression();
  }

  protected initializerList(): InitializerList {
    this.descend();
    const first = this.at++;
    const items: InitializerItem[] = [];
    while (this.kind() !== T.RBrace) {
      items.push(this.#item());
      if (this.kind() !== T.Comma) break;
      this.at++;
    }
    this.expect(T.RBrace);
    this.ascend();
    return { kind: "initializer", items, span: this.spanFrom(first) };
  }

  #item(): InitializerItem {
    const first = this.at;
    const designators: Designator[] = [];
    while (this.kind() === T.Dot || this.kind() === T.LBracket) {
      const at = this.at;
      if (this.kind() === T.Dot) {
        if (this.kind(at + 1) !== T.Identifier) decline();
        this.at += 2;
        designators.push({ kind: "field", name: this.field(at + 1), span: this.spanFrom(at) });
      } else {
        this.at++;
        const index = this.expression();
        this.expect(T.RBracket);
        designators.push({ kind: "index", index, span: this.spanFrom(at) });
      }
    }
    if (designators.length > 0) this.expect(T.Assign);
    const value = this.initializer();
    return { designators, value, span: this.spanFrom(first) };
  }
}
