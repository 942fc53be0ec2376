/**
 * Releases of libwebsockets, and what is known about the one in use.
 *
 * A range is what a project says: `4.1.6` it has, `4.1+` it asks for at least 4.1, `4.1..4.3` it asks for no newer ones either. Facts of the
 * tables hold for minor releases. Two questions are put to a range:
 *
 * - `mayHold`: does the fact hold for some release in it? Then code may be wrong because of it, and the message says for which releases.
 * - `holds`: does it hold for all of them? Only then may a fix or a help rely on it.
 */
import { API_RELEASES } from "./release-list.generated.js";

export interface ReleaseRange {
  /** The oldest release in it, `4.1` or `4.1.6`. */
  readonly from: string;
  /** The newest one; absent where newer ones are not ruled out. */
  readonly to?: string;
  /** Nobody said so. */
  readonly assumed?: true;
}

/** A fact about releases `since` to `until`, both included; absent ends are open. */
export interface Validity {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** Where a project says nothing: the releases that are in use. */
export const ASSUMED_RELEASE: ReleaseRange = { from: "4.3", assumed: true };

/** Names begin with `libwebsocket` in these; 1.6 renamed everything. */
export const OLD_NAMES: Validity = { until: "1.5" };

/** The same where code with old names says nothing. */
export const ASSUMED_OLD_RELEASE: ReleaseRange = { from: "1.3", to: "1.5", assumed: true };

export const hasOldName = (name: string): boolean => /^_*libwebsocket/.test(name);

const RELEASE = String.raw`v?(\d{1,3}\.\d{1,3}(?:\.\d{1,4})?)`;
const RANGE = new RegExp(String.raw`^${RELEASE}(?:(\+)|\.\.${RELEASE})?$`, "u");

/** Reads `4.3`, `v4.3.2`, `4.1+`, `4.1..4.3`; `undefined` for anything else. */
export function parseRelease(text: string): ReleaseRange | undefined {
  const [, from, open, to] = RANGE.exec(text.trim()) ?? [];
  if (from === undefined) return undefined;
  if (open !== undefined) return { from };
  return to !== undefined && compareReleases(to, from) < 0 ? undefined : { from, to: to ?? from };
}

/** As `parseRelease` reads it. */
export const formatRelease = ({ from, to }: ReleaseRange): string => (to === undefined ? `${from}+` : to === from ? from : `${from}..${to}`);

/** Compares releases as written, `4.1`, `4.1.6`, `v4.3`. The old 1.2x series stands between 1.2 and 1.3. */
export function compareReleases(a: string, b: string): number {
  const parts = (release: string): number[] => {
    const [major = 0, minor = 0, ...rest] = release.replace(/^v/, "").split(".").map(Number);
    return major === 1 && minor >= 21 && minor <= 23 ? [1, 2, minor - 20, ...rest] : [major, minor, ...(major === 1 ? [0] : []), ...rest];
  };
  const left = parts(a);
  const right = parts(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `4.1` of `4.1.6`. */
export const minorOf = (release: string): string => release.replace(/^v/, "").split(".").slice(0, 2).join(".");

/** The newest release the tables know before another one, as the end of `< 5.0`. */
export const releaseBefore = (release: string): string | undefined => API_RELEASES.findLast((known) => compareReleases(known, minorOf(release)) < 0);

/** The oldest release the tables know after another one. */
export const releaseAfter = (release: string): string | undefined => API_RELEASES.find((known) => compareReleases(known, minorOf(release)) > 0);

/** Whether a fact holds for some release in the range. */
export const mayHold = ({ since, until }: Validity, { from, to }: ReleaseRange): boolean =>
  (since === undefined || to === undefined || compareReleases(minorOf(to), since) >= 0) && (until === undefined || compareReleases(minorOf(from), until) <= 0);

/** Whether a fact holds for every release in the range. */
export const holds = ({ since, until }: Validity, { from, to }: ReleaseRange): boolean =>
  (since === undefined || compareReleases(minorOf(from), since) >= 0) && (until === undefined || (to !== undefined && compareReleases(minorOf(to), until) <= 0));

/** Whether one minor release alone is meant: only then can a message name it. */
export const isOneRelease = ({ from, to }: ReleaseRange): boolean => to !== undefined && minorOf(from) === minorOf(to);
