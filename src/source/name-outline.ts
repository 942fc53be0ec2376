/**
 * Which functions a file defines and which names each of them mentions, told from its bytes: no decoding, no tokens, no tree. Names are hashes, and what
 * is asked is only whether a file may matter to others: a name too many costs time, nothing else. A name that the function declares for itself, as a parameter
 * or a variable, is none of the project's. Preprocessor branches are all taken.
 */

/** Hashes of the names in a file: for each function, macro or table its own, whether it is static, how many names it mentions, and those. */
export type NameOutline = Int32Array;

const NAME = 1;
const classes = new Uint8Array(256);
for (let c = 0; c < 256; c++) if ((c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c >= 128) classes[c] = NAME;

/** What stands behind a function that is called, `f(`, or is a value, `= f;`, `g(f, x)`, `{ f }`, and behind a table or a structure of such: `t[i].f`, `o->f`. */
const mayEnd = new Uint8Array(256);
for (const character of "(),;}\n\r:[.-") mayEnd[character.charCodeAt(0)] = 1;

/** The hash of a name, as outlines have it. */
export function nameHash(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) | 0;
  return hash;
}

const STATIC = nameHash("static");
const DEFINE = nameHash("define");
const INCLUDE = nameHash("include");
const EXTERN = nameHash("extern");
/** Words after which a name is not declared. */
const NO_TYPES: ReadonlySet<number> = new Set(["return", "case", "goto", "else", "do", "sizeof", "throw", "delete", "new", "not", "and", "or", "co_return", "co_await", "co_yield"].map(nameHash));
/** Words that stand before a parenthesis and name no function. */
const KEYWORDS: ReadonlySet<number> = new Set(
  ["if", "while", "for", "switch", "return", "sizeof", "case", "else", "do", "const", "int", "char", "void", "unsigned", "struct", "NULL", "__attribute__", "defined"].map(nameHash),
);

// What stands before a name.
const OTHER = 0;
/** A name that may be a type: `T x`. */
const TYPE = 1;
/** `T *x`; `a * x` is no call of `x` either. */
const STAR = 2;
/** `T &x`, not `a && x`. */
const REFERENCE = 3;
/** `x.f`, `x->f`: a field, or a method if it is called. */
const MEMBER = 4;

class Outliner {
  #out = new Int32Array(4096);
  #length = 0;
  /** Parameters and variables of the item in progress: in it these names mean nothing else. */
  readonly #own = new Set<number>();
  /** Where the count of the item in progress stands; -1 between items. */
  #open = -1;

  begin(name: number, isStatic: boolean): void {
    this.#room(3);
    this.#out[this.#length++] = name;
    this.#out[this.#length++] = isStatic ? 1 : 0;
    this.#open = this.#length;
    this.#out[this.#length++] = 0;
  }

