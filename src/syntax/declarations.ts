import type { Param, TypeName } from "./ast.js";
import { looksLikeMacro, type Stream } from "./stream.js";
import { T } from "./token.js";

/**
 * Declarations read from tokens. A grammar needs to know which names are types and which are attribute
 * macros; a reader of specifiers and declarators can go by the positions of the names instead.
 */
export interface Specifiers {
  readonly base: string;
  /** Stars that belong to the base, as in `PUBLIC(cJSON *) f(void)`. */
  readonly pointer: number;
  readonly isStatic: boolean;
  readonly isExtern: boolean;
  readonly isTypedef: boolean;
  /** `struct`, `union`, `enum` or `class` body, from `{` to `}`. */
  readonly body: { readonly keyword: number; readonly name: string; readonly open: number; readonly close: number } | undefined;
  /** Index of the first token behind the specifiers. */
  readonly end: number;
}

/** Token range; array sizes and initializers are handed out unread. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Declarator {
  readonly name: string;
  /** Token index of the name, -1 for an abstract declarator. */
  readonly nameIndex: number;
  /** C++: what stood before the last `::`. */
  readonly qualifier: string;
  readonly pointer: number;
  readonly isReference?: true;
  readonly isFunctionPointer: boolean;
  /** Empty ranges for `[]`. */
  readonly arrays: readonly Range[];
  /** The parameter list of a function, without the parentheses. */
  readonly params: Range | undefined;
  /** What follows `=`, or a C++ braced initializer. */
  readonly init: Range | undefined;
  readonly from: number;
  readonly to: number;
}

export interface Declaration {
  readonly specifiers: Specifiers;
  readonly declarators: readonly Declarator[];
}

/** Skips `__attribute__((…))`, `[[…]]`, `__cdecl`, … ; returns the index behind. */
export function skipAttributes(s: Stream, from: number, to: number): number {
  let i = from;
  while (i < to) {
    const kind = s.kind(i);
    if (kind === T.Noise) i++;
    else if ((kind === T.Attribute || kind === T.Asm) && s.kind(i + 1) === T.LParen) i = s.close(i + 1, to) + 1;
    else if (kind === T.Attribute) i++;
    else if (kind === T.LBracket && s.kind(i + 1) === T.LBracket) i = s.close(i, to) + 1;
    else break;
  }
  return Math.min(i, to);
}

/** Reads a whole declaration in `[from, to)`, without its `;`. `isAbstract` for parameters, where a lone name is a type. */
export function readDeclaration(s: Stream, from: number, to: number, isAbstract = false): Declaration {
  const specifiers = readSpecifiers(s, from, to, isAbstract);
  const declarators: Declarator[] = [];
  let i = specifiers.end;
  while (i < to) {
    const declarator = readDeclarator(s, i, to);
    if (declarator.nameIndex >= 0 || isAbstract) declarators.push(declarator);
    i = nextDeclarator(s, declarator.to, to);
  }
  return { specifiers, declarators };
}

/** Index behind the comma that ends the declarator going on at `from`. */
function nextDeclarator(s: Stream, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    const kind = s.kind(i);
    if (kind === T.Comma) return i + 1;
    if (kind === T.LParen || kind === T.LBrace || kind === T.LBracket) i = s.close(i, to);
  }
  return to;
}

