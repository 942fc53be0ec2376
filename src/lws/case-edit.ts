/** Writes statements into a `switch` of a callback, for given reasons; the text is read token by token, so comments and strings are no trap. */
import type { TextEdit } from "../diagnostics/diagnostic.js";
import type { FunctionNode } from "../analysis/call-graph.js";
import type { SourceFile } from "../source/source-file.js";
import { lex, tokenText, type Tokens } from "../syntax/lexer.js";
import { T } from "../syntax/token.js";
import { indentationAt, lineEnding } from "./edits.js";

/**
 * Edits that make the one `switch` on a parameter run the given lines first for each of the constants: behind the label that is there, or under labels
 * of their own. Nothing where there is no such switch, or where other constants run into the same lines.
 *
 * @param handled Constants that the function is known to tell apart: one of them without a label is handled somewhere else.
 */
export function inCases(source: SourceFile, { file, facts }: FunctionNode, param: string, linesOf: ReadonlyMap<string, readonly string[]>, handled: ReadonlySet<string>): readonly TextEdit[] | undefined {
  const offset = facts.span.start;
  const { tokens, directives } = lex(source.text.slice(facts.span.start, facts.span.end), file.language);
  const found = switchOn(tokens, param);
  if (!found) return undefined;
  const eol = lineEnding(source);
  const edits: TextEdit[] = [];
  // The token stands in the edit, so that two edits of one place are seen to be in each other's way.
  const behind = (token: number, lines: readonly string[]): TextEdit => ({
    file: source.path,
    span: { start: offset + tokens.start[token]!, end: offset + tokens.end[token]! },
    newText: [tokenText(tokens, token), ...lines].join(eol),
  });
  // Labels with the same lines share them.
  const unlabelled = new Map<string, { readonly names: string[]; readonly lines: readonly string[] }>();
  for (const [constant, lines] of linesOf) {
    const label = found.labels.find(({ name }) => name === constant);
    if (!label) {
      if (handled.has(constant)) return undefined;
      const same = unlabelled.get(lines.join());
      if (same) same.names.push(constant);
      else unlabelled.set(lines.join(), { names: [constant], lines });
      continue;
    }
    const inner = `${indentationAt(source, offset + label.start) ?? "\t"}\t`;
    if (!label.alone) return undefined;
    edits.push(behind(label.colon, lines.map((line) => `${inner}${line}`)));
  }
  if (unlabelled.size > 0) {
    const first = found.labels[0];
    // Under a directive the labels would belong to one configuration.
    if (!first || directives.some(({ start }) => start > tokens.start[found.open]! && start < first.start)) return undefined;
    const outer = indentationAt(source, offset + first.start) ?? "\t";
    edits.push(behind(found.open, [...unlabelled.values()].flatMap(({ names, lines }) => [...names.map((name) => `${outer}case ${name}:`), ...lines.map((line) => `${outer}\t${line}`), `${outer}\tbreak;`])));
  }
  return edits;
}

interface Label {
  readonly name: string;
  readonly start: number;
  /** Index of the token. */
  readonly colon: number;
  /** Nothing falls into it, and it falls into no other label at once. */
  readonly alone: boolean;
}

function switchOn(tokens: Tokens, param: string): { readonly open: number; readonly labels: readonly Label[] } | undefined {
  const kind = (i: number): number => tokens.kind[i] ?? 0;
  let open: number | undefined;
  for (let i = 0; i + 4 < tokens.count; i++) {
    if (kind(i) !== T.Switch || kind(i + 1) !== T.LParen || tokenText(tokens, i + 2) !== param || kind(i + 3) !== T.RParen || kind(i + 4) !== T.LBrace) continue;
    if (open !== undefined) return undefined;
    open = i + 4;
  }
  if (open === undefined) return undefined;
  const labels: Label[] = [];
  // The statements of the switch itself: where the last one began, and whether it was a jump.
  let depth = 0;
  let begins = open + 1;
  let jumped = true;
  for (let i = open; i < tokens.count; i++) {
    const k = kind(i);
    if (k === T.LBrace) {
      depth++;
    } else if (k === T.RBrace) {
      depth--;
      if (depth === 0) break;
      if (depth === 1) {
        // `case X: { …; break; }` ends as its last statement does; anything else in braces is not known to jump.
        jumped = kind(i - 1) === T.Semicolon && (kind(i - 2) === T.Break || isReturnBefore(tokens, i - 1)) && kind(begins) === T.LBrace;
        begins = i + 1;
      }
    } else if (depth === 1 && k === T.Semicolon) {
      jumped = [T.Break, T.Return, T.Goto, T.Continue].some((jump) => jump === kind(begins));
      begins = i + 1;
    } else if (depth === 1 && (k === T.Case || k === T.Default) && i === begins) {
      let colon = i + 1;
      while (colon < tokens.count && kind(colon) !== T.Colon) colon++;
      const next = kind(colon + 1);
      if (k === T.Case && colon === i + 2) labels.push({ name: tokenText(tokens, i + 1), start: tokens.start[i]!, colon, alone: jumped && next !== T.Case && next !== T.Default });
      jumped = false;
      begins = colon + 1;
      i = colon;
    }
  }
  return { open, labels };
}

function isReturnBefore(tokens: Tokens, semicolon: number): boolean {
  for (let i = semicolon - 1; i > 0; i--) {
    const kind = tokens.kind[i];
    if (kind === T.Return) return true;
    if (kind === T.Semicolon || kind === T.LBrace || kind === T.RBrace || kind === T.Colon) return false;
  }
  return false;
}
