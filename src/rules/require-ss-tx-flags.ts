import { defineRule } from "../linter/rule.js";
import { FLAGS_NEEDED, STREAM_OK, mayHold } from "../lws/api/index.js";
import { returnedBy } from "../lws/returned.js";
import { fillsIn, handlerOf, returnName, TX_FLAGS, TX_LENGTH } from "../lws/streams.js";
import { code, registration } from "../lws/wording.js";

/** Reports a tx handler that sends and never writes the flags. Silent where the pointer is handed on, and where the length is not written either. */
export default defineRule({
  id: "require-ss-tx-flags",
  category: "suspicious",
  summary: "a tx handler of a Secure Stream that does not mark the beginning and end of a message",
  fixes: [],
  yieldsTo: ["valid-ss-return"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const entry of file.entries) {
      if (handlerOf(entry) !== "tx" || !entry.registration || !mayHold(FLAGS_NEEDED, program.releaseOf(entry.node.file))) continue;
      if (fillsIn(entry, TX_FLAGS) || !fillsIn(entry, TX_LENGTH)) continue;
      const sends = returnedBy(program, entry).find(({ value }) => returnName(value) === STREAM_OK);
      if (!sends) continue;
      report({
        file: entry.node.file.path,
        span: entry.node.facts.nameSpan,
        message: `the tx handler never writes its flags: a WebSocket stream asserts from ${FLAGS_NEEDED.since!} on that the first piece of a message has ${code("LWSSS_FLAG_SOM")}`,
        help: `set ${code("*flags")} to ${code("LWSSS_FLAG_SOM")} on the first piece and ${code("LWSSS_FLAG_EOM")} on the last`,
        related: [{ file: sends.context.node.file.path, span: sends.fact.span, message: "sends what is in the buffer" }, ...registration(entry)],
      });
    }
  },
});
