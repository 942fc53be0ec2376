import type { Language } from "./ast.js";

/**
 * Token kinds as small integers: the lexical scan writes one byte per token. Punctuators that only
 * expressions use share `Operator`; keywords start at `FirstKeyword`.
 */
export const T = {
  Identifier: 1,
  Number: 2,
  String: 3,
  Char: 4,
  LBrace: 5,
  RBrace: 6,
  LParen: 7,
  RParen: 8,
  LBracket: 9,
  RBracket: 10,
  Semicolon: 11,
  Comma: 12,
  Colon: 13,
  Scope: 14,
  Assign: 15,
  Star: 16,
  Amp: 17,
  AmpAmp: 18,
  Dot: 19,
  Arrow: 20,
  Ellipsis: 21,
  Hash: 22,
  HashHash: 23,
  Less: 24,
  Greater: 25,
  Tilde: 26,
  Question: 27,
  Not: 28,
  Plus: 29,
  Minus: 30,
  Operator: 31,
  /** A character that starts no token of the language. */
  Stray: 32,
  FirstKeyword: 40,

  Typedef: 40,
  Extern: 41,
  Static: 42,
  /** `register`, `auto`, `_Thread_local`, … : storage that changes nothing for the analysis. */
  Storage: 43,
  /** `inline` and its spellings, `_Noreturn`; in C++ `virtual`, `explicit`, `constexpr`, `friend`, `mutable`. */
  FunctionSpecifier: 44,
  Qualifier: 45,
  /** `int`, `unsigned`, `void`, … */
  TypeWord: 46,
  Struct: 47,
  Union: 48,
  Enum: 49,
  Class: 50,
  If: 51,
  Else: 52,
  For: 53,
  While: 54,
  Do: 55,
  Switch: 56,
  Case: 57,
  Default: 58,
  Return: 59,
  Break: 60,
  Continue: 61,
  Goto: 62,
  Sizeof: 63,
  /** `__attribute__`, `__declspec`, `_Alignas`, `alignas`: followed by a parenthesised list, no meaning here. */
  Attribute: 64,
  /** `__extension__`, `__cdecl`, `__stdcall`, …: a word without meaning here. */
  Noise: 65,
  Typeof: 66,
  Asm: 67,
  StaticAssert: 68,
  Offsetof: 69,
  Generic: 70,
  Namespace: 71,
  Template: 72,
  Using: 73,
  Access: 74,
  Operatorword: 75,
  New: 76,
  Delete: 77,
  Try: 78,
  Catch: 79,
  Throw: 80,
  Typename: 81,
  /** C++ casts, `noexcept`, `decltype`, …: words that are no names but need no treatment of their own. */
  CppWord: 82,
  Alignof: 83,
} as const;

/** Token flags. */
export const F = {
  /** First token of its line. */
  LineStart: 1,
  /** Between the token before and this one stands more than white space: a comment, a directive, a splice. */
  GapNotBlank: 2,
  /** The token itself holds a line splice. */
  Spliced: 4,
  /** The token is spelled as a digraph, or as an alternative token of C++. */
  Digraph: 8,
} as const;

const words = (kind: number, list: string): (readonly [string, number])[] =>
  list.split(" ").map((word) => [word, kind] as const);

