/** What stands before the body of a function: which declarator is the function's own, and what the words around it say. */
import type { Declaration, Declarator } from "./declarations.js";
import type { Item } from "./item-scanner.js";
import { looksLikeMacro, type Stream } from "./stream.js";
import { T } from "./token.js";

export const firstWords = (s: Stream, { specifiers }: Declaration): readonly string[] =>
  Array.from({ length: Math.min(specifiers.end, 4) }, (_, i) => s.text(i));

/** `virtual` in front, or `override` or `final` behind. */
export function isVirtual(s: Stream, declaration: Declaration, end: number): boolean {
  if (firstWords(s, declaration).includes("virtual")) return true;
  for (let i = end - 1; i > 0 && i > end - 8 && s.kind(i) !== T.RParen; i--) if (/^(?:override|final)$/.test(s.text(i))) return true;
  return false;
}

/** `C(…)` in the body of `C`, or `C::C(…)`: its name would read as a type, and what initialises its fields as functions. */
export function constructorDeclarator(s: Stream, item: Item): Declarator | undefined {
  const scope = item.scopes.at(-1);
  for (let i = 0; i < item.open; i++) {
    const kind = s.kind(i);
    if (kind === T.LParen) {
      if (i === 0 || s.kind(i - 1) !== T.Identifier) return undefined;
      const name = s.text(i - 1);
      const isInside = scope?.isClass === true && scope.name === name && s.kind(i - 2) !== T.Tilde && s.kind(i - 2) !== T.Scope;
      const isOutside = i > 2 && s.kind(i - 2) === T.Scope && (s.text(i - 3) === name || s.kind(i - 3) === T.Greater);
      if (!isInside && !isOutside) return undefined;
      let first = i - 1;
      while (first > 1 && s.kind(first - 1) === T.Scope && s.kind(first - 2) === T.Identifier) first -= 2;
      const scopes: string[] = [];
      for (let j = first; j < i - 1; j += 2) scopes.push(s.text(j));
      return isInside || s.text(i - 3) === name ? { ...bareDeclarator(s, i, item.open), qualifier: scopes.join("::") } : undefined;
    }
    if (kind === T.LBrace || kind === T.Assign) return undefined;
  }
  return undefined;
}

/** The declarator that has the parameters; `PT_THREAD(f(struct pt *p))` and the like hide it in a macro's argument. */
export function functionDeclarator(s: Stream, declaration: Declaration, open: number): Declarator | undefined {
  const declarator = declaration.declarators.find((candidate) => candidate.params !== undefined && candidate.nameIndex >= 0);
  if (declarator === undefined) {
    for (let i = open - 1; i > 0; i--) {
      if (s.kind(i) === T.LParen && s.kind(i - 1) === T.Identifier) return bareDeclarator(s, i, open);
    }
    const isMacro = open === 1 && s.kind(0) === T.Identifier;
    return isMacro ? { ...bareDeclarator(s, 1, 1), params: { from: 1, to: 1 } } : undefined;
  }
  const { params } = declarator;
  const isWrapper = params !== undefined && looksLikeMacro(declarator.name) && params.to > params.from + 2 && s.kind(params.from) === T.Identifier && s.kind(params.from + 1) === T.LParen &&
    s.close(params.from + 1, open) === params.to - 1;
  return isWrapper ? bareDeclarator(s, params.from + 1, open) : declarator;
}

function bareDeclarator(s: Stream, paren: number, limit: number): Declarator {
  const nameIndex = paren - 1;
  const close = s.close(paren, limit);
  return {
    name: s.text(nameIndex), nameIndex, qualifier: "", pointer: 0, isFunctionPointer: false, arrays: [],
    params: { from: paren + 1, to: close }, init: undefined, from: nameIndex, to: close + 1,
  };
}
