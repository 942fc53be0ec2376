import { defineRule } from "../linter/rule.js";
import { CONTEXT_IS_NULLED, DESTROYS_IN_STEPS, rolesOf } from "../lws/api/index.js";
import { usesAfter } from "../lws/later-uses.js";
import { code, locate } from "../lws/wording.js";

/**
 * Reports calls that get a context which an earlier call on every path of the same function has destroyed. Silent where the variable is set in
 * between, and for programs with an event library, which destroy in steps.
 */
export default defineRule({
  id: "no-use-after-context-destroy",
  category: "correctness",
  summary: "use of a context that was destroyed",
  fixes: [],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("destroysContext")) {
      const text = program.sourceOf(api.node.file.path)?.text ?? "";
      if (api.call.assumes.length > 0 || DESTROYS_IN_STEPS.test(text) || CONTEXT_IS_NULLED.test(text)) continue;
      for (const { node, ended, use, library } of usesAfter(program, api, rolesOf(api.name).destroysContext!.context)) {
        const name = library.call.name!;
        if (rolesOf(name).destroysContext) continue;
        report({
          ...locate(node, use),
          message: `the context was destroyed before: ${code(`${name}()`)} uses it after it was freed`,
          help: `move the call before ${code(`${api.name}()`)}, or create a new context`,
          related: [
            ...(library.call === use ? [] : [{ ...locate(library.node, library.call), message: `${code(`${name}()`)} is called` }]),
            { ...locate(node, ended), message: "destroyed here" },
          ],
        });
      }
    }
  },
});
