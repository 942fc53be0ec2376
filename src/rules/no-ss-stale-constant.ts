import { defineRule } from "../linter/rule.js";
import { STALE_STREAM_RETURN } from "../lws/api/index.js";
import { code } from "../lws/wording.js";

/** Reports a constant that the documentation of Secure Streams mentions and no enum has. Silent where the project defines it. */
export default defineRule({
  id: "no-ss-stale-constant",
  category: "correctness",
  summary: "a return value of Secure Streams that exists in the documentation alone",
  fixes: ["safe"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    const { name, instead } = STALE_STREAM_RETURN;
    if (program.defines(name)) return;
    for (const use of file.facts.constantUses) {
      if (use.name !== name) continue;
      report({
        file: file.path,
        span: use.span,
        message: `${code(name)} stands in the documentation of libwebsockets and in none of its enums`,
        help: `return ${code(instead)}, and leave the destruction to the library`,
        related: [],
        fixes: program.text(file.path, use.span) === name ? [{ kind: "safe", title: `Return ${code(instead)}`, edits: [{ file: file.path, span: use.span, newText: instead }] }] : [],
      });
    }
  },
});
