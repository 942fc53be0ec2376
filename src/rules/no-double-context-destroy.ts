import { defineRule } from "../linter/rule.js";
import { CONTEXT_IS_NULLED, DESTROYS_IN_STEPS, rolesOf } from "../lws/api/index.js";
import { hasDirective, removeStatement } from "../lws/edits.js";
import { usesAfter, type LaterUse } from "../lws/later-uses.js";
import type { Program } from "../lws/program.js";
import { code, locate } from "../lws/wording.js";

/**
 * Reports a context that is destroyed twice on one path of a function. Silent where the variable is set in between or set to NULL by the library, and for
 * programs with an event library, which destroy in steps.
 */
export default defineRule({
  id: "no-double-context-destroy",
  category: "correctness",
  summary: "a context that is destroyed twice",
  fixes: ["suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("destroysContext")) {
      const text = program.sourceOf(api.node.file.path)?.text ?? "";
      if (api.call.assumes.length > 0 || DESTROYS_IN_STEPS.test(text) || CONTEXT_IS_NULLED.test(text)) continue;
      for (const later of usesAfter(program, api, rolesOf(api.name).destroysContext!.context)) {
        if (rolesOf(later.library.call.name!).destroysContext === undefined) continue;
        report({
          ...locate(later.node, later.use),
          message: `the context was destroyed before: ${code(`${later.library.call.name!}()`)} frees it a second time`,
          help: `destroy the context once, or set the variable to ${code("NULL")} after the first time`,
          related: [
            ...(later.library.call === later.use ? [] : [{ ...locate(later.library.node, later.library.call), message: `${code(`${later.library.call.name!}()`)} is called` }]),
            { ...locate(later.node, later.ended), message: "destroyed here" },
          ],
          fixes: fixesFor(program, later),
        });
      }
    }
  },
});

function fixesFor(program: Program, { node, use, library }: LaterUse): readonly { kind: "suggestion"; title: string; edits: ReturnType<typeof removeStatement>[] }[] {
  const source = program.sourceOf(node.file.path);
  const { site } = use;
  if (!source || library.call !== use || !site.isStatement || site.needsBraces || use.viaMacro || node.facts.isMacro || node.facts.incomplete || hasDirective(source, site.statement)) return [];
  return [{ kind: "suggestion", title: "Remove the second destroy", edits: [removeStatement(source, site.statement)] }];
}
