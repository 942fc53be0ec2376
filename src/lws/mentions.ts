/** Which callback reasons the code behind a callback speaks of at all, whatever it does on them. */
import type { FileFacts } from "../analysis/facts.js";
import { byName, type ByName } from "../analysis/name-index.js";
import type { Span } from "../source/span.js";
import { REASON_PREFIX } from "./api/index.js";
import type { LwsEntryPoint } from "./entry-points.js";
import type { Program, ProgramQuestion } from "./program.js";

export interface Mention {
  readonly file: string;
  readonly span: Span;
  readonly inMacro: boolean;
}

/** By full name, those of the callback's own function first. Functions that cannot reach the library are not looked into. */
export const mentionsOf = (program: Program, entry: LwsEntryPoint): ReadonlyMap<string, readonly Mention[]> => program.ask(mentions, entry);

const mentions: ProgramQuestion<LwsEntryPoint, ReadonlyMap<string, readonly Mention[]>> = {
  answer: (program, entry) => {
    const names = new Map<string, Mention[]>();
    for (const { file, facts } of program.functionsReachedFrom(entry)) {
      for (const { name, mention } of program.graph.derived(reasonsNamedIn, file).get(facts.name) ?? []) {
        const list = names.get(name);
        if (!list) names.set(name, [mention]);
        else if (!list.some((known) => known.file === mention.file && known.span.start === mention.span.start)) list.push(mention);
      }
    }
    return names;
  },
};

interface NamedReason {
  readonly name: string;
  readonly mention: Mention;
}

/** By function. */
const reasonsNamedIn = ({ path, constantUses }: FileFacts): ByName<NamedReason> =>
  byName(constantUses.flatMap(({ name, function: within, span, inMacro }) =>
    (within === undefined || !name.startsWith(REASON_PREFIX) ? [] : [[within, { name, mention: { file: path, span, inMacro } }] as const])));
