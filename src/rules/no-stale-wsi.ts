import type { RelatedLocation } from "../diagnostics/diagnostic.js";
import { defineRule } from "../linter/rule.js";
import { forgetFix } from "../lws/forget-fix.js";
import { keptConnections, type KeptConnection } from "../lws/kept-connections.js";
import { code, list, locate, nameReasons, registration } from "../lws/wording.js";

/**
 * Reports a connection that outlives its callback in a variable which no closing reason clears, and that is used later. Silent where the callback
 * does anything in the closing reason that could tell the program, for the session's own data, and where nothing uses the variable outside of the
 * connection's own callbacks.
 */
export default defineRule({
  id: "no-stale-wsi",
  category: "correctness",
  summary: "a connection that is kept in a variable and not forgotten when it closes",
  fixes: ["suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    const all = keptConnections(file);
    for (const kept of all) {
      const { node, store, name, missing, uses } = kept;
      const [use] = uses;
      report({
        file: node.file.path,
        span: store.span,
        message: `${code(name)} still holds the connection after ${nameReasons(missing)}, which ${missing.length > 1 ? "free" : "frees"} it: ${code(`${use!.call.name!}()`)} uses it then`,
        help: `set ${code(name)} to ${code(node.file.language === "cpp" ? "nullptr" : "NULL")} on ${list(missing.map((reason) => code(reason.name)))} where it is the connection that closes`,
        reasons: missing.map((reason) => reason.name),
        related: related(kept),
        fixes: forgetFix(program, kept, all),
      });
    }
  },
});

function related({ made, uses, entry }: KeptConnection): readonly RelatedLocation[] {
  return [...(made ? [{ ...locate(made.node, made.call), message: "the object that keeps it is made here" }] : []), ...uses.slice(0, 3).map(({ node, call }) => ({ ...locate(node, call), message: `${code(`${call.name!}()`)} uses it here` })), ...registration(entry)];
}