const cKeywords: readonly (readonly [string, number])[] = [
  ...words(T.Typedef, "typedef"),
  ...words(T.Extern, "extern"),
  ...words(T.Static, "static"),
  ...words(T.Storage, "register auto _Thread_local __thread"),
  ...words(T.FunctionSpecifier, "inline __inline __inline__ __forceinline _Noreturn"),
  ...words(T.Qualifier, "const volatile restrict __const __const__ __volatile __volatile__ __restrict __restrict__ _Nonnull _Nullable"),
  ...words(T.TypeWord, "void char short int long float double signed unsigned _Bool _Complex __signed__ __signed __int64 __int128"),
  ...words(T.Struct, "struct"),
  ...words(T.Union, "union"),
  ...words(T.Enum, "enum"),
  ...words(T.If, "if"),
  ...words(T.Else, "else"),
  ...words(T.For, "for"),
  ...words(T.While, "while"),
  ...words(T.Do, "do"),
  ...words(T.Switch, "switch"),
  ...words(T.Case, "case"),
  ...words(T.Default, "default"),
  ...words(T.Return, "return"),
  ...words(T.Break, "break"),
  ...words(T.Continue, "continue"),
  ...words(T.Goto, "goto"),
  ...words(T.Sizeof, "sizeof"),
  ...words(T.Attribute, "__attribute__ __attribute __declspec _Alignas"),
  ...words(T.Noise, "__extension__ __cdecl __stdcall __fastcall __thiscall __vectorcall __pascal"),
  ...words(T.Typeof, "typeof __typeof __typeof__ typeof_unqual"),
  ...words(T.Asm, "asm __asm __asm__"),
  ...words(T.StaticAssert, "_Static_assert static_assert"),
  ...words(T.Offsetof, "offsetof __builtin_offsetof"),
  ...words(T.Generic, "_Generic"),
  ...words(T.Alignof, "_Alignof __alignof__ __alignof alignof"),
];

const cppKeywords: readonly (readonly [string, number])[] = [
  ...words(T.Class, "class"),
  ...words(T.Namespace, "namespace"),
  ...words(T.Template, "template"),
  ...words(T.Using, "using"),
  ...words(T.Access, "public private protected"),
  ...words(T.Operatorword, "operator"),
  ...words(T.New, "new"),
  ...words(T.Delete, "delete"),
  ...words(T.Try, "try"),
  ...words(T.Catch, "catch"),
  ...words(T.Throw, "throw"),
  ...words(T.Typename, "typename"),
  ...words(T.FunctionSpecifier, "virtual explicit constexpr consteval constinit friend mutable"),
  ...words(T.Storage, "thread_local"),
  ...words(T.TypeWord, "bool wchar_t char8_t char16_t char32_t"),
  ...words(T.Attribute, "alignas"),
  ...words(T.Typeof, "decltype"),
  // Alternative tokens; the parser sees their usual spelling.
  ...words(T.AmpAmp, "and"),
  ...words(T.Not, "not"),
  ...words(T.Amp, "bitand"),
  ...words(T.Tilde, "compl"),
  ...words(T.Operator, "or xor bitor not_eq and_eq or_eq xor_eq"),
  ...words(T.CppWord, "noexcept static_cast dynamic_cast reinterpret_cast const_cast typeid co_await co_yield co_return"),
];

/** A word's hash as the lexical scan computes it on the way. */
export function wordHash(word: string): number {
  let hash = 0;
  for (let i = 0; i < word.length; i++) hash = (Math.imul(hash, 31) + word.charCodeAt(i)) | 0;
  return hash;
}

export interface Keyword {
  readonly word: string;
  readonly kind: number;
}

/** Keywords by hash. That no two of them collide is checked here, once. */
function table(list: readonly (readonly [string, number])[]): ReadonlyMap<number, Keyword> {
  const byHash = new Map<number, Keyword>();
  for (const [word, kind] of list) {
    const hash = wordHash(word);
    if (byHash.has(hash)) throw new Error(`keyword hash collision: ${word}`);
    byHash.set(hash, { word, kind });
  }
  return byHash;
}

const tables: Record<Language, ReadonlyMap<number, Keyword>> = {
  c: table(cKeywords),
  cpp: table([...cKeywords, ...cppKeywords]),
};

export const keywordsOf = (language: Language): ReadonlyMap<number, Keyword> => tables[language];

/** Whether a token of this kind can only start or continue a declaration's specifiers. */
export const isSpecifierKeyword = (kind: number): boolean =>
  (kind >= T.Typedef && kind <= T.Class) || kind === T.Typeof || kind === T.Attribute;

/** Whether a token of this kind starts a type name in an argument list. */
export const isTypeKeyword = (kind: number): boolean =>
  (kind >= T.Qualifier && kind <= T.Class) || kind === T.Typename;

/** `if`, `for`, `return`, …: a keyword that starts a statement. */
export const isStatementKeyword = (kind: number): boolean => kind >= T.If && kind <= T.Goto;