export function readSpecifiers(s: Stream, from: number, to: number, isAbstract: boolean): Specifiers {
  let isStatic = false;
  let isExtern = false;
  let isTypedef = false;
  let pointer = 0;
  let body: Specifiers["body"];
  const words: string[] = [];
  /** Names in type position: types, or attribute macros. */
  const names: string[] = [];
  let tag = "";
  let i = from;
  reading: while (i < to) {
    const kind = s.kind(i);
    switch (kind) {
      case T.Static:
        isStatic = true;
        i++;
        break;
      case T.Extern:
        isExtern = true;
        i += s.kind(i + 1) === T.String ? 2 : 1;
        break;
      case T.Typedef:
        isTypedef = true;
        i++;
        break;
      case T.Storage:
      case T.FunctionSpecifier:
      case T.Qualifier:
      case T.Typename:
      case T.Access:
        i++;
        break;
      case T.Attribute:
      case T.Noise:
        i = skipAttributes(s, i, to);
        break;
      case T.LBracket: {
        const behind = skipAttributes(s, i, to);
        if (behind === i) break reading;
        i = behind;
        break;
      }
      case T.Template: {
        const behind = s.kind(i + 1) === T.Less ? s.closeAngle(i + 1, to) : i + 1;
        i = behind > i + 1 ? behind : i + 1;
        break;
      }
      case T.TypeWord:
        words.push(s.text(i++));
        break;
      case T.Typeof: {
        const close = s.kind(i + 1) === T.LParen ? s.close(i + 1, to) : i;
        words.push(s.phrase(i, Math.min(close + 1, to)));
        i = close + 1;
        break;
      }
      case T.Struct:
      case T.Union:
      case T.Enum:
      case T.Class: {
        const tagged = readTag(s, i, to);
        tag = tagged.tag;
        body = tagged.body ?? body;
        i = tagged.end;
        break;
      }
      case T.Scope:
        i++;
        break;
      case T.Identifier: {
        const hasType = words.length > 0 || tag !== "";
        const step = readNameSpecifier(s, i, to, hasType, hasType || names.length > 0, isAbstract);
        if (step === undefined) break reading;
        if (step.type !== undefined) {
          if (step.isCall) {
            if (step.type !== "") {
              words.push(step.type);
              pointer += step.pointer;
            }
          } else names.push(step.type);
        }
        i = step.end;
        break;
      }
      default:
        break reading;
    }
  }
  // What has no tag is told apart by where it stands; a typedef names it.
  const unnamed = body?.name === "" && !isTypedef && body.keyword !== T.Enum ? `${tag} @${s.start(body.open)}` : "";
  return { base: unnamed || tag || words.join(" ") || bestName(names), pointer, isStatic, isExtern, isTypedef, body, end: Math.min(i, to) };
}

/** Of several names in type position the last that is no macro by its looks; macros come before and behind the type. */
function bestName(names: readonly string[]): string {
  return names.findLast((name) => !looksLikeMacro(name)) ?? names.at(-1) ?? "";
}

/** `struct`, attributes, name, C++ bases, body. */
function readTag(s: Stream, at: number, to: number): { tag: string; body: Specifiers["body"]; end: number } {
  const keyword = s.kind(at);
  let i = at + 1;
  // C++11 `enum class`.
  if (keyword === T.Enum && (s.kind(i) === T.Class || s.kind(i) === T.Struct)) i++;
  i = skipAttributes(s, i, to);
  let name = "";
  // `struct PACKED name {`: the last name before the body or the declarator is the tag.
  while (i < to && s.kind(i) === T.Identifier) {
    const next = s.kind(i + 1);
    const isMacro = name === "" && looksLikeMacro(s.text(i)) && (next === T.LParen || (next === T.Identifier && s.kind(i + 2) === T.LBrace));
    if (isMacro) {
      i = next === T.LParen ? s.close(i + 1, to) + 1 : i + 1;
      continue;
    }
    name = s.text(i++);
    while (i < to && (s.kind(i) === T.Scope || (s.kind(i) === T.Less && keyword !== T.Enum))) {
      if (s.kind(i) === T.Less) {
        const behind = s.closeAngle(i, to);
        if (behind === i) break;
        i = behind;
      } else {
        name += s.kind(i + 1) === T.Identifier ? `::${s.text(i + 1)}` : "";
        i += 2;
      }
    }
    break;
  }
  i = skipAttributes(s, i, to);
  let open = i;
  if (s.kind(open) === T.Identifier && s.text(open) === "final") open++;
  // Bases or an enum's underlying type; a bit-field's colon has no brace behind it.
  if (s.kind(open) === T.Colon) {
    while (open < to && s.kind(open) !== T.LBrace && s.kind(open) !== T.Semicolon && s.kind(open) !== T.Comma) open++;
    while (open < to && s.kind(open) === T.Comma && keyword === T.Class) {
      while (open < to && s.kind(open) !== T.LBrace && s.kind(open) !== T.Semicolon) open++;
    }
  }
  let body: Specifiers["body"];
  if (s.kind(open) === T.LBrace && open < to) {
    const close = s.close(open, to);
    body = { keyword, name, open, close };
    i = skipAttributes(s, Math.min(close + 1, to), to);
  }
  const word = keyword === T.Struct ? "struct" : keyword === T.Union ? "union" : keyword === T.Enum ? "enum" : "class";
  return { tag: name === "" ? word : `${word} ${name}`, body, end: i };
}

