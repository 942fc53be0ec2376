import type { Language } from "./ast.js";
import { tokenText, type Tokens } from "./lexer.js";
import { looksLikeMacro } from "./stream.js";
import { F, isSpecifierKeyword, isStatementKeyword, T } from "./token.js";

/** A namespace, class or `extern "C"` block that items stand in. */
export interface Scope {
  /** Empty for `extern "C"` and unnamed namespaces. */
  readonly name: string;
  readonly isClass: boolean;
}

/** A class, struct or union whose body was entered. */
export interface OpenedClass {
  readonly name: string;
  /** As written, without template arguments. */
  readonly bases: readonly string[];
  /** What it stands in. */
  readonly outer: readonly Scope[];
  /** Number of the brace token. */
  readonly brace: number;
}

export interface Item {
  /** `macro`: a macro used without `;`. `junk`: nothing that could be a declaration. */
  readonly kind: "function" | "declaration" | "macro" | "junk";
  /** Numbers of its tokens in the file. */
  readonly tokens: readonly number[];
  /** Of a function: positions in `tokens` of the braces of its body; `close` is the length when the brace is missing. */
  readonly open: number;
  readonly close: number;
  readonly scopes: readonly Scope[];
}

/** Tokens before the brace of a namespace or class. */
const SCOPE_HEADER_LIMIT = 500;

export type Fed = "more" | "complete" | "before";

/**
 * Finds where file-level items end, token by token. It knows no types and no macros: it goes by brackets
 * and by what stands before them, and starts afresh at something at the left margin that looks like a
 * function when brackets do not add up.
 */
export class ItemScanner {
  readonly #tokens: Tokens;
  readonly #language: Language;
  scopes: readonly Scope[] = [];
  /** By brace. */
  readonly classes = new Map<number, OpenedClass>();
  #item: number[] = [];
  #braces = 0;
  #parens = 0;
  /** A `)` at level 0 closed what can be a parameter list. */
  #hasParams = false;
  #paramsOpen = -1;
  #paramsClose = -1;
  #callee = -1;
  #hasAssign = false;
  /** `struct`, `union`, `enum` or `class` stands at level 0. */
  #hasTag = false;
  #isBody = false;
  #bodyOpen = -1;
  /** Where the first brace stands, and whether what follows it is indented. */
  #braceAt = -1;
  #isIndented = false;
  #isKnr = false;
  #inCtorInit = false;
  /** Behind a class: what follows up to `;` are its variables. */
  #afterClass = false;
  #result: Item | undefined;
  /** `}` at level 0 with no scope to close, since the last call of `takeStray`. */
  #stray = -1;

  constructor(tokens: Tokens, language: Language) {
    this.#tokens = tokens;
    this.#language = language;
  }

  get isEmpty(): boolean {
    return this.#item.length === 0;
  }

  /** The item that the last call completed, when it is one; forgets it. */
  take(): Item | undefined {
    const result = this.#result;
    this.#result = undefined;
    return result;
  }

  /** Token number of a closing brace that closes nothing, or -1; forgets it. */
  takeStray(): number {
    const stray = this.#stray;
    this.#stray = -1;
    return stray;
  }

