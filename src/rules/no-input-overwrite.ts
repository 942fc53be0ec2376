import { isAll } from "../analysis/value-set.js";
import { defineRule } from "../linter/rule.js";
import { SHARES_BUFFER, mayHold } from "../lws/api/index.js";
import { dataOf } from "../lws/received.js";
import { terminations } from "../lws/text-reads.js";
import { code, functionName, nameReasons, reasonsIn, registration } from "../lws/wording.js";

/**
 * Reports a zero that is written behind received data where the next message may stand. Silent for zeros inside of the data, and where the library keeps room
 * for one.
 */
export default defineRule({
  id: "no-input-overwrite",
  category: "suspicious",
  summary: "a final zero written behind received data, where the next message may be",
  fixes: [],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const { node, store, way } of terminations(file)) {
      const { entry, selected, args } = way;
      if (entry.kind !== "protocol" || isAll(selected) || node.facts.isMacro || store.target.kind !== "element") continue;
      const reasons = reasonsIn(selected);
      const isShared = reasons.length > 0 && reasons.every(({ name }) => {
        const since = SHARES_BUFFER.get(name);
        return since !== undefined && mayHold(since, program.releaseOf(entry.node.file));
      });
      const index = store.target.index && (store.target.index.kind === "param" ? args[store.target.index.index] : undefined);
      if (!isShared || index?.kind !== "param" || index.index !== dataOf(entry)?.length) continue;
      report({
        file: node.file.path,
        span: store.span,
        message: `a zero is written behind the ${code("len")} bytes of ${nameReasons(reasons)}: the header of the next message may stand there`,
        help: `copy to a buffer with one byte more, or use the length: ${code("%.*s")}, ${code("strndup()")}, ${code("memcmp()")}`,
        reasons: reasons.map(({ name }) => name),
        related: node === entry.node ? registration(entry) : [{ file: entry.node.file.path, span: entry.node.facts.nameSpan, message: `reached from ${functionName(entry.node)}` }, ...registration(entry)],
      });
    }
  },
});