interface NameStep {
  /** What the name contributes as a type; `undefined` for an attribute macro. */
  readonly type: string | undefined;
  readonly pointer: number;
  /** The type stood in the parentheses of a macro. */
  readonly isCall: boolean;
  readonly end: number;
}

/** What a name among the specifiers is: a type, an attribute macro, or (undefined) the start of the declarator. */
function readNameSpecifier(s: Stream, at: number, to: number, hasType: boolean, hasName: boolean, isAbstract: boolean): NameStep | undefined {
  let i = at;
  let text = s.text(i++);
  // C++ qualified and template names; a destructor or operator behind `::` makes it a declarator.
  while (i < to && (s.kind(i) === T.Scope || s.kind(i) === T.Less)) {
    if (s.kind(i) === T.Less) {
      const behind = s.closeAngle(i, to);
      if (behind === i) break;
      text += `<${s.phrase(i + 1, behind - 1)}>`;
      i = behind;
    } else if (s.kind(i + 1) === T.Identifier) {
      text += `::${s.text(i + 1)}`;
      i += 2;
    } else return undefined;
  }
  const next = i < to ? s.kind(i) : 0;
  const step: NameStep = { type: hasType ? undefined : text, pointer: 0, isCall: false, end: i };
  switch (next) {
    case T.Identifier:
    case T.TypeWord:
    case T.Struct:
    case T.Union:
    case T.Enum:
    case T.Class:
    case T.Static:
    case T.Extern:
    case T.Typedef:
    case T.Storage:
    case T.FunctionSpecifier:
    case T.Qualifier:
    case T.Operatorword:
    case T.Noise:
    case T.Typeof:
      return step;
    case T.Attribute:
      // `int x __attribute__((…));`: the name is the declarator's; `foo_t __attribute__((…)) x;`: a type.
      return s.kind(skipAttributes(s, i, to)) === T.Identifier ? step : hasName && !isAbstract ? undefined : hasName ? undefined : step;
    case T.Star:
    case T.Amp:
    case T.AmpAmp:
      return step;
    case T.LParen: {
      const inner = s.kind(i + 1);
      const isPointer = inner === T.Star || (inner === T.Noise && s.kind(i + 2) === T.Star) || (inner === T.Identifier && s.kind(i + 2) === T.Star && s.kind(i + 3) === T.Identifier && s.kind(i + 4) === T.RParen && s.kind(i + 5) === T.LParen);
      if (isPointer && !(hasName && s.kind(s.close(i, to) + 1) !== T.LParen)) return hasName ? undefined : step;
      return readMacroCall(s, i, to, hasName, text);
    }
    default:
      if (hasName) return undefined;
      // A lone name: a parameter's type, but a declarator everywhere else.
      return isAbstract ? step : undefined;
  }
}

