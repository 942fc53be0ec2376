import { isAll } from "../analysis/value-set.js";
import { defineRule } from "../linter/rule.js";
import { MAKES_DATAGRAMS, PIECES, TINY, rolesOf } from "../lws/api/index.js";
import type { LwsEntryPoint } from "../lws/entry-points.js";
import type { Program, Reached } from "../lws/program.js";
import { isCertain, uniqueReasons } from "../lws/reached.js";
import { dataOf, isReceived, keepsReceived, parserCalls, waysTo } from "../lws/received.js";
import { code, evidence, groupByEntry, list, locate, nameReasons, otherWays, reasonsIn, steps } from "../lws/wording.js";

/**
 * Reports data of a callback that a parser takes for a whole message. Silent where the callback asks which piece it has, keeps pieces, or accepts tiny
 * messages only.
 */
export default defineRule({
  id: "no-unchecked-fragment",
  category: "suspicious",
  summary: "received data that is parsed as a whole message, although it may be a piece of one",
  fixes: [],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    const quiet = new Map<LwsEntryPoint, boolean>();
    for (const { node, call, data } of parserCalls(file)) {
      if (node.facts.isMacro) continue;
      const wrong = waysTo(program, node, call).filter((one) => isPiece(program, one) && isReceived(program, one, data) && !isTiny(one));
      for (const group of groupByEntry(wrong)) {
        if (!quiet.has(group.entry)) quiet.set(group.entry, asksOrKeeps(program, group.entry));
        if (quiet.get(group.entry)) continue;
        const first = steps(group.shown)[0]!;
        const reasons = uniqueReasons(group.all);
        const parser = code(`${call.name ?? call.receiver!.field}()`);
        report({
          ...locate(first.node, first.call),
          message: `${parser} takes what came on ${nameReasons(reasons)} for a whole message: it may be a piece of one`,
          help: `collect the pieces in the session's data ${list([...new Set(reasons.map(({ name }) => PIECES.get(name)!))], "or")}, then parse`,
          reasons: reasons.map(({ name }) => name),
          related: [...evidence(group.shown, `${parser} parses it`), ...otherWays(group)],
        });
      }
    }
  },
});

/** On every reason in question the data may be a piece of something. */
function isPiece(program: Program, one: Reached): boolean {
  const { entry, selected } = one;
  if (!isCertain(one) || entry.kind !== "protocol" || isAll(selected)) return false;
  const reasons = reasonsIn(selected);
  if (reasons.length === 0 || !reasons.every(({ name }) => PIECES.has(name))) return false;
  return reasons.every(({ isWebSocket }) => isWebSocket) || ![...MAKES_DATAGRAMS].some((name) => program.isCalled(name));
}

/** A test of the length lets through nothing longer than a tiny message. */
function isTiny({ context, entry, call }: Reached): boolean {
  const length = dataOf(entry)!.length;
  for (let at = context, guard = call.guard; ; guard = at.via.call.guard, at = at.via.caller) {
    for (const { param, set } of guard) {
      const value = at.args[param];
      const highest = set.ranges.at(-1)?.[1];
      if (value?.kind === "param" && value.index === length && typeof highest === "number" && highest <= TINY) return true;
    }
    if (!at.via) return false;
  }
}

/** Whether a callback looks which piece it has, or puts pieces together. */
const asksOrKeeps = (program: Program, entry: LwsEntryPoint): boolean =>
  program.libraryCallsFrom(entry).some(({ call }) => rolesOf(call.name!).tellsFragment !== undefined) || keepsReceived(program, entry);
