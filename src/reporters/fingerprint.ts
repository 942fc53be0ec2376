/** Names for findings that outlive edits elsewhere in the file. */
import { createHash } from "node:crypto";
import type { Diagnostic, Location } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source/source-file.js";

type Sources = (file: string) => SourceFile | undefined;

/** The line on which a place begins, without its white space: neither indentation nor line ends count. */
export const lineWithoutSpace = ({ file, span }: Location, source: Sources): string => {
  const text = source(file);
  if (text === undefined) return "";
  const { line } = text.positionAt(span.start);
  return text.text.slice(text.lines.lineStart(line), text.lines.lineStart(line + 1)).replace(/\s+/gu, "");
};

/** 16 hexadecimal digits for these texts in this order. */
export const shortHash = (...parts: readonly string[]): string =>
  createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);

/**
 * One fingerprint for each diagnostic, in the same order: the rule, the function and the text of the line without its
 * white space, and a number that tells equal ones of one file apart in their order.
 */
export const fingerprints = (diagnostics: readonly Diagnostic[], source: Sources): string[] => {
  const seen = new Map<string, number>();
  return diagnostics.map((diagnostic) => {
    const hash = shortHash(diagnostic.ruleId, diagnostic.function ?? "", lineWithoutSpace(diagnostic, source));
    const key = `${hash} ${diagnostic.file}`;
    const occurrence = (seen.get(key) ?? 0) + 1;
    seen.set(key, occurrence);
    return `${hash}:${occurrence}`;
  });
};

const WINDOW = 100;
const FACTOR = 37;
const WORD = 2 ** 32;

const [FACTOR_OUT_HIGH, FACTOR_OUT_LOW] = ((): [number, number] => {
  const factor = BigInt.asUintN(64, BigInt(FACTOR) ** BigInt(WINDOW));
  return [Number(factor >> 32n), Number(factor & 0xffff_ffffn)];
})();

/** What is hashed of a text: no blanks, all line ends alike, a mark at the end; and where in it each line begins. */
const stripped = (text: string): { readonly codes: readonly number[]; readonly starts: readonly number[] } => {
  const codes: number[] = [];
  const starts: number[] = [];
  let atStart = true;
  const add = (code: number): void => {
    if (atStart) starts.push(codes.length);
    atStart = code === 10;
    codes.push(code);
  };
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 32 || code === 9 || (code === 10 && text.charCodeAt(index - 1) === 13)) continue;
    add(code === 13 ? 10 : code);
  }
  add(0xffff);
  return { codes, starts };
};

/**
 * The fingerprint by which GitHub code scanning itself knows a result, `primaryLocationLineHash`, for each line: a
 * rolling hash of the 100 characters from the start of the line on, blanks left out, with a number that tells equal
 * ones apart. The action that uploads reports computes the same; other ways of uploading compute none, and GitHub then
 * takes every result for a new one.
 */
export const githubLineHashes = (text: string): string[] => {
  const { codes, starts } = stripped(text);
  const counts = new Map<string, number>();
  const hashes: string[] = [];
  // A number of 64 bits in two halves: every product below stays exact in a double.
  let high = 0;
  let low = 0;
  let next = 0;
  for (let index = 0; next < starts.length; index++) {
    if (starts[next]! + WINDOW === index) {
      const digits = high === 0 ? low.toString(16) : high.toString(16) + low.toString(16).padStart(8, "0");
      const count = (counts.get(digits) ?? 0) + 1;
      counts.set(digits, count);
      hashes.push(`${digits}:${count}`);
      next++;
    }
    const leaving = codes[index - WINDOW] ?? 0;
    const newLow = low * FACTOR + (codes[index] ?? 0) - FACTOR_OUT_LOW * leaving;
    const carry = Math.floor(newLow / WORD);
    const newHigh = high * FACTOR - FACTOR_OUT_HIGH * leaving + carry;
    low = newLow - carry * WORD;
    high = newHigh - Math.floor(newHigh / WORD) * WORD;
  }
  return hashes;
};