/** A name with parentheses among the specifiers: `DEPRECATED(3) int f()`, `PUBLIC(cJSON *) f()`; undefined when it is the function itself. */
function readMacroCall(s: Stream, open: number, to: number, hasName: boolean, name: string): NameStep | undefined {
  const close = s.close(open, to);
  const behind = s.kind(close + 1);
  if (close + 1 >= to) return undefined;
  const goesOn = behind === T.Identifier || behind === T.Star || behind === T.TypeWord || behind === T.Struct || behind === T.Union ||
    behind === T.Enum || behind === T.Static || behind === T.Extern || behind === T.FunctionSpecifier || behind === T.Qualifier ||
    behind === T.Typedef || behind === T.Storage || (behind === T.Attribute && !hasName);
  if (!goesOn) return undefined;
  // With a type before it, `int f(a) UNUSED` and `int DEPRECATED(a) f(…)` look the same but for the spelling.
  if (hasName && !(behind === T.Identifier && looksLikeMacro(name) && !looksLikeMacro(s.text(close + 1)))) return undefined;
  if (!hasName && behind === T.Identifier && !s.startsLine(close + 1) && s.kind(close + 2) !== T.LParen && !looksLikeMacro(name)) return undefined;
  // Parentheses in there are no type: `A(B(C(…` would be read again at each level.
  for (let i = open + 1; i < close; i++) if (s.kind(i) === T.LParen) return { type: undefined, pointer: 0, isCall: true, end: close + 1 };
  const inside = readDeclaration(s, open + 1, close, true);
  const isType = !hasName && behind !== T.TypeWord && behind !== T.Struct && close > open + 1 && inside.declarators.length <= 1 && inside.specifiers.base !== "" &&
    (inside.declarators[0]?.name ?? "") === "" && behind !== T.Static;
  return {
    type: isType ? inside.specifiers.base : undefined,
    pointer: inside.declarators[0]?.pointer ?? 0,
    isCall: true,
    end: close + 1,
  };
}

/** Parentheses around each other in a declarator. */
const DEPTH_LIMIT = 20;

function readDeclarator(s: Stream, from: number, to: number, depth = 0): Declarator {
  let i = from;
  let pointer = 0;
  let name: string;
  let nameIndex: number;
  let qualifier: string;
  let isFunctionPointer = false;
  let isReference = false;
  let params: Range | undefined;
  let init: Range | undefined;
  const arrays: Range[] = [];
  for (; i < to; i++) {
    const kind = s.kind(i);
    if (kind === T.Star) pointer++;
    else if ((kind === T.Amp || kind === T.AmpAmp) && depth === 0) isReference = true;
    else if (kind === T.Amp || kind === T.AmpAmp || kind === T.Qualifier || kind === T.Ellipsis) continue;
    else if (kind === T.Attribute || kind === T.Noise) i = skipAttributes(s, i, to) - 1;
    else if (kind === T.Identifier && s.kind(i + 1) === T.Identifier && i + 1 < to) continue;
    else if (kind === T.Identifier && looksLikeMacro(s.text(i)) && (s.kind(i + 1) === T.Star || s.kind(i + 1) === T.Qualifier) && i + 1 < to) continue;
    else break;
  }
  if (i < to && s.kind(i) === T.LParen && depth < DEPTH_LIMIT) {
    // `(*name)(params)`, `(*name[3])`, `(name)(params)`, `(*f(int))(void)`.
    const close = s.close(i, to);
    const inner = readDeclarator(s, i + 1, close, depth + 1);
    name = inner.name;
    nameIndex = inner.nameIndex;
    qualifier = inner.qualifier;
    arrays.push(...inner.arrays);
    const isCallable = s.kind(close + 1) === T.LParen && close + 1 < to;
    if (inner.params !== undefined) params = inner.params;
    else if (isCallable && inner.pointer > 0) isFunctionPointer = true;
    else if (isCallable && inner.nameIndex >= 0) params = { from: close + 2, to: s.close(close + 1, to) };
    else if (inner.nameIndex < 0 && inner.pointer === 0) params = { from: i + 1, to: close };
    if (!isFunctionPointer) pointer += inner.pointer;
    i = close + 1;
    if (isCallable) i = s.close(i, to) + 1;
  } else {
    const named = readDeclaratorName(s, i, to);
    name = named.name;
    nameIndex = named.index;
    qualifier = named.qualifier;
    i = named.end;
  }
  for (; i < to; i++) {
    const kind = s.kind(i);
    if (kind === T.LBracket) {
      if (s.kind(i + 1) === T.LBracket) {
        i = s.close(i, to);
        continue;
      }
      const close = s.close(i, to);
      arrays.push({ from: i + 1, to: close });
      i = close;
    } else if (kind === T.LParen) {
      const close = s.close(i, to);
      params ??= { from: i + 1, to: close };
      i = close;
    } else if (kind === T.Assign) {
      const end = endOfInit(s, i + 1, to);
      init = { from: i + 1, to: end };
      i = end;
      break;
    } else if (kind === T.LBrace && nameIndex >= 0 && params === undefined) {
      const close = s.close(i, to);
      init = { from: i, to: Math.min(close + 1, to) };
      i = close + 1;
      break;
    } else if (kind === T.Attribute || kind === T.Noise || kind === T.Asm) i = Math.max(skipAttributes(s, i, to) - 1, i);
    else if (kind === T.Identifier) {
      // An attribute macro behind the declarator, with or without arguments.
      if (s.kind(i + 1) === T.LParen && i + 1 < to) i = s.close(i + 1, to);
    } else break;
  }
  return { name, nameIndex, qualifier, pointer, ...(isReference && { isReference }), isFunctionPointer, arrays, params, init, from, to: Math.min(i, to) };
}

