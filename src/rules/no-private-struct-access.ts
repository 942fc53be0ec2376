import { defineRule } from "../linter/rule.js";
import { PRIVATE_TYPE } from "../lws/api/index.js";
import type { ProgramQuestion } from "../lws/program.js";
import { isPrivateHeader } from "../lws/private-headers.js";
import { code } from "../lws/wording.js";

/**
 * Reports members of the library's private structures. Silent in event libraries, where the project defines a structure of that name itself, and in files
 * that include a private header: that is reported at the include.
 */
export default defineRule({
  id: "no-private-struct-access",
  category: "suspicious",
  summary: "members of structures that are private to libwebsockets",
  fixes: [],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    if (program.isEventLibrary(file.facts) || file.facts.includes.some(({ path }) => isPrivateHeader(path))) return;
    for (const node of file.nodes) {
      for (const { type, field, span } of node.facts.accesses) {
        if (type === undefined || field === undefined || !PRIVATE_TYPE.test(type)) continue;
        if (program.ask(declaresOne, "")) return;
        report({
          file: file.path,
          span,
          message: `${code(type.startsWith("struct ") ? type : `struct ${type}`)} is private to libwebsockets: ${code(field)} moves from release to release, and with build options`,
          help: "ask a function of the public API for it",
        });
      }
    }
  },
});

/** Whether the project declares such a type itself: then it is a copy of the library, or something else of that name. */
const declaresOne: ProgramQuestion<"", boolean> = { answer: (program) => program.files.some(({ records }) => records.some(({ name }) => PRIVATE_TYPE.test(name))) };
