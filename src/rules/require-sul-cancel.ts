import { sameSet } from "../dataflow/answers.js";
import { defineRule } from "../linter/rule.js";
import { KILL_TIMER, isPublic, rolesOf, type CallbackReason } from "../lws/api/index.js";
import { inCases } from "../lws/case-edit.js";
import { distinguishedReasons, endsOf, lifecyclesOf } from "../lws/lifecycles.js";
import type { LwsEntryPoint } from "../lws/entry-points.js";
import { sessionSizeOf } from "../lws/protocol-tables.js";
import type { ApiCall, Program, ProgramQuestion, Reached } from "../lws/program.js";
import { isCertain } from "../lws/reached.js";
import { code, evidence, groupByEntry, list, locate, reasonsIn, steps } from "../lws/wording.js";
import { optionsOf, type Value } from "../analysis/value.js";

/**
 * Reports a timer inside the session's data, or the object of a Secure Stream, that nothing ever cancels: it stays in the list of timers when the
 * object is freed. Silent for static timers, for other objects, and where anything cancels a timer of that name.
 */
export default defineRule({
  id: "require-sul-cancel",
  category: "correctness",
  summary: "a timer in the session's data that is never cancelled",
  fixes: ["suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    const cancelled = program.ask(cancelledNames, "");
    for (const api of file.callsWith("schedules")) {
      const { sul } = rolesOf(api.name).schedules!;
      if (sul === undefined) continue;
      const reached = api.reached.filter((one) => isCertain(one) && memberOf(one, one.args[sul]) !== undefined && !cancelled.has(memberOf(one, one.args[sul])!));
      for (const group of groupByEntry(reached)) {
        const { shown, entry } = group;
        const first = steps(shown)[0]!;
        const ends = entry.kind === "protocol" ? endsIn(program, group.all) : [];
        if (entry.kind === "protocol" && (ends.length === 0 || isApplications(program, entry))) continue;
        const name = code(memberOf(shown, shown.args[sul])!);
        const where = entry.kind === "ss" ? code("LWSSSCS_DESTROYING") : list(ends.map((reason) => code(reason.name)));
        report({
          ...locate(first.node, first.call),
          message: `the timer ${name} is part of what is freed with the ${entry.kind === "ss" ? "stream" : "connection"}, and nothing cancels it: it stays in the list of timers`,
          help: `cancel it with ${code("lws_sul_cancel()")} on ${where}`,
          reasons: [],
          related: evidence(shown, `${code(`${api.name}()`)} is called`),
          fixes: fixesFor(program, api, group.shown, ends, sul),
        });
      }
    }
  },
});

/** Members that something cancels, in the function itself or as callbacks reach it through helpers. */
const cancelledNames: ProgramQuestion<"", ReadonlySet<string>> = {
  answer: cancelledIn,
  isSame: sameSet,
};

function cancelledIn(program: Program): ReadonlySet<string> {
  const names = new Set<string>();
  const note = ({ variants, reached }: ApiCall, argument: number): void => {
    for (const { args } of variants) noteIn(names, args[argument]?.value);
    for (const { args } of reached) noteIn(names, args[argument]);
  };
  for (const api of program.everyCallWith("unschedules")) note(api, rolesOf(api.name).unschedules!.sul);
  for (const api of program.everyCallWith("unlinks")) note(api, rolesOf(api.name).unlinks!.element);
  for (const api of program.everyCallWith("schedules")) {
    const { sul, delay, callback } = rolesOf(api.name).schedules!;
    const isCancel = api.variants.some(({ args }) => (delay !== undefined && isNumber(args[delay]?.value, KILL_TIMER)) || isNumber(args[callback]?.value, 0));
    if (sul !== undefined && isCancel) note(api, sul);
  }
  return names;
}

/** `&pss->sul`, and `&pss->sul.list`. */
function noteIn(names: Set<string>, value: Value | undefined): void {
  for (const option of value ? optionsOf(value) : []) {
    if (option.kind !== "address") continue;
    for (let of = option.of; of.kind === "field"; of = of.base) names.add(of.field);
  }
}

const isNumber = (value: Value | undefined, wanted: number): boolean => value?.kind === "number" && value.value === wanted;

/** The member of the session's data, or of a stream's object, whose address is taken. */
function memberOf({ entry }: Reached, value: Value | undefined): string | undefined {
  if (value?.kind !== "address" || value.of.kind !== "field") return undefined;
  const owner = entry.kind === "protocol" ? entry.user : entry.kind === "ss" ? 0 : undefined;
  return value.of.base.kind === "param" && value.of.base.index === owner ? value.of.field : undefined;
}

/** Whether the library makes no data for the sessions of a protocol, so that they are given the application's own. */
function isApplications(program: Program, { registration }: LwsEntryPoint): boolean {
  const rows = (registration && program.fileAt(registration.file))?.aggregates.flatMap((aggregate) => aggregate.rows) ?? [];
  const row = rows.find(({ fields }) => fields.some(({ span }) => span.start === registration!.span.start));
  const size = row && sessionSizeOf(row)?.value;
  return size?.kind === "number" && size.value === 0;
}

/** How the connections end in whose reasons the timer is set. */
function endsIn(program: Program, all: readonly Reached[]): readonly CallbackReason[] {
  const reasons = all.flatMap(({ selected }) => reasonsIn(selected)).filter(({ dying }) => !dying);
  return [...new Set(lifecyclesOf(reasons).flatMap((kind) => endsOf(kind, program.releaseOf(all[0]!.context.node.file)).ends))];
}

function fixesFor(program: Program, api: ApiCall, { entry }: Reached, ends: readonly CallbackReason[], sul: number): readonly { kind: "suggestion"; title: string; edits: NonNullable<ReturnType<typeof inCases>> }[] {
  const { node, call } = api;
  const source = program.sourceOf(node.file.path);
  const reason = entry.selector === undefined ? undefined : node.facts.params[entry.selector]?.name;
  const text = call.args[sul] && program.text(node.file.path, call.args[sul].span);
  if (!source || !reason || !text || ends.length === 0 || entry.node !== node || node.facts.incomplete || !isPublic("lws_sul_cancel", program.releaseFor(api)) || !/^&\w+->\w+$/.test(text)) return [];
  // The variable has to be there in front of the switch.
  const before = source.text.slice(node.facts.span.start, call.span.start).split(/\bswitch\b/)[0]!;
  if (!new RegExp(String.raw`\b${/\w+/.exec(text)![0]}\b`).test(before)) return [];
  const edits = inCases(source, node, reason, new Map(ends.map(({ name }) => [name, [`lws_sul_cancel(${text});`]])), new Set(distinguishedReasons(entry).map(({ name }) => name)));
  return edits ? [{ kind: "suggestion", title: "Cancel the timer when the connection closes", edits }] : [];
}
