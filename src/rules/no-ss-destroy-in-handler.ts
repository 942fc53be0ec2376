import type { Fix } from "../diagnostics/diagnostic.js";
import { defineRule } from "../linter/rule.js";
import { STREAM_DESTROY, STREAM_RETURN_TYPE, rolesOf } from "../lws/api/index.js";
import { leftover } from "../lws/close-fix.js";
import { hasDirective, replaceStatement } from "../lws/edits.js";
import type { ApiCall, Program, Reached } from "../lws/program.js";
import { isCertain } from "../lws/reached.js";
import { handlerOf, isOwnHandle } from "../lws/streams.js";
import { code, evidence, groupByEntry, locate, steps } from "../lws/wording.js";

/** Reports a Secure Stream that one of its own handlers destroys. Silent for other streams, timers and the main flow. */
export default defineRule({
  id: "no-ss-destroy-in-handler",
  category: "correctness",
  summary: "a Secure Stream destroyed by its own handler",
  fixes: ["safe"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("destroysStream")) {
      const { handle } = rolesOf(api.name).destroysStream!;
      const reached = api.reached.filter((one) => isCertain(one) && handlerOf(one.entry) !== undefined && isOwnHandle(program, one, one.args[handle]));
      for (const { shown } of groupByEntry(reached)) {
        const first = steps(shown)[0]!;
        const handler = handlerOf(shown.entry)!;
        report({
          ...locate(first.node, first.call),
          message: `${code(`${api.name}()`)} destroys the stream whose ${handler} handler is at work: ${handler === "state" ? "an assertion fails, or nothing happens" : "it is freed while the library still uses it"}`,
          help: `return ${code(STREAM_DESTROY)}: the library destroys it when the handler has returned`,
          related: evidence(shown, `${code(`${api.name}()`)} is called`),
          fixes: fixesFor(program, api, shown),
        });
      }
    }
  },
});

function fixesFor(program: Program, api: ApiCall, { entry }: Reached): readonly Fix[] {
  const { node, call } = api;
  const source = program.sourceOf(node.file.path);
  const { site } = call;
  if (!source || entry.node !== node || !STREAM_RETURN_TYPE.test(node.facts.returnType) || !site.isStatement || call.viaMacro || node.facts.incomplete || hasDirective(source, site.statement)) return [];
  // Only where nothing else would have happened before the return, in any configuration.
  if (!api.variants.every((variant) => variant.site.leadsToReturn)) return [];
  return [{ kind: "safe", title: `Return ${code(STREAM_DESTROY)}`, edits: [replaceStatement(source, site.statement, [`return ${STREAM_DESTROY};`], site.needsBraces), ...leftover(source, site)] }];
}
