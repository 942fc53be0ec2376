import { defineRule } from "../linter/rule.js";
import { CLIENT_CLOSE, holds, mayHold, reasonByName, rolesOf, type CallbackReason } from "../lws/api/index.js";
import { handledReasons } from "../lws/handled-reasons.js";
import { mentionsOf, type Mention } from "../lws/mentions.js";
import type { Program, Reached } from "../lws/program.js";
import { code, locate, registration } from "../lws/wording.js";
import { hasNumber, isFinite } from "../analysis/value-set.js";
import type { LwsEntryPoint } from "../lws/entry-points.js";

const CLOSED = reasonByName(CLIENT_CLOSE.server)!;
const CLIENT_CLOSED = reasonByName(CLIENT_CLOSE.client)!;
const FAILED = reasonByName(CLIENT_CLOSE.failed)!;

/**
 * Reports a client's callback that waits for the server's closing reason, and one that connects again when a connection closes and not when it cannot be made.
 * Silent for a callback that serves both sides.
 */
export default defineRule({
  id: "no-client-closed-confusion",
  category: "suspicious",
  summary: "a client that handles the closing reason of servers, or only one of the two ways in which its connection ends",
  fixes: ["suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const entry of file.entries) {
      if (entry.kind !== "protocol") continue;
      const mentions = mentionsOf(program, entry);
      const release = program.releaseOf(entry.node.file);
      const named = [...mentions.keys()].map(reasonByName).filter((reason): reason is CallbackReason => reason !== undefined);
      const isClient = named.some(({ name }) => CLIENT_CLOSE.data.includes(name));
      if (!isClient || !mayHold(CLIENT_CLOSED, release)) continue;
      // `LWS_CALLBACK_CLOSED` itself is a server's; any other reason of a server makes it a callback for both.
      const isServer = named.some(({ side, name }) => side === "server" && name !== CLOSED.name);
      const wrong = mentions.get(CLOSED.name)?.find(({ inMacro }) => !inMacro);
      if (wrong && !isServer && !mentions.has(CLIENT_CLOSED.name)) {
        if (isIdle(entry, wrong)) continue;
        const when = holds(CLIENT_CLOSED, release) ? "" : ` from libwebsockets ${CLIENT_CLOSED.since} on`;
        report({
          ...at(wrong),
          message: `a client's connection never gets ${code(CLOSED.name)}${when}: its end is ${code(CLIENT_CLOSED.name)}`,
          help: `handle ${code(CLIENT_CLOSED.name)}`,
          reasons: [CLOSED.name],
          related: registration(entry),
          fixes: holds(CLIENT_CLOSED, release) ? [{ kind: "suggestion", title: `Handle ${code(CLIENT_CLOSED.name)}`, edits: [{ file: wrong.file, span: wrong.span, newText: CLIENT_CLOSED.name }] }] : [],
        });
        continue;
      }
      const again = mentions.has(CLIENT_CLOSED.name) && !mentions.has(FAILED.name) ? reconnects(program, entry) : undefined;
      const closed = again && mentions.get(CLIENT_CLOSED.name)!.find(({ inMacro }) => !inMacro);
      if (again && closed) {
        report({
          ...at(closed),
          message: `connecting again on ${code(CLIENT_CLOSED.name)} alone: a connection that cannot be made gets ${code(FAILED.name)} instead, and nothing connects again then`,
          help: `handle ${code(FAILED.name)} as well`,
          reasons: [CLIENT_CLOSED.name],
          related: [{ ...locate(again.context.node, again.call), message: `${code(`${again.call.name}()`)} is called to connect again` }, ...registration(entry)],
        });
      }
    }
  },
});

/** A `case` of the callback's own function that does nothing: then nothing is missed. */
function isIdle(entry: LwsEntryPoint, { file, span }: Mention): boolean {
  const { node } = entry;
  const isOwn = file === node.file.path && node.facts.span.start <= span.start && span.end <= node.facts.span.end;
  return isOwn && !handledReasons(entry).has(CLOSED);
}

const at = ({ file, span }: Mention): Pick<Mention, "file" | "span"> => ({ file, span });

/** A call that connects, or has something called later, when the connection has closed. */
function reconnects(program: Program, entry: LwsEntryPoint): Reached | undefined {
  for (const role of ["opensConnection", "schedules"] as const) {
    const found = program.libraryCallsFrom(entry).find((one) =>
      rolesOf(one.call.name!)[role] !== undefined && !one.uncertain && isFinite(one.selected) && hasNumber(one.selected, CLIENT_CLOSED.number));
    if (found) return found;
  }
  return undefined;
}
