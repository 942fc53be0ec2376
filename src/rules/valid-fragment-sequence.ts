import { defineRule } from "../linter/rule.js";
import { mayWrite, partWritten, writtenBefore } from "../lws/message-parts.js";
import { code, locate } from "../lws/wording.js";

/**
 * Reports parts of WebSocket messages in an order that the protocol does not have: a continuation of nothing, a message begun inside of another, one that is never
 * ended. Silent where some write of the program cannot be told, and where the order goes over several callbacks.
 */
export default defineRule({
  id: "valid-fragment-sequence",
  category: "suspicious",
  summary: "parts of WebSocket messages in an order that the peer takes for a breach of the protocol",
  fixes: [],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("writes")) {
      const part = partWritten(api);
      if (!part || api.node.facts.isMacro || api.node.facts.incomplete) continue;
      const earlier = writtenBefore(program, api);
      const wrong =
        part.begins && earlier?.isOpen ? `${code(`${api.name}()`)} begins a message before the one that was begun has ended`
        : !part.begins && earlier?.isOpen === false ? `${code(`${api.name}()`)} goes on with a message that has ended`
        : part.begins && !part.ends && !mayWrite(program, "ended") ? `${code(`${api.name}()`)} begins a message that no write of the program ends`
        : !part.begins && !mayWrite(program, "begun") ? `${code(`${api.name}()`)} goes on with a message that no write of the program begins`
        : undefined;
      if (wrong === undefined) continue;
      const isEarlier = earlier !== undefined && earlier.call.span.start !== api.call.span.start && (part.begins ? earlier.isOpen : !earlier.isOpen);
      report({
        ...locate(api.node, api.call),
        message: `${wrong}: the peer closes the connection`,
        help: `write ${code("LWS_WRITE_TEXT | LWS_WRITE_NO_FIN")}, then ${code("LWS_WRITE_CONTINUATION | LWS_WRITE_NO_FIN")} while there is more, then ${code("LWS_WRITE_CONTINUATION")}; ${code("lws_write_ws_flags()")} gives these`,
        related: isEarlier ? [{ ...locate(api.node, earlier.call), message: earlier.isOpen ? "the part before it, which leaves its message open" : "the part before it, which ends its message" }] : [],
      });
    }
  },
});
