/** How reasons, paths and registrations are told to people; the same in every rule. */
import type { Location, RelatedLocation } from "../diagnostics/diagnostic.js";
import type { CallFact } from "../analysis/facts.js";
import type { FunctionNode } from "../analysis/call-graph.js";
import { pathTo } from "../analysis/contexts.js";
import * as Sets from "../analysis/value-set.js";
import type { ValueSet } from "../analysis/value-set.js";
import type { CallbackReason } from "./api/index.js";
import type { LwsEntryPoint } from "./entry-points.js";
import type { Reached } from "./program.js";
import { reasonsIn } from "./reasons.js";

export { reasonsIn };

export const code = (text: string): string => `\`${text}\``;

/** `a`, `b` and `c`. */
export function list(words: readonly string[], conjunction = "and"): string {
  if (words.length <= 1) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words[words.length - 1]!}`;
}

const MAX_NAMED = 4;

/** Names of reasons for a sentence: all when they are few, the first ones and a count when they are many. */
export function nameReasons(reasons: readonly CallbackReason[], all = false): string {
  if (all) return "every callback reason";
  const names = reasons.map((reason) => code(reason.name));
  if (names.length <= MAX_NAMED) return list(names);
  return `${names.slice(0, MAX_NAMED - 1).join(", ")} and ${names.length - MAX_NAMED + 1} other reasons`;
}

/** What kind of function an entry point is, with an article. */
export function entryPhrase(entry: LwsEntryPoint): string {
  switch (entry.kind) {
    case "protocol": return "a protocol callback";
    case "timer": return "a timer callback";
    case "ss": return "a Secure Streams handler";
    case "thread": return "a thread";
    case "signal": return "a signal handler";
  }
}

export interface Step {
  readonly node: FunctionNode;
  readonly call: CallFact;
  readonly selected: ValueSet;
}

/** The calls from the entry point's function down to and including the reached call. */
export function steps(reached: Reached): readonly Step[] {
  const hops = pathTo(reached.context);
  return [
    ...hops.map(({ caller, call, selected }) => ({ node: caller, call, selected })),
    { node: reached.context.node, call: reached.call, selected: reached.selected },
  ];
}

export const locate = (node: FunctionNode, call: Pick<CallFact, "span">): Location => ({ file: node.file.path, span: call.span });

/** The steps after the first as related locations, then where the entry point is registered. */
export function evidence(reached: Reached, lastStep: string): readonly RelatedLocation[] {
  const [, ...rest] = steps(reached);
  const on = ({ selected }: Pick<Step, "selected">): string =>
    reached.entry.kind === "protocol" && !Sets.isAll(selected) ? `, reached on ${nameReasons(reasonsIn(selected))}` : "";
  const related: RelatedLocation[] = rest.map((step, i) => {
    const isLast = i === rest.length - 1;
    const where = step.node.facts.isMacro ? `in the expansion of ${code(step.node.facts.name)}` : `in ${functionName(step.node)}`;
    return {
      ...locate(step.node, step.call),
      message: isLast ? `${lastStep}, ${where}${on(reached)}`
        : `${where} ${step.call.destroys ? ENDS[step.call.destroys] : `${code(`${calleeName(step.call)}()`)} is called here`}${on(step)}`,
    };
  });
  return [...related, ...making(reached.entry), ...registration(reached.entry)];
}

const ENDS: Readonly<Record<NonNullable<CallFact["destroys"]>, string>> = {
  deleted: `${code("delete")} ends an object here`,
  scope: "an object declared here ends with its scope",
  replaced: "the object held until here ends",
};

/** Where a macro makes the entry point's function: the finding stands in the macro. */
const making = ({ node }: LwsEntryPoint): readonly RelatedLocation[] =>
  node.facts.madeByMacro ? [{ file: node.file.path, span: node.facts.nameSpan, message: `a macro makes ${functionName(node)} here` }] : [];

export function registration(entry: LwsEntryPoint): readonly RelatedLocation[] {
  if (!entry.registration) return [];
  const name = functionName(entry.node);
  return [{ file: entry.registration.file, span: entry.registration.span, message: REGISTERED[entry.kind](name) }];
}

/** A function in a sentence. */
export const functionName = ({ facts }: FunctionNode): string => {
  if (facts.isLambda) return "the lambda";
  if (facts.name === "operator()") return code([facts.className?.split("::").at(-1), facts.name].filter(Boolean).join("::"));
  // A file that is included inside a function.
  return facts.name.startsWith("#include ") ? code(facts.name) : code(`${facts.name}()`);
};

const REGISTERED: Readonly<Record<LwsEntryPoint["kind"], (name: string) => string>> = {
  protocol: (name) => `${name} is registered as protocol callback here`,
  timer: (name) => `${name} is registered as timer callback here`,
  ss: (name) => `${name} is registered as Secure Streams handler here`,
  thread: (name) => `${name} is started as a thread here`,
  signal: (name) => `${name} is registered as signal handler here`,
};

/** What is called, in a sentence. */
export const calleeName = (call: CallFact): string => call.name ?? call.receiver?.field ?? "it";

export interface ReachedGroup {
  readonly entry: LwsEntryPoint;
  /** The one to show: the most telling reason first, then the shortest path. */
  readonly shown: Reached;
  readonly all: readonly Reached[];
  readonly selected: ValueSet;
}

/** What reaches one call, one group per entry point; `order` says how telling a reason is, lower first. */
export function groupByEntry(reached: readonly Reached[], order: (reason: CallbackReason) => number = () => 0): readonly ReachedGroup[] {
  const groups = new Map<LwsEntryPoint, Reached[]>();
  for (const one of reached) {
    const list = groups.get(one.entry);
    if (list) list.push(one);
    else groups.set(one.entry, [one]);
  }
  return [...groups].map(([entry, all]) => {
    const weight = (one: Reached): number => Math.min(...reasonsIn(one.selected).map(order), 1000);
    const sorted = [...all].sort((a, b) => weight(a) - weight(b) || steps(a).length - steps(b).length || position(a) - position(b));
    return { entry, all: sorted, shown: sorted[0]!, selected: sorted.map((one) => one.selected).reduce(Sets.union, Sets.NONE) };
  });
}

const position = (reached: Reached): number => steps(reached)[0]!.call.span.start;

/** Other places in the entry point from which the same call is reached. */
export function otherWays(group: ReachedGroup): readonly RelatedLocation[] {
  const first = steps(group.shown)[0]!;
  const seen = new Set([first.call.span.start]);
  const related: RelatedLocation[] = [];
  for (const one of group.all) {
    const step = steps(one)[0]!;
    if (seen.has(step.call.span.start)) continue;
    seen.add(step.call.span.start);
    const on = group.entry.kind === "protocol" ? ` on ${nameReasons(reasonsIn(one.selected), Sets.isAll(one.selected))}` : "";
    related.push({ ...locate(step.node, step.call), message: `also reached from here${on}` });
  }
  return related;
}
