import type { TypeName } from "./ast.js";
import { readTypeName } from "./declarations.js";
import {
  column, hasLooseWords, hasStatements, isOperatorArgument, isTypeArgument, looksLikeData, loopName, loopStart, loopVariable, opensFields, opensLambda,
} from "./macro-shapes.js";
import type { PastingMacros } from "./pasted.js";
import { looksLikeMacro, type Stream } from "./stream.js";
import { isSpecifierKeyword, isStatementKeyword, T } from "./token.js";
import type { LoopHint, Rewrites } from "./view.js";

/** What is known of macros beside their looks. */
export interface MacroKnowledge {
  /** Names of iteration macros. */
  readonly loops: ReadonlySet<string>;
  /** Macros that make names and labels. */
  readonly pasting: PastingMacros;
}

/**
 * Rewrites what a C grammar cannot read because macros hide it: types as arguments, iteration macros,
 * macros without `;`, attributes, and some GNU syntax. All decisions are made on the tokens around a
 * place, with no knowledge of what a macro expands to.
 */
export function normalise(s: Stream, from: number, to: number, macros: MacroKnowledge, what: "statements" | "expression" = "statements"): Rewrites {
  return new Normaliser(s, from, to, macros).run(what === "expression");
}

const BLANK = "";
/** Tokens between a start and an end macro without braces that are searched. */
const LOOP_BODY_LIMIT = 4000;

/** What a statement list is inside of: how it ends. */
interface Level {
  /** `{` or `(`, as a token kind. */
  readonly open: number;
  /** The parentheses of `if`, `for`, …: a statement follows. */
  readonly isHeader: boolean;
  /** Open `?` in this level: the next colon belongs to it. */
  questions: number;
  /** Between `case` and its colon. */
  inCase: boolean;
  /** A brace that holds an initializer or a type, not statements. */
  readonly isData: boolean;
  /** Parentheses in which two names in a row are a declaration. */
  readonly declares: boolean;
}

class Normaliser {
  readonly #s: Stream;
  readonly #from: number;
  readonly #to: number;
  readonly #macros: MacroKnowledge;
  readonly #replace = new Map<number, string>();
  readonly #insert = new Map<number, string>();
  readonly #types = new Map<number, TypeName>();
  readonly #unreadable = new Map<number, number>();
  readonly #loops = new Map<number, LoopHint>();
  readonly #caseRanges = new Set<number>();
  readonly #computedGotos = new Map<number, number>();
  readonly #levels: Level[] = [];

  constructor(s: Stream, from: number, to: number, macros: MacroKnowledge) {
    this.#s = s;
    this.#from = from;
    this.#to = to;
    this.#macros = macros;
  }

  run(isExpression: boolean): Rewrites {
    this.#levels.push({ open: T.LBrace, isHeader: false, questions: 0, inCase: false, isData: isExpression, declares: false });
    let isStart = true;
    for (let i = this.#from; i < this.#to; i++) {
      if (isStart && this.#isStatementLevel()) this.#statementStart(i);
      isStart = this.#token(i, isStart);
    }
    return {
      replace: this.#replace,
      insert: this.#insert,
      hints: {
        types: this.#types,
        unreadable: this.#unreadable,
        loops: this.#loops,
        caseRanges: this.#caseRanges,
        computedGotos: this.#computedGotos,
      },
    };
  }

  #kind(i: number): number {
    return i < this.#to ? this.#s.kind(i) : 0;
  }

  /** Kind of the last token before `i` that is not blank. */
  #before(i: number): number {
    let j = i - 1;
    while (j >= this.#from && this.#replace.get(j) === BLANK) j--;
    return j >= this.#from ? this.#s.kind(j) : 0;
  }

