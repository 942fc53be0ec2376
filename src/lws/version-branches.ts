/** Code that is compiled only with releases other than those in question: `#if LWS_LIBRARY_VERSION_NUMBER < 3000000`. */
import type { Location } from "../diagnostics/diagnostic.js";
import type { SourceFile } from "../source/source-file.js";
import type { Span } from "../source/span.js";
import type { Language } from "../syntax/ast.js";
import { atomsOf, conditionalBranches } from "../syntax/branches.js";
import { evaluate } from "../syntax/conditions.js";
import { compareReleases, minorOf, VERSION_MACROS, type ReleaseRange } from "./api/index.js";

const MENTIONS_VERSION = new RegExp(Object.keys(VERSION_MACROS).join("|"));
const COMPARISON = /^(\w+) (>=|>|==) \(?(0[xX][0-9a-fA-F]+|\d+)[uUlL]*\)?$/;

/** The parts of a file that no release of the range compiles. */
export function deadBranches(source: SourceFile, language: Language, release: ReleaseRange): readonly Span[] {
  if (!MENTIONS_VERSION.test(source.text)) return [];
  return conditionalBranches(source.text, language).flatMap(({ span, condition }) => {
    const truths = new Map<string, boolean>();
    for (const atom of atomsOf(condition)) {
      const truth = truthOf(atom, release);
      if (truth !== undefined) truths.set(atom, truth);
    }
    return truths.size > 0 && evaluate(condition, truths) === false ? [span] : [];
  });
}

export const liesIn = (spans: readonly Span[], { span }: Pick<Location, "span">): boolean =>
  spans.some(({ start, end }) => start <= span.start && span.end <= end);

/** What a comparison of a version macro is for every release of the range; `undefined` where that differs or cannot be told. */
function truthOf(atom: string, { from, to }: ReleaseRange): boolean | undefined {
  const [, macro, operator, digits] = COMPARISON.exec(atom) ?? [];
  const part = macro === undefined ? undefined : VERSION_MACROS[macro];
  if (part === undefined || digits === undefined) return undefined;
  const number = Number(digits);
  const low = valueOf(from, part, 0);
  // A range that ends at a minor release means all of its patches.
  const high = to === undefined ? Infinity : valueOf(to, part, 999);
  // A minor or patch number alone says something only within one release.
  if (part !== "number" && part !== "major" && (to === undefined || compareReleases(minorOf(from), minorOf(to)) !== 0)) return undefined;
  switch (operator) {
    case ">=": return low >= number ? true : high < number ? false : undefined;
    case ">": return low > number ? true : high <= number ? false : undefined;
    default: return low === number && high === number ? true : number < low || number > high ? false : undefined;
  }
}

function valueOf(release: string, part: "number" | "major" | "minor" | "patch", anyPatch: number): number {
  const [major = 0, minor = 0, patch = anyPatch] = release.replace(/^v/, "").split(".").map(Number);
  return part === "number" ? major * 1_000_000 + minor * 1000 + patch : part === "major" ? major : part === "minor" ? minor : patch;
}
