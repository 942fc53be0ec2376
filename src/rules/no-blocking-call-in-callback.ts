import type { CallFact } from "../analysis/facts.js";
import { optionsOf, type Value } from "../analysis/value.js";
import { isAll } from "../analysis/value-set.js";
import { defineRule } from "../linter/rule.js";
import { rolesOf, WAKE_REASON, type CallbackReason, type CallRoles } from "../lws/api/index.js";
import type { Program, Reached } from "../lws/program.js";
import { isCertain } from "../lws/reached.js";
import { code, entryPhrase, evidence, groupByEntry, locate, nameReasons, otherWays, reasonsIn, steps } from "../lws/wording.js";

/**
 * Reports calls that keep the event loop's thread waiting inside a callback. Silent at start and end of a protocol, when no connection waits yet or
 * any more, for locks, and for calls that come back at once.
 */
export default defineRule({
  id: "no-blocking-call-in-callback",
  category: "suspicious",
  summary: "calls in a callback that make all connections wait",
  fixes: [],
  yieldsTo: ["no-nested-service"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("stalls")) {
      const stalls = rolesOf(api.name).stalls!;
      if (api.node.facts.isMacro || !mayTakeLong(program, api.node.file.path, api.call, stalls)) continue;
      const reached = api.reached.filter((one) => isCertain(one) && isAtWork(one) && (stalls.protocolsOnly !== true || one.entry.kind === "protocol") && !returnsAtOnce(one.args, stalls));
      for (const group of groupByEntry(reached)) {
        const first = steps(group.shown)[0]!;
        const reasons = group.entry.kind === "protocol" ? reasonsIn(group.selected).filter(isBusy) : [];
        const where = group.entry.kind === "protocol" ? `on ${nameReasons(reasons, isAll(group.selected))}` : `in ${entryPhrase(group.entry)}`;
        report({
          ...locate(first.node, first.call),
          message: `${code(`${api.name}()`)} ${stalls.why} ${where}: every connection of the loop waits meanwhile`,
          help: `let a timer (${code("lws_sul_schedule()")}) or another thread do it, which tells the loop with ${code("lws_cancel_service()")}`,
          reasons: reasons.map(({ name }) => name),
          related: [...evidence(group.shown, `${code(`${api.name}()`)} ${stalls.why}`), ...otherWays(group)],
        });
      }
    }
  },
});

/** Connections that are at work, or coming and going, and the loop that was woken; a protocol's start and end, and the certificates before it, may take their time. */
const isBusy = ({ name, wsi, side }: CallbackReason): boolean => name === WAKE_REASON || (wsi !== "fake" && side !== "system");

const isAtWork = ({ entry, selected }: Reached): boolean => entry.kind !== "protocol" || (!isAll(selected) && reasonsIn(selected).some(isBusy));

function mayTakeLong(program: Program, file: string, { args }: CallFact, { unlessFlag, onlyFor }: NonNullable<CallRoles["stalls"]>): boolean {
  const text = (argument: number): string => (args[argument] ? program.text(file, args[argument].span) : "");
  if (unlessFlag && text(unlessFlag.argument).includes(unlessFlag.name)) return false;
  return onlyFor === undefined || text(onlyFor.argument).trim() === onlyFor.text;
}

/** `poll(…, 0)`, `usleep(0)`: and not where the time comes from somewhere else, which may be 0 as well. */
function returnsAtOnce(args: readonly Value[], { unlessZero }: NonNullable<CallRoles["stalls"]>): boolean {
  if (unlessZero === undefined) return false;
  const value = args[unlessZero];
  return value === undefined || optionsOf(value).some((one) => (one.kind === "number" ? one.value === 0 : one.kind !== "constant" && one.kind !== "string"));
}
