import type { FileFacts } from "../analysis/facts.js";
import { defineRule } from "../linter/rule.js";
import { NEVER_EXISTED, closeTimeoutReason, isUnknownTimeoutReason } from "../lws/api/index.js";
import type { Program } from "../lws/program.js";
import { code } from "../lws/wording.js";

const KNOWN_INVENTIONS = new Set(NEVER_EXISTED.map((entry) => entry.name));

/**
 * Reports names that look like a timeout reason of the library and exist in no release. A name the project defines itself is its own;
 * where headers of the project are out of sight, only names known to be an invention are reported.
 */
export default defineRule({
  id: "no-unknown-timeout-reason",
  category: "correctness",
  summary: "timeout reasons that exist in no release of libwebsockets",
  fixes: ["safe"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const use of file.facts.constantUses) {
      if (!isUnknownTimeoutReason(use.name) || program.defines(use.name)) continue;
      if (!KNOWN_INVENTIONS.has(use.name) && hidesHeaders(program, file.facts)) continue;
      const instead = closeTimeoutReason(program.releaseOf(file));
      report({
        file: file.path,
        span: use.span,
        message: `${code(use.name)} exists in no release of libwebsockets`,
        help: instead === undefined ? `use a constant of ${code("enum pending_timeout")}` : `use ${code(instead)}`,
        fixes: use.inMacro || instead === undefined ? [] : [{
          kind: "safe",
          title: `Use ${code(instead)}`,
          edits: [{ file: file.path, span: use.span, newText: instead }],
        }],
      });
    }
  },
});

/** Whether the file includes a header of its own project that was not given to the analyzer. */
const hidesHeaders = (program: Program, file: FileFacts): boolean =>
  file.includes.some((include) => !include.system && !include.path.includes('libwebsockets') &&
    ![...program.paths].some((other) => other.endsWith(include.path.replace(/^(\.\.?\/)+/, ""))));
