/**
 * Shares of a report. A finding can need files from anywhere, so every shard analyses all of them; what is split is the report, by file, so that
 * all shards together say exactly what a whole run says, and each finding once.
 */
import type { Analysis } from "../analyzer.js";

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** `2/5`; `undefined` for what is no such thing. */
export const parseShard = (text: string): Shard | undefined => {
  const match = /^(\d{1,4})\/(\d{1,4})$/u.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  return index >= 1 && index <= count ? { index, count } : undefined;
};

/** By the name alone (FNV-1a), so that a new file moves no other one. */
export const isInShard = (file: string, { index, count }: Shard): boolean => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < file.length; i++) hash = Math.imul(hash ^ file.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % count === index - 1;
};

/** What a shard reports of an analysis. */
export const partOf = <A extends Pick<Analysis, "diagnostics" | "suppressed" | "problems">>(analysis: A, shard: Shard): A => {
  const isMine = ({ file }: { readonly file: string }): boolean => isInShard(file, shard);
  return {
    ...analysis,
    diagnostics: analysis.diagnostics.filter(isMine),
    suppressed: analysis.suppressed.filter(isMine),
    problems: analysis.problems.filter(isMine),
  };
};