function endOfInit(s: Stream, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    const kind = s.kind(i);
    if (kind === T.Comma) return i;
    if (kind === T.LParen || kind === T.LBrace || kind === T.LBracket) i = s.close(i, to);
  }
  return to;
}

function readDeclaratorName(s: Stream, from: number, to: number): { name: string; index: number; qualifier: string; end: number } {
  const scopes: string[] = [];
  let i = from;
  if (s.kind(i) === T.Scope) i++;
  while (i < to) {
    const kind = s.kind(i);
    if (kind === T.Identifier) {
      let behind = i + 1;
      if (s.kind(behind) === T.Less) behind = s.closeAngle(behind, to);
      if (s.kind(behind) === T.Scope && behind < to) {
        scopes.push(s.text(i));
        i = behind + 1;
        continue;
      }
      return { name: s.text(i), index: i, qualifier: scopes.join("::"), end: behind };
    }
    if (kind === T.Tilde && s.kind(i + 1) === T.Identifier) {
      return { name: `~${s.text(i + 1)}`, index: i, qualifier: scopes.join("::"), end: i + 2 };
    }
    if (kind === T.Operatorword) {
      // `operator()`, `operator bool`, `operator<<`.
      let end = i + 1;
      if (s.kind(end) === T.LParen) end += 2;
      else while (end < to && s.kind(end) !== T.LParen) end++;
      return { name: `operator${s.phrase(i + 1, end).replace(/ /g, "")}`, index: i, qualifier: scopes.join("::"), end };
    }
    break;
  }
  return { name: "", index: -1, qualifier: "", end: i };
}

/** The type that specifiers and a declarator make together; array sizes are left to the caller. */
export function typeOf(specifiers: Specifiers, declarator: Declarator | undefined, array: TypeName["array"] = []): TypeName {
  return {
    base: specifiers.base,
    pointer: specifiers.pointer + (declarator?.pointer ?? 0),
    array,
    isFunctionPointer: declarator?.isFunctionPointer ?? false,
    ...(declarator?.isReference && { isReference: true as const }),
  };
}

export const noType: TypeName = { base: "", pointer: 0, array: [], isFunctionPointer: false };

/** A type name alone, as in a cast or a macro argument. */
export function readTypeName(s: Stream, from: number, to: number): TypeName {
  const { specifiers, declarators } = readDeclaration(s, from, to, true);
  const declarator = declarators[0];
  return typeOf(specifiers, declarator, declarator?.arrays.map(() => undefined) ?? []);
}

/** Parameters of a function from the tokens between its parentheses. `(void)` and `()` have none. */
export function readParams(s: Stream, range: Range): Param[] {
  const params: Param[] = [];
  for (const part of s.parts(range.from, range.to)) {
    if (part.from >= part.to || s.kind(part.from) === T.Ellipsis) continue;
    if (part.to - part.from === 1 && s.text(part.from) === "void") continue;
    const { specifiers, declarators } = readDeclaration(s, part.from, part.to, true);
    const declarator = declarators[0];
    // A parameter of function type is a pointer to it.
    const isFunction = declarator?.params !== undefined;
    const type = typeOf(specifiers, declarator, declarator?.arrays.map(() => undefined) ?? []);
    params.push({
      name: declarator?.name ?? "",
      type: isFunction ? { ...type, isFunctionPointer: true } : type,
      span: { start: s.start(part.from), end: s.end(part.to - 1) },
    });
  }
  return params;
}