  /** Takes the next token. `before`: an item ended before this token, which has to be fed again. */
  feed(token: number): Fed {
    const kind = this.#tokens.kind[token]!;
    if (this.#braces > 0) {
      if (this.#isAtMargin(token) && this.#isIndented && this.#startsFunction(token)) return this.#end("before");
      return this.#inside(token, kind);
    }
    if (this.#item.length > 0 && this.#endsBefore(token, kind)) return this.#end("before");
    return this.#outside(token, kind);
  }

  /** Ends the item in progress at the end of the input. */
  finish(): void {
    if (this.#item.length > 0) this.#end("complete");
  }

  #inside(token: number, kind: number): Fed {
    if (kind === T.LBrace) this.#braces++;
    else if (kind === T.RBrace) this.#braces--;
    this.#item.push(token);
    if (this.#item.length === this.#braceAt + 2) this.#isIndented = !this.#isAtMargin(token);
    if (this.#braces > 0) return "more";
    if (this.#isBody || this.#isHandler()) return this.#end("complete");
    return this.#isUnknownBlock() ? this.#end("complete") : "more";
  }

  /** A handler behind a function-try-block. */
  #isHandler(): boolean {
    return this.#tokens.kind[this.#item[0]!] === T.Catch;
  }

  /** A block that belongs to no tag and no initializer, as after a macro that opens a table. */
  #isUnknownBlock(): boolean {
    if (this.#hasAssign || this.#parens > 0 || this.#hasTag) return false;
    return this.#language === "c" || this.#item.length <= 2;
  }

  #outside(token: number, kind: number): Fed {
    switch (kind) {
      case T.RBrace:
        return this.#closeScope(token);
      case T.LBrace:
        if (this.#parens === 0 && this.#opensScope(token)) return "complete";
        this.#braces = 1;
        this.#braceAt = this.#item.length;
        this.#isBody = this.#isBodyBrace();
        if (this.#isBody) this.#bodyOpen = this.#item.length;
        break;
      case T.LParen:
      case T.LBracket:
        if (this.#parens++ === 0 && kind === T.LParen) this.#callee = this.#item.length - 1;
        break;
      case T.RParen:
      case T.RBracket:
        if (this.#parens > 0) this.#parens--;
        if (this.#parens === 0 && kind === T.RParen) this.#closeParams();
        break;
      case T.Struct:
      case T.Union:
      case T.Enum:
      case T.Class:
        this.#hasTag = true;
        break;
      case T.Assign:
        if (this.#parens === 0 && this.#previousKind() !== T.Operatorword && !this.#isInTemplateHeader()) this.#hasAssign = true;
        break;
      case T.Colon:
        if (this.#parens === 0) {
          if (this.#item.length > 0 && this.#tokens.kind[this.#item[0]!] === T.Access) {
            this.#reset();
            return "complete";
          }
          if (this.#hasParams && this.#language === "cpp") this.#inCtorInit = true;
        }
        break;
      case T.Dot:
        // `INFO("x", type) .a = b, };`: the macro opened the braces of an initializer.
        if (this.#hasParams && this.#parens === 0 && this.#previousKind() === T.RParen && this.#tokens.kind[token + 1] === T.Identifier) {
          this.#hasAssign = true;
          this.#braces = 1;
        }
        break;
      case T.Semicolon:
        if (this.#item.length === 0) {
          this.#afterClass = false;
          return "complete";
        }
        if (this.#parens > 0) {
          // No declaration has a `;` in parentheses at file level: a bracket is missing.
          this.#item.push(token);
          return this.#end("complete");
        }
        if (this.#goesOnAsKnr()) {
          this.#isKnr = true;
          break;
        }
        this.#item.push(token);
        return this.#end("complete");
    }
    this.#item.push(token);
    return "more";
  }

  #previousKind(back = 1): number {
    const token = this.#item[this.#item.length - back];
    return token === undefined ? 0 : this.#tokens.kind[token]!;
  }

  #closeScope(token: number): Fed {
    if (this.#item.length > 0) return this.#end("before");
    const scope = this.scopes.at(-1);
    if (scope === undefined) this.#stray = token;
    else {
      this.scopes = this.scopes.slice(0, -1);
      this.#afterClass = scope.isClass;
    }
    return "complete";
  }

  /** `extern "C" {`, `namespace a {` and, in C++, `class X {`. */
  #opensScope(brace: number): boolean {
    const first = this.#previousKind(this.#item.length);
    const push = (name: string, isClass: boolean): true => {
      this.scopes = [...this.scopes, { name, isClass }];
      this.#reset();
      return true;
    };
    if (this.#item.length >= 2 && this.#previousKind() === T.String && this.#previousKind(2) === T.Extern) return push("", false);
    if (this.#language !== "cpp" || this.#item.length > SCOPE_HEADER_LIMIT) return false;
    const kinds = this.#item.map((token) => this.#tokens.kind[token]!);
    if (first === T.Namespace || (first === T.FunctionSpecifier && kinds[1] === T.Namespace)) {
      return push(this.#item.filter((_, i) => kinds[i] === T.Identifier).map((token) => tokenText(this.#tokens, token)).join("::"), false);
    }
    if (this.#hasAssign || this.#hasParams || kinds.includes(T.Enum) || kinds.includes(T.Typedef)) return false;
    let tag = -1;
    let depth = 0;
    for (let i = 0; i < kinds.length; i++) {
      if (kinds[i] === T.Less) depth++;
      else if (kinds[i] === T.Greater) depth--;
      else if (depth === 0 && (kinds[i] === T.Class || kinds[i] === T.Struct || kinds[i] === T.Union)) tag = i;
    }
    if (tag < 0) return false;
    const colon = kinds.indexOf(T.Colon, tag);
    if (colon < 0 && this.#namesVariable()) return false;
    let name = "";
    for (let i = tag + 1; i < (colon < 0 ? kinds.length : colon); i++) {
      if (kinds[i] === T.Less) break;
      if (kinds[i] === T.Identifier && tokenText(this.#tokens, this.#item[i]!) !== "final") name = tokenText(this.#tokens, this.#item[i]!);
    }
    const bases = colon < 0 ? [] : this.#bases(colon + 1);
    this.classes.set(brace, { name, bases, outer: this.scopes, brace });
    return push(name, true);
  }

  /** `struct pss table[] {` and `struct info i {`: the brace opens an initializer. In `struct PACKED pss {` the first name is a macro's. */
  #namesVariable(): boolean {
    if (this.#previousKind() === T.RBracket) return this.#previousKind(2) !== T.RBracket;
    if (this.#previousKind() !== T.Identifier || this.#previousKind(2) !== T.Identifier) return false;
    const [type, name] = this.#item.slice(-2).map((token) => tokenText(this.#tokens, token));
    return name !== "final" && !/^_*[A-Z][A-Z0-9_]*$/.test(type!);
  }

  /** `public A, virtual ns::B<int>` as `A`, `ns::B`. */
  #bases(from: number): readonly string[] {
    const bases: string[] = [];
    let base = "";
    let depth = 0;
    for (let i = from; i < this.#item.length; i++) {
      const token = this.#item[i]!;
      const kind = this.#tokens.kind[token]!;
      if (kind === T.Less) depth++;
      else if (kind === T.Greater) depth--;
      else if (depth === 0 && kind === T.Comma) {
        bases.push(base);
        base = "";
      } else if (depth === 0 && (kind === T.Identifier || kind === T.Scope)) base += tokenText(this.#tokens, token);
    }
    return [...bases, base].filter((name) => name !== "");
  }

  /** Between the angle brackets of `template <typename T, int n = 3>`. */
  #isInTemplateHeader(): boolean {
    if (this.#tokens.kind[this.#item[0]!] !== T.Template) return false;
    let depth = 0;
    for (const token of this.#item) {
      const kind = this.#tokens.kind[token]!;
      if (kind === T.Less) depth++;
      else if (kind === T.Greater) depth--;
    }
    return depth > 0;
  }

  #closeParams(): void {
    if (this.#hasAssign || this.#inCtorInit || this.#callee < 0) return;
    const callee = this.#tokens.kind[this.#item[this.#callee]!]!;
    const before = this.#callee > 0 ? this.#tokens.kind[this.#item[this.#callee - 1]!]! : 0;
    const isTagMacro = before === T.Struct || before === T.Union || before === T.Enum || before === T.Class;
    const isName = callee === T.Identifier || callee === T.RParen || callee === T.Greater || before === T.Operatorword || callee === T.Operatorword;
    if (!isName || isTagMacro) return;
    this.#hasParams = true;
    this.#paramsOpen = this.#callee + 1;
    this.#paramsClose = this.#item.length;
  }

  /** Whether `{` at level 0 starts a function's body. */
  #isBodyBrace(): boolean {
    // `TEST_START {`: a macro makes the header.
    if (this.#item.length === 1 && this.#previousKind() === T.Identifier) return true;
    if (!this.#hasParams || this.#hasAssign || this.#parens > 0) return false;
    const previous = this.#previousKind();
    if (this.#inCtorInit) return previous === T.RParen || previous === T.RBrace || previous === T.Ellipsis;
    if (previous === T.Semicolon) return this.#isKnr;
    return true;
  }

  /** K&R: after `int f(a, b)` stand declarations of `a` and `b`. */
  #goesOnAsKnr(): boolean {
    if (this.#isKnr) return true;
    if (!this.#hasParams || this.#hasAssign || this.#paramsOpen < 1) return false;
    const behind = this.#item[this.#paramsClose + 1];
    if (behind === undefined) return false;
    const kind = this.#tokens.kind[behind]!;
    if (kind !== T.Identifier && !isSpecifierKeyword(kind)) return false;
    if (kind === T.Attribute) return false;
    const names = new Set<string>();
    for (let i = this.#paramsOpen + 1; i < this.#paramsClose; i++) {
      const token = this.#item[i]!;
      const isName = (i - this.#paramsOpen) % 2 === 1;
      if (this.#tokens.kind[token] !== (isName ? T.Identifier : T.Comma)) return false;
      if (isName) names.add(tokenText(this.#tokens, token));
    }
    for (let i = this.#paramsClose + 2; i < this.#item.length; i++) {
      const token = this.#item[i]!;
      if (this.#tokens.kind[token] === T.Identifier && names.has(tokenText(this.#tokens, token))) return true;
    }
    return false;
  }

  /** Whether the item in progress has ended although no `;` says so. */
  #endsBefore(token: number, kind: number): boolean {
    if (this.#parens > 0) return this.#isAtMargin(token) && this.#startsFunction(token);
    if (!(this.#tokens.flags[token]! & F.LineStart)) return false;
    const startsItem = kind === T.Identifier || (isSpecifierKeyword(kind) && kind !== T.Attribute);
    if (!startsItem) return false;
    const first = this.#tokens.kind[this.#item[0]!]!;
    // `= { … }` without its `;`.
    if (this.#hasAssign && this.#previousKind() === T.RBrace) return true;
    if (first !== T.Identifier) return false;
    const isLoneName = this.#item.length === 1;
    if (isLoneName) {
      // A macro on its own line before what can only start a declaration: no type stands before `typedef` or `static`.
      return (kind === T.Typedef || kind === T.Static || kind === T.Extern || kind === T.Struct || kind === T.Enum || kind === T.Union) &&
        looksLikeMacro(tokenText(this.#tokens, this.#item[0]!));
    }
    // `NAME(…)` and nothing else on the line.
    if (this.#paramsOpen !== 1 || this.#paramsClose !== this.#item.length - 1) return false;
    return !this.#isKnrList() || looksLikeMacro(tokenText(this.#tokens, this.#item[0]!));
  }

  /** Whether the parentheses hold names only, and at least one: `main(argc, argv)`. */
  #isKnrList(): boolean {
    if (this.#paramsClose <= this.#paramsOpen + 1) return false;
    for (let i = this.#paramsOpen + 1; i < this.#paramsClose; i++) {
      const kind = this.#tokens.kind[this.#item[i]!];
      if (kind !== T.Identifier && kind !== T.Comma) return false;
    }
    return true;
  }

  #isAtMargin(token: number): boolean {
    const start = this.#tokens.start[token]!;
    if (start === 0) return true;
    const before = this.#tokens.text.charCodeAt(start - 1);
    return before === 10 || before === 13;
  }

  /** Whether something like `static int f(…) {` begins at a token. Looks at no more than a few hundred tokens. */
  #startsFunction(token: number): boolean {
    const { kind, count } = this.#tokens;
    const first = kind[token]!;
    if (isStatementKeyword(first) || (first !== T.Identifier && !isSpecifierKeyword(first))) return false;
    let words = 0;
    let i = token;
    const limit = Math.min(count, token + 400);
    for (; i < limit && i < token + 24; i++) {
      const k = kind[i]!;
      if (k === T.LParen) break;
      if (k === T.Identifier || isSpecifierKeyword(k)) words++;
      else if (k !== T.Star && k !== T.Scope && k !== T.Tilde) return false;
    }
    if (kind[i] !== T.LParen || words < 2 || kind[i - 1] !== T.Identifier) return false;
    let depth = 0;
    for (; i < limit; i++) {
      const k = kind[i]!;
      if (k === T.LParen) depth++;
      else if (k === T.RParen) {
        if (--depth === 0) break;
      } else if (k === T.LBrace || k === T.RBrace || k === T.Semicolon || k === T.String) return false;
    }
    return kind[i + 1] === T.LBrace;
  }

  #end(how: "complete" | "before"): Fed {
    const tokens = this.#item;
    const isFunction = this.#isBody && this.#bodyOpen >= 0;
    const isClosed = isFunction && this.#braces === 0;
    let kind: Item["kind"];
    const last = this.#previousKind();
    const first = this.#tokens.kind[tokens[0]!]!;
    if (isFunction) kind = "function";
    else if (isStatementKeyword(first) || this.#parens > 0 || this.#braces > 0 || first === T.Stray) kind = "junk";
    else if (last === T.Semicolon || this.#hasAssign) kind = "declaration";
    else if (tokens.length === 1 || (this.#hasParams && last === T.RParen)) kind = "macro";
    else kind = this.#isUnknownBlock() ? "junk" : "declaration";
    if ((!this.#afterClass || kind === "function") && first !== T.Catch) {
      this.#result = { kind, tokens, open: this.#bodyOpen, close: isClosed ? tokens.length - 1 : tokens.length, scopes: this.scopes };
    }
    this.#reset();
    return how;
  }

  #reset(): void {
    this.#item = [];
    this.#braces = 0;
    this.#parens = 0;
    this.#hasParams = false;
    this.#paramsOpen = -1;
    this.#paramsClose = -1;
    this.#callee = -1;
    this.#hasAssign = false;
    this.#hasTag = false;
    this.#isBody = false;
    this.#bodyOpen = -1;
    this.#braceAt = -1;
    this.#isIndented = false;
    this.#isKnr = false;
    this.#inCtorInit = false;
    this.#afterClass = false;
  }
}
