/** Reads the types of casts and of declarations in functions from tokens; see `direct-expressions.ts`. */
import type { TypeName } from "./ast.js";
import { constantNames, decline, primitiveTypes, reservedNames, TokenCursor } from "./direct-tokens.js";
import { looksLikeMacro, type Stream } from "./stream.js";
import { T } from "./token.js";
import type { Hints, View } from "./view.js";

export interface DirectContext {
  readonly source: string;
  readonly typeNames: ReadonlySet<string>;
  readonly hints: Hints;
}

const plainQualifiers = new Set(["const", "volatile", "restrict", "__restrict__", "_Nonnull"]);
const sizes = new Set(["signed", "unsigned", "long", "short"]);
const sized = new Set(["char", "int", "double"]);
const plainTypeWords = new Set(["void", "char", "int", "float", "double", "_Bool", "__int64", "__int128"]);

/** The base of a type and the pointers that a masked type brings along. */
export interface BaseType {
  readonly base: string;
  readonly pointer: number;
}

export abstract class DirectTypes extends TokenCursor {
  protected readonly context: DirectContext;

  constructor(context: DirectContext, s: Stream, from: number, to: number, view: View | undefined) {
    super(context.source, s, from, to, view);
    this.context = context;
  }

  /** A name that means nothing to the grammar, as of a label. */
  protected plainName(i: number): string {
    const name = this.text(i);
    if (primitiveTypes.has(name) || reservedNames.has(name) || !/^[\w$]+$/.test(name)) decline();
    return name;
  }

  protected isHinted(i: number): boolean {
    const { types, unreadable } = this.context.hints;
    return types.has(this.start(i)) || unreadable.has(this.start(i));
  }

  protected field(i: number): string {
    const name = this.text(i);
    return /^[\w$]+$/.test(name) ? name : decline();
  }

  /** Whether `(name)` reads as a cast. */
  protected castType(name: string): TypeName | undefined {
    if (!this.context.typeNames.has(name) && !name.endsWith("_t") && !looksLikeMacro(name)) return undefined;
    return { base: name, pointer: 0, array: [], isFunctionPointer: false };
  }

  /** Whether what begins at a token of a parenthesis can only be a type. */
  protected startsType(i: number): boolean {
    const kind = this.kind(i);
    if (kind === T.TypeWord || kind === T.Struct || kind === T.Union || kind === T.Enum || kind === T.Qualifier) return true;
    if (kind !== T.Identifier) return false;
    let next = i + 1;
    if (primitiveTypes.has(this.text(i))) return true;
    if (this.kind(next) === T.Qualifier) return true;
    if (this.kind(next) !== T.Star) return false;
    while (this.kind(next) === T.Star || this.kind(next) === T.Qualifier) next++;
    return this.kind(next) === T.RParen;
  }

  /** A type up to its closing parenthesis. */
  protected typeName(): TypeName {
    const { base, pointer: hidden } = this.baseType();
    let pointer = hidden;
    while (this.kind() === T.Star) {
      pointer++;
      this.at++;
      this.qualifiers();
    }
    if (this.kind() !== T.RParen) decline();
    return { base, pointer, array: [], isFunctionPointer: false };
  }

  protected qualifiers(): void {
    while (this.kind() === T.Qualifier) if (!plainQualifiers.has(this.text(this.at++))) decline();
  }

  /** Qualifiers, one type, qualifiers. */
  protected baseType(): BaseType {
    this.qualifiers();
    const i = this.at;
    let found: BaseType;
    switch (this.kind(i)) {
      case T.Struct:
      case T.Union:
      case T.Enum: {
        this.at++;
        let base = this.text(i);
        if (this.kind() === T.Identifier) {
          if (this.isHinted(this.at)) decline();
          base += ` ${this.plainName(this.at++)}`;
        } else if (this.kind() !== T.LBrace) decline();
        if (this.kind() === T.LBrace) {
          // The fields of a struct are asked for.
          if (this.kind(i) !== T.Enum) decline();
          this.#skipNames();
        }
        found = { base, pointer: 0 };
        break;
      }
      case T.TypeWord:
        found = { base: this.#typeWords(), pointer: 0 };
        break;
      case T.Identifier: {
        this.at++;
        const start = this.start(i);
        const hinted = this.context.hints.types.get(start);
        if (this.context.hints.unreadable.has(start)) decline();
        if (hinted !== undefined) {
          found = { base: hinted.base, pointer: hinted.pointer };
          break;
        }
        const name = this.text(i);
        if (reservedNames.has(name) || constantNames.has(name) || !/^[\w$]+$/.test(name)) decline();
        found = { base: name, pointer: 0 };
        break;
      }
      default:
        return decline();
    }
    this.qualifiers();
    if (this.kind() === T.TypeWord || this.kind() === T.Struct) decline();
    return found;
  }

  /** The names of an enum that is declared in a function: nobody asks for them. */
  #skipNames(): void {
    const first = ++this.at;
    for (; this.kind() !== T.RBrace; this.at++) {
      const isName = (this.at - first) % 2 === 0;
      if (this.kind() !== (isName ? T.Identifier : T.Comma) || this.isHinted(this.at) || reservedNames.has(this.text(this.at))) decline();
    }
    if (this.at === first) decline();
    this.at++;
  }

  /** `unsigned long`, `int`. */
  #typeWords(): string {
    const words: string[] = [];
    while (this.kind() === T.TypeWord && sizes.has(this.text(this.at))) words.push(this.text(this.at++));
    if (words.length > 0) {
      if (this.kind() === T.TypeWord) {
        if (!sized.has(this.text(this.at))) decline();
        words.push(this.text(this.at++));
      } else if (this.kind() === T.Identifier && this.kind(this.at + 1) === T.Identifier) decline();
      return words.join(" ");
    }
    const word = this.text(this.at);
    if (!plainTypeWords.has(word)) decline();
    this.at++;
    return word;
  }
}
