/** Where and how rules tell of values that a callback returns. */
import type { Fix, Location, RelatedLocation } from "../diagnostics/diagnostic.js";
import { pathTo } from "../analysis/contexts.js";
import * as Sets from "../analysis/value-set.js";
import type { Program } from "./program.js";
import type { Returned } from "./returned.js";
import { code, functionName, locate, registration } from "./wording.js";

/** In the callback itself: its `return`, or the call of the helper whose result it returns. */
export function placeOf({ context, fact }: Returned): Location {
  const [first] = pathTo(context);
  return first ? locate(first.caller, first.call) : { file: context.node.file.path, span: fact.span };
}

/** `-1`, or what is known about the value. */
export function valueText({ set }: Pick<Returned, "set">): string {
  const value = Sets.single(set);
  if (typeof value === "number") return code(`${value}`);
  return Sets.isNone(Sets.intersect(set, Sets.ofRange(0, null))) ? "a negative value" : Sets.isNone(Sets.intersect(set, Sets.ofRange(null, 0))) ? "a positive value" : "a nonzero value";
}

/** The helpers through which the value comes, then where the callback is registered. */
export function returnEvidence(one: Returned): readonly RelatedLocation[] {
  const { context, fact, entry } = one;
  const [, ...hops] = pathTo(context);
  const related: RelatedLocation[] = hops.map(({ caller, call }) => ({ ...locate(caller, call), message: `in ${functionName(caller)} the result of ${code(`${call.name ?? call.receiver?.field ?? "it"}()`)} is returned` }));
  if (context.via) related.push({ file: context.node.file.path, span: fact.span, message: `${valueText(one)} is returned here, in ${functionName(context.node)}` });
  return [...related, ...registration(entry)];
}

/** Writes another number in place of the one that stands in the callback's own `return`. */
export function returnInstead(program: Program, { context, fact }: Returned, value: string, fix: Pick<Fix, "kind" | "title">): readonly Fix[] {
  const { node, via } = context;
  if (via || node.facts.isMacro || node.facts.incomplete) return [];
  const file = node.file.path;
  const literal = /^return(?:\s+|\s*(?=\())(\(?\s*[-+]?\s*\d+\s*\)?)\s*;?$/.exec(program.text(file, fact.span));
  if (!literal) return [];
  const start = fact.span.start + literal[0].lastIndexOf(literal[1]!);
  const isTight = program.text(file, { start: start - 1, end: start }) === "n";
  return [{ ...fix, edits: [{ file, span: { start, end: start + literal[1]!.length }, newText: isTight ? ` ${value}` : value }] }];
}
