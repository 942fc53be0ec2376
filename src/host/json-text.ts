/**
 * A JSON reader that knows where everything stands, so that an error in a value can be shown as exactly as one in the
 * syntax.
 */
import { LineIndex } from "../source/line-index.js";
import type { Position } from "../source/span.js";

export type JsonNode = { readonly start: number; readonly end: number } & (
  | { readonly kind: "object"; readonly members: readonly JsonMember[] }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" }
);

export interface JsonMember {
  readonly key: string;
  readonly keyStart: number;
  readonly value: JsonNode;
}

/** A text that is not JSON. */
export class JsonSyntaxError extends Error {
  override readonly name = "JsonSyntaxError";

  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/uy;
const WORD = /true|false|null/uy;
const BLANK = /[ \t\r\n]*/uy;

/** Deep enough for any configuration, shallow enough for the stack. */
const MAX_DEPTH = 200;

class Reader {
  #at = 0;

  constructor(readonly text: string) {}

  document(): JsonNode {
    const value = this.#value(0);
    if (this.#peek() !== "") this.#fail("Unexpected text after the end of the value");
    return value;
  }

  #fail(message: string): never {
    if (this.text.startsWith("//", this.#at) || this.text.startsWith("/*", this.#at)) {
      throw new JsonSyntaxError("Comments are not part of JSON", this.#at);
    }
    throw new JsonSyntaxError(message, this.#at);
  }

  /** The next character that is not blank; empty at the end. */
  #peek(): string {
    this.#match(BLANK);
    return this.text.charAt(this.#at);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text)?.[0];
    if (match !== undefined) this.#at += match.length;
    return match;
  }

  #value(depth: number): JsonNode {
    if (depth > MAX_DEPTH) this.#fail("Nested too deeply");
    const next = this.#peek();
    const start = this.#at;
    if (next === "{") return this.#object(start, depth);
    if (next === "[") return this.#array(start, depth);
    if (next === '"') return { kind: "string", value: this.#string(), start, end: this.#at };
    const word = this.#match(WORD);
    if (word === "null") return { kind: "null", start, end: this.#at };
    if (word !== undefined) return { kind: "boolean", value: word === "true", start, end: this.#at };
    const number = this.#match(NUMBER);
    if (number !== undefined) return { kind: "number", value: Number(number), start, end: this.#at };
    return this.#fail(next === "" ? "Unexpected end of the file" : `Unexpected \`${next}\`; a value belongs here`);
  }

  #string(): string {
    const literal = this.#match(STRING);
    if (literal === undefined) this.#fail("This string is not closed, or holds a line break or a wrong escape");
    return JSON.parse(literal) as string;
  }

  #separator(close: string): boolean {
    const next = this.#peek();
    if (next === close) {
      this.#at++;
      return false;
    }
    if (next !== ",") this.#fail(`Expected \`,\` or \`${close}\``);
    this.#at++;
    if (this.#peek() === close) this.#fail(`A comma must not stand before \`${close}\``);
    return true;
  }

  #object(start: number, depth: number): JsonNode {
    const members: JsonMember[] = [];
    this.#at++;
    if (this.#peek() === "}") this.#at++;
    else {
      do {
        if (this.#peek() !== '"') this.#fail("Expected a key in double quotes");
        const keyStart = this.#at;
        const key = this.#string();
        if (members.some((member) => member.key === key))
          throw new JsonSyntaxError(`\`${key}\` is given twice`, keyStart);
        if (this.#peek() !== ":") this.#fail("Expected `:` after the key");
        this.#at++;
        members.push({ key, keyStart, value: this.#value(depth + 1) });
      } while (this.#separator("}"));
    }
    return { kind: "object", members, start, end: this.#at };
  }

  #array(start: number, depth: number): JsonNode {
    const items: JsonNode[] = [];
    this.#at++;
    if (this.#peek() === "]") this.#at++;
    else {
      do items.push(this.#value(depth + 1));
      while (this.#separator("]"));
    }
    return { kind: "array", items, start, end: this.#at };
  }
}

/**
 * Reads a JSON text.
 *
 * @throws {JsonSyntaxError} where the text is not JSON, or gives a key twice
 */
export const parseJson = (text: string): JsonNode => new Reader(text).document();

export const positionIn = (text: string, offset: number): Position => new LineIndex(text).positionAt(offset);