  #isStatementLevel(): boolean {
    const level = this.#levels.at(-1)!;
    return level.open === T.LBrace && !level.isData;
  }

  /** Handles one token; returns whether a statement can start behind it. */
  #token(i: number, isStart: boolean): boolean {
    const s = this.#s;
    const level = this.#levels.at(-1)!;
    const shown = this.#replace.get(i);
    const kind = shown === "{" ? T.LBrace : shown === "}" ? T.RBrace : s.kind(i);
    // Brackets that were blanked are balanced among themselves.
    if (shown === BLANK) return isStart;
    if (shown !== undefined && kind === s.kind(i) && kind !== T.LParen && kind !== T.RParen) return shown === ";" || this.#insert.has(i);
    switch (kind) {
      case T.LBrace:
        this.#levels.push({ open: T.LBrace, isHeader: false, questions: 0, inCase: false, isData: this.#isDataBrace(i, isStart), declares: false });
        return this.#isStatementLevel();
      case T.LParen:
        this.#levels.push({ open: T.LParen, isHeader: this.#isHeader(i), questions: 0, inCase: false, isData: false, declares: this.#declares(i) });
        return false;
      case T.RBrace:
      case T.RParen: {
        if (this.#levels.length > 1) this.#levels.pop();
        if (kind === T.RParen && this.#levels.at(-1)!.isData) this.#listElement(i);
        return kind === T.RBrace ? this.#isStatementLevel() : level.isHeader || this.#insert.has(i);
      }
      case T.Semicolon:
        level.inCase = false;
        level.questions = 0;
        return this.#isStatementLevel();
      case T.Question:
        level.questions++;
        return false;
      case T.Colon:
        if (level.questions > 0) {
          level.questions--;
          return false;
        }
        return this.#isStatementLevel() && this.#endsLabel(i, level);
      case T.Else:
      case T.Do:
      case T.Try:
        return true;
      case T.Case:
      case T.Default:
        level.inCase = true;
        return false;
      case T.Ellipsis:
        if (level.inCase) {
          this.#caseRanges.add(s.start(i));
          this.#replace.set(i, "||");
        }
        return false;
      case T.Attribute:
      case T.Noise:
      case T.Typeof:
      case T.Offsetof:
      case T.StaticAssert:
        return this.#specialWord(i, kind, isStart);
      case T.AmpAmp:
        // GNU address of a label.
        if (this.#isOperandExpected(i) && this.#kind(i + 1) === T.Identifier) this.#replace.set(i, "&");
        return false;
      case T.Star:
        // C++ `object->*method`, which the grammar does not know, reads as a member.
        if (i > this.#from && (s.kind(i - 1) === T.Arrow || s.kind(i - 1) === T.Dot)) this.#replace.set(i, BLANK);
        return false;
      case T.Goto:
        if (this.#kind(i + 1) === T.Star) {
          this.#replace.set(i, BLANK);
          this.#computedGotos.set(s.start(i + 1), s.end(i));
        }
        return false;
      case T.HashHash:
        this.#pasteTokens(i);
        return false;
      case T.Hash:
      case T.Stray:
        this.#replace.set(i, BLANK);
        return isStart;
      case T.Identifier:
        this.#name(i, isStart);
        return this.#insert.has(i);
      case T.String:
        this.#string(i);
        return false;
      case T.Number:
        // `0 SUFFIX`: a macro that goes on with the expression.
        if (this.#kind(i + 1) === T.Identifier && !s.startsLine(i + 1)) this.#replace.set(i + 1, BLANK);
        return false;
      default:
        return false;
    }
  }

  /** `x:` and `case 1:`; a bit-field's colon is in no statement list. */
  #endsLabel(i: number, level: Level): boolean {
    const wasCase = level.inCase;
    level.inCase = false;
    if (!wasCase && this.#kind(i - 1) !== T.Identifier) return false;
    return true;
  }

  #isHeader(open: number): boolean {
    // `if constexpr (`
    const isConstexpr = this.#s.kind(open - 1) === T.FunctionSpecifier && open - 2 >= this.#from && this.#s.kind(open - 2) === T.If;
    const before = isConstexpr ? T.If : this.#s.kind(open - 1);
    return open > this.#from && (before === T.If || before === T.For || before === T.While || before === T.Switch || before === T.Catch || this.#loops.has(this.#s.start(open - 1)));
  }

  /** Parameters of function types, of lambdas, of functions declared here; a `for` header. */
  #declares(open: number): boolean {
    const before = this.#s.kind(open - 1);
    if (open === this.#from) return false;
    if (before === T.RParen || before === T.RBracket || before === T.For || before === T.Catch) return true;
    return before === T.Identifier && this.#isDeclaredFunction(open - 1, false);
  }

  /** Elements of an initializer that macros produce stand without commas: `ENTRY(a) ENTRY(b)`. */
  #listElement(i: number): void {
    const next = this.#kind(i + 1);
    if ((next === T.Identifier || next === T.LBrace) && this.#s.startsLine(i + 1) && !opensLambda(this.#s, this.#from, i + 1)) this.#insert.set(i, ",");
  }

  /** Whether a brace opens an initializer, or the body of a struct or enum. */
  #isDataBrace(i: number, isStart: boolean): boolean {
    if (this.#replace.get(i) === "{") return this.#types.has(this.#s.start(i - 1) + 1);
    if (i === this.#from) return this.#levels.at(-1)!.isData;
    if (isStart) return false;
    const level = this.#levels.at(-1)!;
    const before = this.#s.kind(i - 1);
    if (before === T.LParen) return level.open === T.LParen && this.#kind(i - 2) === T.Identifier && looksLikeData(this.#s, i, this.#to);
    if (opensFields(this.#s, this.#from, i)) return false;
    // `(struct x){ … }` and, in C++, `T{ … }`; a lambda's body holds statements.
    return !opensLambda(this.#s, this.#from, i);
  }

  #specialWord(i: number, kind: number, isStart: boolean): boolean {
    const s = this.#s;
    const open = this.#kind(i + 1) === T.LParen ? i + 1 : -1;
    switch (kind) {
      case T.Attribute:
        this.#blank(i, open < 0 ? i : s.close(open, this.#to - 1));
        return isStart;
      case T.Noise:
        this.#replace.set(i, BLANK);
        return isStart;
      case T.Typeof: {
        if (open < 0) return false;
        const close = s.close(open, this.#to - 1);
        this.#maskType(i, close + 1, { base: s.phrase(i, close + 1), pointer: 0, array: [], isFunctionPointer: false });
        return false;
      }
      case T.Offsetof:
        // The grammar wants a plain field name; a call takes `a.b[1]` as well.
        this.#replace.set(i, s.text(i).replace(/^./, "O"));
        if (open >= 0) this.#arguments(open);
        return false;
      default:
        // `_Static_assert(…)` is a call as good as any.
        if (open >= 0) this.#arguments(open);
        return false;
    }
  }

  #blank(from: number, last: number): void {
    for (let i = from; i <= last && i < this.#to; i++) this.#replace.set(i, BLANK);
  }

  /** Puts one identifier in place of tokens `[from, to)`; where they are not neighbours the rest is blanked. */
  #mask(from: number, to: number): void {
    const s = this.#s;
    const length = s.end(from) - s.start(from);
    this.#replace.set(from, `T${"_".repeat(Math.max(0, length - 1))}`);
    this.#blank(from + 1, to - 1);
  }

  #maskType(from: number, to: number, type: TypeName): void {
    this.#types.set(this.#s.start(from), type);
    this.#mask(from, to);
  }

  #maskUnreadable(from: number, to: number): void {
    this.#unreadable.set(this.#s.start(from), this.#s.end(to - 1));
    this.#mask(from, to);
  }

  /** Whether a prefix operator can stand at `i`. */
  #isOperandExpected(i: number): boolean {
    if (i === this.#from) return true;
    const before = this.#s.kind(i - 1);
    // `x-- && y`
    if (before === T.Operator && /^(?:\+\+|--)$/.test(this.#s.text(i - 1))) return false;
    return !(before === T.Identifier || before === T.Number || before === T.String || before === T.Char || before === T.RParen ||
      before === T.RBracket || before === T.RBrace || before >= T.FirstKeyword && before !== T.Return && before !== T.Case);
  }

  /** `a ## b` is one name; what stands between is filled up. */
  #pasteTokens(i: number): void {
    const s = this.#s;
    const isWord = (k: number): boolean => k === T.Identifier || k === T.Number || k >= T.FirstKeyword;
    const before = i > this.#from ? s.kind(i - 1) : 0;
    if (!isWord(before) || !isWord(this.#kind(i + 1)) || this.#replace.get(i - 1) === BLANK) {
      this.#replace.set(i, BLANK);
      return;
    }
    // A same-length view cannot close the gaps: the pasted name keeps the first part, the others are blanked.
    this.#replace.set(i, BLANK);
    this.#replace.set(i + 1, BLANK);
  }

  #name(i: number, isStart: boolean): void {
    const s = this.#s;
    const next = this.#kind(i + 1);
    // `(APIENTRY *f)(…)`
    if (next === T.Star && s.kind(i - 1) === T.LParen && this.#kind(i + 2) === T.Identifier && this.#kind(i + 3) === T.RParen && this.#kind(i + 4) === T.LParen &&
      looksLikeMacro(s.text(i))) {
      this.#replace.set(i, BLANK);
      return;
    }
    // `char FAR *p`
    if (next === T.Star && !isStart && i > this.#from && (s.kind(i - 1) === T.TypeWord || (s.kind(i - 1) === T.Qualifier && this.#isTypeLike(i - 2)) || (s.kind(i - 1) === T.Identifier && !s.startsLine(i))) && looksLikeMacro(s.text(i))) {
      this.#replace.set(i, BLANK);
      return;
    }
    if (next === T.LParen && !this.#isDeclaredFunction(i, isStart)) this.#call(i, isStart);
    if (this.#insert.has(i) || this.#replace.get(i) === BLANK) return;
    // `UNUSED int x`, `vector unsigned int x`: no name stands before a keyword of a type.
    if (next === T.TypeWord || next === T.Struct || next === T.Union || next === T.Enum) {
      this.#replace.set(i, BLANK);
      return;
    }
    if (isStart || i === this.#from) {
      if (isStart && next === T.Number) this.#replace.set(i, BLANK);
      if (isStart && this.#isStatementLevel() && next === T.Identifier) this.#specifierMacro(i);
      if (this.#levels.at(-1)!.isData && next === T.Identifier && s.startsLine(i + 1)) this.#insert.set(i, ",");
      return;
    }
    this.#prefixMacro(i, next);
    this.#suffixMacro(i, next);
  }

  /** `QUALIFIER type name`, `QUALIFIER type *name` at the start of a statement. */
  #specifierMacro(i: number): void {
    const s = this.#s;
    const third = this.#kind(i + 2);
    const behind = this.#kind(i + 3);
    const isDeclarator = behind === T.Assign || behind === T.Semicolon || behind === T.Comma || behind === T.LBracket;
    if (third === T.Identifier && (isDeclarator || looksLikeMacro(s.text(i)))) {
      // `type name ATTRIBUTE;` looks the same; there the last name is the macro.
      if (!looksLikeMacro(s.text(i + 2)) || looksLikeMacro(s.text(i))) this.#replace.set(i, BLANK);
    } else if (third === T.Star) {
      let end = i + 2;
      while (this.#kind(end) === T.Star || this.#kind(end) === T.Qualifier) end++;
      if (this.#kind(end) === T.Identifier) this.#replace.set(i, BLANK);
    }
  }

  /** Two names in a row where an operand is expected: the first is a macro, as in `f(aTHX_ x)` or `CAST x`. */
  #prefixMacro(i: number, next: number): void {
    const s = this.#s;
    const level = this.#levels.at(-1)!;
    const before = this.#before(i);
    if (next !== T.Identifier && next !== T.Number) return;
    if (this.#insert.has(i - 1)) return;
    if (before === T.Star) {
      // `type *ATTRIBUTE name`
      if (next === T.Identifier) this.#replace.set(i, BLANK);
      return;
    }
    const isOperator = before === T.Assign || before === T.Return || before === T.Question || before === T.Operator || before === T.Not || before === T.Amp ||
      before === T.AmpAmp || before === T.Plus || before === T.Minus;
    const isInList = (before === T.LParen || before === T.Comma) && level.open === T.LParen && !level.declares;
    const isInData = (before === T.LBrace || before === T.Comma || before === T.Assign) && level.isData;
    const isAfterCast = before === T.RParen && !this.#isStatementLevelHeader(i - 1) && looksLikeMacro(s.text(i)) && next === T.Identifier && looksLikeMacro(s.text(i + 1));
    if (isInData && s.startsLine(i + 1)) this.#insert.set(i, ",");
    else if (isOperator || isInList || isInData || isAfterCast) this.#replace.set(i, BLANK);
  }

  /** Whether a parenthesis closes the header of `if`, `while`, … */
  #isStatementLevelHeader(close: number): boolean {
    const open = this.#s.open(close, this.#from);
    return open > this.#from && this.#isHeader(open);
  }

  /** An attribute macro behind a declarator: `int x UNUSED;`, `int x SILENCE(0);`, `char a[3] ALIGNED(4) = …`. */
  #suffixMacro(i: number, next: number): void {
    const s = this.#s;
    if (!looksLikeMacro(s.text(i)) || i - 1 <= this.#from) return;
    const before = s.kind(i - 1);
    const isBehind = (before === T.Identifier && this.#isTypeLike(i - 2) && this.#replace.get(i - 1) !== BLANK) || before === T.RBracket;
    if (!isBehind) return;
    const close = next === T.LParen ? s.close(i + 1, this.#to - 1) : i;
    const after = this.#kind(close + 1);
    if (after === T.Semicolon || after === T.Assign || after === T.Comma) this.#blank(i, close);
  }

  /** A call: what is no expression in its arguments is masked, and what are no arguments becomes something else. */
  #call(i: number, isStart: boolean): void {
    const s = this.#s;
    const close = s.close(i + 1, this.#to);
    if (close >= this.#to) return;
    if (hasStatements(s, i + 2, close)) {
      if (isStart && this.#isStatementLevel()) this.#block(i, close);
      else this.#maskUnreadable(i + 2, close);
      return;
    }
    if (s.kind(i + 2) === T.Dot && s.kind(i + 3) === T.Identifier && s.end(i) - s.start(i) >= 3) {
      // `INIT(.a = 1, .b = 2)` makes an initializer: shown as `(T){ … }`.
      this.#types.set(s.start(i) + 1, { base: s.text(i), pointer: 0, array: [], isFunctionPointer: false });
      this.#replace.set(i, `(T${" ".repeat(s.end(i) - s.start(i) - 3)})`);
      this.#replace.set(i + 1, "{");
      this.#replace.set(close, "}");
      return;
    }
    const behind = this.#kind(close + 1);
    // `STRINGIFY(x) OTHER`: macros that are strings.
    if (!isStart && behind === T.Identifier && looksLikeMacro(s.text(i)) && this.#isOperandExpected(i) && !s.startsLine(close + 1)) {
      this.#blank(i, close);
      return;
    }
    // `aTHX_(type)x`: a macro in front of a cast.
    if (!isStart && (behind === T.Identifier || behind === T.Number) && isTypeArgument(s, i + 2, close)) {
      this.#replace.set(i, BLANK);
      return;
    }
    this.#arguments(i + 1);
  }

  /** `MACRO(a(); b();)` at the start of a statement is a block. */
  #block(i: number, close: number): void {
    const s = this.#s;
    const last = s.kind(close - 1);
    this.#replace.set(i, BLANK);
    this.#replace.set(i + 1, "{");
    if (last === T.Semicolon || last === T.RBrace) this.#replace.set(close, "}");
    else if (this.#kind(close + 1) === T.Semicolon) {
      this.#replace.set(close, ";");
      this.#replace.set(close + 1, "}");
    } else {
      this.#insert.set(close - 1, ";");
      this.#replace.set(close, "}");
    }
  }

  #isTypeLike(i: number): boolean {
    const kind = this.#s.kind(i);
    return i >= this.#from && (kind === T.Identifier || kind === T.Star || kind === T.TypeWord);
  }

  /** `int f(struct x *p);` inside of a function: what is in the parentheses are parameters. */
  #isDeclaredFunction(i: number, isStart: boolean): boolean {
    if (isStart || i === this.#from) return false;
    const before = this.#s.kind(i - 1);
    return before === T.TypeWord || before === T.Identifier;
  }

  /** Macros beside strings, `"a" FMT(x) B "b"`, are shown as empty strings: not every grammar takes names there. */
  #string(i: number): void {
    const s = this.#s;
    for (let j = i + 1; this.#kind(j) === T.Identifier; ) {
      const close = this.#kind(j + 1) === T.LParen ? s.close(j + 1, this.#to - 1) : j;
      this.#emptyString(j, close);
      j = close + 1;
    }
    for (let j = i - 1; j >= this.#from; ) {
      let name = j;
      if (s.kind(j) === T.RParen) name = s.open(j, this.#from) - 1;
      // A call in front of a string is no part of it when its parentheses are those of a statement or a cast.
      if (name < this.#from || s.kind(name) !== T.Identifier || this.#loops.has(s.start(name)) || this.#insert.has(j)) return;
      if (name === j && this.#replace.get(name) === `""`) return;
      this.#emptyString(name, j);
      j = name - 1;
    }
  }

  #emptyString(name: number, last: number): void {
    const s = this.#s;
    this.#replace.set(name, s.end(name) - s.start(name) >= 2 ? `""` : BLANK);
    this.#blank(name + 1, last);
  }

  /** Masks those arguments of a call that are no expressions. */
  #arguments(open: number): void {
    const s = this.#s;
    const close = s.close(open, this.#to);
    if (close >= this.#to) return;
    for (const part of s.parts(open + 1, close)) {
      if (part.from >= part.to) {
        // `F(a, , b)`: an empty argument.
        if (close > open + 1) this.#emptyArgument(part.from);
        continue;
      }
      const first = s.kind(part.from);
      if (isTypeArgument(s, part.from, part.to)) this.#maskType(part.from, part.to, readTypeName(s, part.from, part.to));
      else if (isStatementKeyword(first) || isOperatorArgument(s, part.from, part.to) || hasLooseWords(s, part.from, part.to)) this.#maskUnreadable(part.from, part.to);
    }
  }

  #emptyArgument(at: number): void {
    this.#insert.set(at - 1, "0");
    if (this.#s.start(at) === this.#s.end(at - 1)) {
      // No room for a filler: one of the two commas goes, and the argument with it.
      const comma = this.#s.kind(at) === T.Comma ? at : at - 1;
      if (this.#s.kind(comma) === T.Comma) this.#replace.set(comma, BLANK);
    }
  }

  // ---- statements ------------------------------------------------------------------------------

  #statementStart(i: number): void {
    const s = this.#s;
    if (s.kind(i) !== T.Identifier) return;
    const next = this.#kind(i + 1);
    if (next === T.LBrace && /^__(?:try|finally)$/.test(s.text(i))) this.#replace.set(i, BLANK);
    else if (next === T.LParen) this.#macroStatement(i);
    else if (next === T.Colon && this.#kind(i + 2) === T.RBrace) this.#insert.set(i + 1, ";");
    else if (next === T.RBrace || next === T.LBrace || isStatementKeyword(next)) this.#insert.set(i, ";");
    else if (s.startsLine(i + 1) && i + 1 < this.#to) this.#bareMacro(i, next);
    else if (looksLikeMacro(s.text(i)) && isSpecifierKeyword(next)) this.#replace.set(i, BLANK);
  }

  /** A name alone on its line at the start of a statement. */
  #bareMacro(i: number, next: number): void {
    const isMacro = looksLikeMacro(this.#s.text(i));
    const after = this.#kind(i + 2);
    const isStatement = (isSpecifierKeyword(next) && isMacro) || (next === T.Identifier && after === T.LParen) ||
      (isMacro && next === T.Identifier && (after === T.LParen || after === T.Assign || after === T.Arrow || after === T.Dot || after === T.LBracket || after === T.Identifier || after === T.Star || after === T.Semicolon));
    if (isStatement) this.#insert.set(i, ";");
  }

  /** `NAME(…)` at the start of a statement: a call, a loop, or a macro without `;`. */
  #macroStatement(i: number): void {
    const s = this.#s;
    const name = s.text(i);
    const close = s.close(i + 1, this.#to);
    if (close >= this.#to - 1) return;
    const next = s.kind(close + 1);
    if (this.#macros.pasting.get(name)?.isCase === true) {
      // A label reads as a statement, and is one until it is known what it is a label of.
      if (next === T.Colon) this.#replace.set(close + 1, ";");
      else if (next !== T.Semicolon) this.#insert.set(close, ";");
      return;
    }
    if (loopStart.test(name)) {
      this.#loop(i, close);
      if (next !== T.LBrace) this.#loopWithoutBraces(close, name);
      else this.#dropEnd(s.close(close + 1, this.#to) + 1, name);
      return;
    }
    if (next === T.LBrace) {
      this.#loop(i, close);
      return;
    }
    if (next === T.RBrace || next === T.Else || next === T.Case || next === T.Default) {
      this.#insert.set(close, ";");
      return;
    }
    const isLoop = loopName.test(name) || this.#macros.loops.has(name);
    const startsStatement = next === T.Identifier || isStatementKeyword(next) || isSpecifierKeyword(next);
    if (!startsStatement) {
      if (isLoop && next === T.Semicolon && this.#macros.loops.has(name)) this.#loop(i, close);
      return;
    }
    if (isLoop) {
      this.#loop(i, close);
      return;
    }
    const after = this.#kind(close + 2);
    if (!s.startsLine(close + 1)) {
      if (isStatementKeyword(next) || (next === T.Identifier && (after === T.LParen || after === T.Arrow) && !looksLikeMacro(name))) this.#loop(i, close);
      return;
    }
    // Without a `;` the next statement is the macro's body if it is indented deeper, else a statement of its own.
    const isDeclaration = isSpecifierKeyword(next) || (next === T.Identifier && (after === T.Identifier || after === T.Star));
    if (column(s, close + 1) > column(s, i) && s.startsLine(i) && !isDeclaration && !looksLikeMacro(name)) this.#loop(i, close);
    else this.#insert.set(close, ";");
  }

  /** Shows an iteration macro as a loop. */
  #loop(i: number, close: number): void {
    const s = this.#s;
    const room = s.end(i) - s.start(i);
    const start = s.start(i);
    if (close === i + 2) {
      // A loop needs a condition: it takes the place of the parentheses, which move into the name's.
      if (room < 4) return;
      this.#replace.set(i, `${" ".repeat(room - 4)}if(0`);
      this.#replace.set(i + 1, BLANK);
      this.#loops.set(start + room - 4, { name: s.text(i), isEmpty: true, variable: undefined });
      return;
    }
    this.#loops.set(start, { name: s.text(i), isEmpty: false, variable: loopVariable(s, i + 2, close) });
    this.#replace.set(i, room >= 5 ? "while" : "if");
    this.#arguments(i + 1);
  }

  /** A start macro followed by statements up to its end macro, without braces around them. */
  #loopWithoutBraces(close: number, name: string): void {
    const s = this.#s;
    const end = this.#findEnd(close + 1, name);
    if (end < 0) return;
    // The name is longer than what replaces it, so the brace finds room in the parentheses' place.
    this.#insert.set(close, "{");
    const behind = this.#kind(end + 1) === T.LParen ? s.close(end + 1, this.#to - 1) : end;
    this.#replace.set(end, "}");
    this.#blank(end + 1, this.#kind(behind + 1) === T.Semicolon ? behind + 1 : behind);
  }

  #findEnd(from: number, name: string): number {
    const s = this.#s;
    const wanted = name.replace("start_foreach", "end_foreach");
    let depth = 0;
    let nested = 0;
    const limit = Math.min(this.#to, from + LOOP_BODY_LIMIT);
    for (let i = from; i < limit; i++) {
      const kind = s.kind(i);
      if (kind === T.LBrace) depth++;
      else if (kind === T.RBrace && --depth < 0) return -1;
      else if (kind === T.Identifier && depth === 0) {
        const text = s.text(i);
        if (text === name) nested++;
        else if (text === wanted && nested-- === 0) return i;
      }
    }
    return -1;
  }

  /** The end macro behind a loop's closing brace says nothing. */
  #dropEnd(at: number, name: string): void {
    const s = this.#s;
    if (this.#kind(at) !== T.Identifier || s.text(at) !== name.replace("start_foreach", "end_foreach")) return;
    let last = this.#kind(at + 1) === T.LParen ? s.close(at + 1, this.#to - 1) : at;
    if (this.#kind(last + 1) === T.Semicolon) last++;
    this.#blank(at, last);
  }
}
