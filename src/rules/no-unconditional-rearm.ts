import { defineRule } from "../linter/rule.js";
import { rolesOf, WRITEABLE_REASONS } from "../lws/api/index.js";
import { returnsToLibrary } from "../lws/entry-points.js";
import type { ApiCall, Program, Reached } from "../lws/program.js";
import { isCertain } from "../lws/reached.js";
import { code, evidence, groupByEntry, locate, nameReasons, reasonsIn, steps } from "../lws/wording.js";

/**
 * Reports writeable callbacks that ask for the next one whatever happens, on paths on which nothing is written: the socket has room, so it comes at once, and the
 * loop never sleeps. Silent where a condition decides about it, where every path writes, and where functions that write are called.
 */
export default defineRule({
  id: "no-unconditional-rearm",
  category: "suspicious",
  summary: "writeable callbacks that always ask for the next one, with nothing to write",
  fixes: [],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("requestsWriteable")) {
      const { node, variants } = api;
      if (node.facts.isMacro || node.facts.incomplete || !variants.every((call) => call.flow !== undefined && !call.flow.isConditional && !alwaysWrites(program, api, call.flow))) continue;
      const reached = api.reached.filter((one) =>
        isCertain(one) && one.entry.node === node && returnsToLibrary(one.entry) && isWriteable(one) &&
        program.ownership(one.args[rolesOf(api.name).requestsWriteable!.wsi] ?? { kind: "unknown" }, one) === "own" && !writesElsewhere(program, one));
      for (const group of groupByEntry(reached)) {
        const first = steps(group.shown)[0]!;
        const reasons = reasonsIn(group.selected);
        report({
          ...locate(first.node, first.call),
          message: `the next ${nameReasons(reasons)} is asked for whether there is something to write or not: the loop never sleeps`,
          help: "ask for it only while more is to be written",
          reasons: reasons.map(({ name }) => name),
          related: evidence(group.shown, `${code(`${api.name}()`)} asks for it`),
        });
      }
    }
  },
});

/** Only reasons in which the connection can be written to, and not all reasons there are. */
const isWriteable = ({ selected }: Reached): boolean => {
  const reasons = reasonsIn(selected);
  return reasons.length > 0 && reasons.every(({ name }) => WRITEABLE_REASONS.has(name));
};

/** Whether every path through the call writes as well. */
const alwaysWrites = (program: Program, { node }: ApiCall, flow: NonNullable<ApiCall["call"]["flow"]>): boolean =>
  [...flow.always, ...flow.mustFollow].some((site) => rolesOf(program.callAt(node, site)?.name ?? "").writes !== undefined);

/** Whether a function of the project writes for the same reason: on which of its paths is not known here. */
const writesElsewhere = (program: Program, { entry }: Reached): boolean =>
  program.libraryCallsFrom(entry).some((one) => rolesOf(one.call.name!).writes !== undefined && one.context.node !== entry.node && isWriteable(one));