  mention(name: number): void {
    if (this.#open < 0) return;
    this.#room(1);
    this.#out[this.#length++] = name;
  }

  /** The item that is in progress, or begins next, has a variable of this name. */
  declare(name: number): void {
    this.#own.add(name).add(storeHash(name));
  }

  forget(): void {
    this.#own.clear();
  }

  /** A whole item that mentions one name. */
  alias(name: number, isStatic: boolean, mentioned: number): void {
    this.begin(name, isStatic);
    this.mention(mentioned);
    this.#close();
  }

  end(): void {
    if (this.#open < 0) return;
    if (this.#own.size > 0) this.#leaveOutOwn();
    this.#close();
  }

  #close(): void {
    this.#out[this.#open] = this.#length - this.#open - 1;
    this.#open = -1;
  }

  #leaveOutOwn(): void {
    let to = this.#open + 1;
    for (let at = to; at < this.#length; at++) if (!this.#own.has(this.#out[at]!)) this.#out[to++] = this.#out[at]!;
    this.#length = to;
    this.#own.clear();
  }

  get isOpen(): boolean {
    return this.#open >= 0;
  }

  /** Ends the outline and is ready for another one. */
  result(): NameOutline {
    this.end();
    this.#own.clear();
    const outline = this.#out.slice(0, this.#length);
    this.#length = 0;
    return outline;
  }

  #room(count: number): void {
    if (this.#length + count <= this.#out.length) return;
    this.#out = enlarged(this.#out);
  }
}

/** A copy with room for as much again. */
export function enlarged(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** Where the item behind the one at `at` begins. */
export const nextItem = (outline: NameOutline, at: number): number => firstMention(at) + outline[at + 2]!;

/** Where what the item at `at` mentions begins; it ends with the item. */
export const firstMention = (at: number): number => at + 3;

export const isStaticAt = (outline: NameOutline, at: number): boolean => outline[at + 1] === 1;

/** The names that the item at `at` mentions. */
export const mentionsAt = (outline: NameOutline, at: number): NameOutline => outline.subarray(firstMention(at), nextItem(outline, at));

/** Used again and again: trees have many files. */
const out = new Outliner();

/** As what an outline with stores has the assignment to a variable: `x = 1`, `x[1] = 1`, `x++`. */
export const storeHash = (name: number): number => (Math.imul(name, 31) + 61) | 0;

/** The same for a field: `s->x = 1`. */
export const fieldStoreHash = (name: number): number => storeHash((Math.imul(name, 31) + 46) | 0);

/** What 31 is to be multiplied with to come to 1. */
const INVERSE = 0xbdef7bdf;

/** The name whose `storeHash` this is, and the one whose `fieldStoreHash` it is: any number is one of both. */
export const storedName = (hash: number): number => Math.imul(hash - 61, INVERSE);
export const storedField = (hash: number): number => Math.imul(storedName(hash) - 46, INVERSE);

/** Stands in an outline with stores for a file that is included within the item. */
export const INCLUDES = nameHash("#include");

/** @param withStores whether it is to tell what the items assign to and include, too */
export function outlineNames(bytes: Uint8Array, withStores = false): NameOutline {
  const { length } = bytes;
  let i = 0;
  /** Braces of the function or table in progress. */
  let depth = 0;
  let parens = 0;
  let isLineStart = true;
  // At file level: what the item that has begun may turn out to be.
  let first = 0;
  let last = 0;
  let lastName = 0;
  let isStatic = false;
  let isTable = false;
  let before = OTHER;
  let isExtern = false;
  const startItem = (): void => {
    out.forget();
    isExtern = false;
    first = 0;
    last = 0;
    isStatic = false;
    isTable = false;
    parens = 0;
    lastName = 0;
  };
  while (i < length) {
    const c = bytes[i]!;
    if (classes[c] === NAME) {
      isLineStart = false;
      if (c >= 48 && c <= 57) {
        while (i < length && (classes[bytes[i]!] === NAME || bytes[i] === 46)) i++;
        continue;
      }
      let hash = 0;
      while (i < length && classes[bytes[i]!] === NAME) hash = (Math.imul(hash, 31) + bytes[i++]!) | 0;
      while (i < length && (bytes[i] === 32 || bytes[i] === 9)) i++;
      const next = i < length ? bytes[i]! : 0;
      const isMember = before === MEMBER;
      const isDeclared = before !== OTHER && !isMember && !isExtern && (out.isOpen ? declares(next, bytes[i + 1]!) : parens > 0 && first !== 0 && (next === 41 || next === 44 || next === 91));
      if (isDeclared && !KEYWORDS.has(hash)) out.declare(hash);
      before = NO_TYPES.has(hash) ? OTHER : TYPE;
      if (hash === EXTERN) isExtern = true;
      if (out.isOpen) {
        if (withStores && isStored(next, bytes[i + 1]!)) out.mention(isMember ? fieldStoreHash(hash) : storeHash(hash));
        if ((isMember ? next === 40 : mayEnd[next] === 1) && !KEYWORDS.has(hash)) out.mention(hash);
      } else {
        if (hash === STATIC) isStatic = true;
        if (next === 40 && parens === 0 && !isTable && !KEYWORDS.has(hash)) {
          if (first === 0) first = hash;
          last = hash;
        }
        if (parens === 0 && !isTable) lastName = hash;
      }
      continue;
    }
    i++;
    const was = before;
    before = OTHER;
    switch (c) {
      case 32: case 9:
        before = was;
        break;
      case 10: case 13:
        // `ENTER` on a line of its own declares nothing.
        if (!out.isOpen) before = was;
        isLineStart = true;
        break;
      case 42:
        if (was === TYPE || was === STAR) before = STAR;
        isLineStart = false;
        break;
      case 38:
        if (was === TYPE || was === STAR) before = REFERENCE;
        isLineStart = false;
        break;
      case 46:
        before = MEMBER;
        isLineStart = false;
        break;
      case 45:
        if (bytes[i] === 62) {
          i++;
          before = MEMBER;
        }
        isLineStart = false;
        break;
      case 35:
        if (isLineStart) i = directive(bytes, i, length, out, withStores);
        break;
      case 47:
        if (bytes[i] === 47) i = lineEnd(bytes, i, length);
        else if (bytes[i] === 42) i = commentEnd(bytes, i + 1, length);
        else break;
        before = was;
        break;
      case 34: case 39:
        i = literalEnd(bytes, i, length, c);
        isLineStart = false;
        break;
      case 40: case 91:
        parens++;
        break;
      case 41: case 93:
        if (parens > 0) parens--;
        break;
      case 61:
        if (!out.isOpen && parens === 0 && lastName !== 0) {
          isTable = true;
          out.begin(lastName, isStatic);
        }
        break;
      case 123:
        if (out.isOpen) depth++;
        else if (first !== 0) {
          if (last !== first) {
            // `MACRO(x) int f(…) {`, `C::C() : a(1) {`: either name may be the function's.
            out.alias(last, isStatic, first);
          }
          out.begin(first, isStatic);
          depth = 1;
        } else startItem(); // A namespace, a class, a structure: what is in it is looked at as if it stood in the file.
        break;
      case 125:
        if (out.isOpen && depth > 0) {
          // Branches of the preprocessor may open a brace twice; what closes at the margin closes all.
          depth = bytes[i - 2] === 10 ? 0 : depth - 1;
          if (depth === 0 && !isTable) {
            out.end();
            startItem();
          }
        } else if (!out.isOpen) startItem();
        break;
      case 59:
        isExtern = false;
        if (isTable && depth === 0) {
          out.end();
          startItem();
        } else if (!out.isOpen) startItem();
        break;
      default:
        isLineStart = false;
    }
  }
  return out.result();
}

/** Whether what stands behind a name ends a declarator: `T x;`, `T x = …`, `T x, y`, `T x[…]`. */
function declares(next: number, afterNext: number): boolean {
  return next === 59 || next === 44 || next === 91 || (next === 61 && afterNext !== 61);
}

/** Whether what stands behind a name changes it, or may: `x = …`, `x += …`, `x++`, `x[…]`. */
function isStored(next: number, afterNext: number): boolean {
  switch (next) {
    case 61: return afterNext !== 61;
    case 91: return true;
    case 43: case 45: return afterNext === 61 || afterNext === next;
    case 42: case 47: case 37: case 38: case 124: case 94: return afterNext === 61;
    case 60: case 62: return afterNext === next;
    default: return false;
  }
}

/** All names that a text mentions, or that stand in its comments. */
export function hashesIn(bytes: Uint8Array): Set<number> {
  const found = new Set<number>();
  for (let i = 0; i < bytes.length; i++) {
    if (classes[bytes[i]!] !== NAME) continue;
    let hash = 0;
    while (i < bytes.length && classes[bytes[i]!] === NAME) hash = (Math.imul(hash, 31) + bytes[i++]!) | 0;
    found.add(hash);
  }
  return found;
}

function lineEnd(bytes: Uint8Array, from: number, length: number): number {
  let i = from;
  for (; i < length && bytes[i] !== 10; i++) if (bytes[i] === 92) i += bytes[i + 1] === 13 ? 2 : 1;
  return i;
}

function commentEnd(bytes: Uint8Array, from: number, length: number): number {
  for (let i = from; i < length; i++) if (bytes[i] === 42 && bytes[i + 1] === 47) return i + 2;
  return length;
}

function literalEnd(bytes: Uint8Array, from: number, length: number, quote: number): number {
  for (let i = from; i < length; i++) {
    const c = bytes[i]!;
    if (c === quote) return i + 1;
    if (c === 92) i++;
    else if (c === 10) return i;
  }
  return length;
}

/** A macro with parameters is a function of its own; other directives say nothing. */
function directive(bytes: Uint8Array, from: number, length: number, out: Outliner, withStores: boolean): number {
  const end = lineEnd(bytes, from, length);
  if (out.isOpen && !withStores) return end;
  let i = from;
  let name = 0;
  for (let word = 0; word < 2; word++) {
    while (i < end && (bytes[i] === 32 || bytes[i] === 9)) i++;
    let hash = 0;
    while (i < end && classes[bytes[i]!] === NAME) hash = (Math.imul(hash, 31) + bytes[i++]!) | 0;
    if (out.isOpen && hash === INCLUDE) out.mention(INCLUDES);
    if (word === 0 && (hash !== DEFINE || out.isOpen)) return end;
    name = hash;
  }
  out.forget();
  out.begin(name, true);
  if (bytes[i] === 40) i = macroParameters(bytes, i + 1, end, out);
  while (i < end) {
    const c = bytes[i]!;
    if (c === 34 || c === 39) i = literalEnd(bytes, i + 1, end, c);
    else if (classes[c] !== NAME) i++;
    else {
      let hash = 0;
      while (i < end && classes[bytes[i]!] === NAME) hash = (Math.imul(hash, 31) + bytes[i++]!) | 0;
      out.mention(hash);
    }
  }
  out.end();
  return end;
}

/** The names between the parentheses behind a macro's name are its own. */
function macroParameters(bytes: Uint8Array, from: number, end: number, out: Outliner): number {
  let i = from;
  while (i < end && bytes[i] !== 41) {
    if (classes[bytes[i]!] !== NAME) {
      i++;
      continue;
    }
    let hash = 0;
    while (i < end && classes[bytes[i]!] === NAME) hash = (Math.imul(hash, 31) + bytes[i++]!) | 0;
    out.declare(hash);
  }
  return i;
}
