import type { Item } from "./item-scanner.js";
import type { FoundItem } from "./items.js";
import { tokenText, type Tokens } from "./lexer.js";
import { looksLikeMacro } from "./stream.js";
import { F, T } from "./token.js";

/** A struct whose `typedef struct {` a macro has: `USER_TYPEDEF` fields `} name;`. */
export interface OpenedStruct {
  readonly name: string;
  readonly nameToken: number;
  /** The items that are its fields; the first one begins with the macro's name. */
  readonly fields: readonly Item[];
  readonly brace: number;
}

/** Finds structs that macros opened, by the closing braces that seem to close nothing. */
export function openedStructs(tokens: Tokens, items: readonly FoundItem[], strayBraces: readonly number[]): OpenedStruct[] {
  const found: OpenedStruct[] = [];
  for (const brace of new Set(strayBraces)) {
    if (tokens.kind[brace + 1] !== T.Identifier || tokens.kind[brace + 2] !== T.Semicolon) continue;
    const fields = fieldsBefore(tokens, items, brace);
    if (fields.length > 0) found.push({ name: tokenText(tokens, brace + 1), nameToken: brace + 1, fields, brace });
  }
  return found;
}

/** Declarations in a row up to the brace, from the one that begins with a macro alone on its line. */
function fieldsBefore(tokens: Tokens, items: readonly FoundItem[], brace: number): Item[] {
  const fields: Item[] = [];
  let expected = brace - 1;
  for (let i = lastBefore(items, brace); i >= 0; i--) {
    const { item } = items[i]!;
    if (item.kind !== "declaration" || item.tokens.at(-1)! > expected) return [];
    fields.unshift(item);
    const [first, second] = item.tokens;
    if (first === undefined) return [];
    const isMacro = tokens.kind[first] === T.Identifier && looksLikeMacro(tokenText(tokens, first));
    if (isMacro && second !== undefined && (tokens.flags[second]! & F.LineStart) !== 0) return fields;
    expected = first - 1;
  }
  return [];
}

/** Index of the last item that begins before a token. */
function lastBefore(items: readonly FoundItem[], token: number): number {
  let i = items.length - 1;
  while (i >= 0 && items[i]!.item.tokens[0]! > token) i--;
  return i;
}
