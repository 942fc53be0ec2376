import { defineRule } from "../linter/rule.js";
import { HTTP_CLIENT_DATA } from "../lws/api/index.js";
import { handledReasons } from "../lws/handled-reasons.js";
import type { Program } from "../lws/program.js";
import type { LwsEntryPoint } from "../lws/entry-points.js";
import { code, functionName, registration } from "../lws/wording.js";

/**
 * Reports callbacks of HTTP clients that wait for data nobody fetches: with HTTP/1 it stays in the socket until the callback asks for it. Silent where
 * anything in the program reads, where the library's own callback is called for it, and where receiving is put off.
 */
export default defineRule({
  id: "require-http-client-read",
  category: "suspicious",
  summary: "HTTP client callbacks that never fetch the data that has come",
  fixes: [],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const entry of file.entries) {
      if (entry.kind !== "protocol" || entry.node.facts.incomplete || !entry.registration) continue;
      const handled = [...handledReasons(entry)].filter(({ name }) => name === HTTP_CLIENT_DATA.delivered);
      if (handled.length === 0 || fetches(program, entry)) continue;
      report({
        file: entry.node.file.path,
        span: entry.node.facts.nameSpan,
        message: `${functionName(entry.node)} waits for ${code(HTTP_CLIENT_DATA.delivered)}, and nothing fetches the data on ${code(HTTP_CLIENT_DATA.waiting)}: over HTTP/1 it never comes`,
        help: `call ${code("lws_http_client_read()")} on ${code(HTTP_CLIENT_DATA.waiting)}`,
        reasons: [HTTP_CLIENT_DATA.waiting],
        related: registration(entry),
      });
    }
  },
});

const fetches = (program: Program, { node }: LwsEntryPoint): boolean =>
  program.hasCallsWith("readsResponse") || program.hasCallsWith("pausesReceiving") ||
  // A callback of the library that it hands what it does not handle itself, or one that nobody can see.
  node.facts.calls.some(({ name, target, args }) => (name === undefined && target !== undefined) || (args.length >= 5 && name !== undefined && program.graph.byName(node.file, name) === undefined));
