import { defineRule } from "../linter/rule.js";
import { NO_DISCONNECT_IN, STREAM_DISCONNECT, STREAM_DONT_SEND, STREAM_OK, STREAM_RETURNS, mayHold, type Handler } from "../lws/api/index.js";
import type { LwsEntryPoint } from "../lws/entry-points.js";
import { returnedBy, type Returned } from "../lws/returned.js";
import type { Program } from "../lws/program.js";
import { fillsIn, handlerOf, returnName, TX_LENGTH } from "../lws/streams.js";
import { code, list, registration } from "../lws/wording.js";
import * as Sets from "../analysis/value-set.js";

/** Reports what a handler of a Secure Stream returns and what the library takes for something else. Silent for values nobody knows, and for a tx handler that does nothing. */
export default defineRule({
  id: "valid-ss-return",
  category: "correctness",
  summary: "a handler of a Secure Stream that returns what means something else",
  fixes: [],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const entry of file.entries) {
      const handler = handlerOf(entry);
      if (handler === undefined || !entry.registration) continue;
      for (const returned of returnedBy(program, entry)) {
        const wrong = wrongIn(program, handler, returned) ?? (handler === "tx" && isOk(returned) && !fillsIn(entry, TX_LENGTH) && !isEmpty(entry) ? SENDS_ALL : undefined);
        if (wrong === undefined) continue;
        report({
          file: returned.context.node.file.path,
          span: returned.fact.span,
          message: wrong,
          help: `return ${list(STREAM_RETURNS.filter(({ by }) => by.includes(handler)).map(({ name }) => code(name)), "or")}`,
          related: registration(entry),
        });
      }
    }
  },
});

const SENDS_ALL = `the tx handler says that there is something to send and never writes the length: the whole buffer is sent, whatever is in it`;

/** A handler that does nothing at all is there because the structure has the member: such a stream never asks to send. */
const isEmpty = ({ node: { facts } }: LwsEntryPoint): boolean => facts.calls.length === 0 && facts.stores.length === 0 && facts.returns.length === 1;

const isOk = ({ value }: Returned): boolean => returnName(value) === STREAM_OK;

/** What is wrong with a returned value. */
function wrongIn(program: Program, handler: Handler, { value, fact, context, entry }: Returned): string | undefined {
  const name = returnName(value);
  if (value.kind === "number" && name === undefined) return `${code(String(value.value))} is nothing that a handler of a Secure Stream can return`;
  if (handler === "rx" && value.kind === "param" && value.index > 0) return `the rx handler returns how much it has taken: anything but ${code(STREAM_OK)} disconnects the stream`;
  if (name === STREAM_DONT_SEND && handler !== "tx") {
    const what = value.kind === "number" ? `${code(String(value.value))} is ${code(name)}` : code(name);
    return `${what}${value.kind === "number" ? ", which" : ""} is for the tx handler alone: ${handler === "rx" ? "from the rx handler it disconnects the stream" : "from the state handler it means nothing"}`;
  }
  const state = entry.node.facts.params.findIndex(({ type }) => type.includes('constate'));
  const set = context.node === entry.node ? fact.guard.find(({ param }) => param === state)?.set : undefined;
  const isConnected = handler === "state" && set !== undefined && Sets.single(set) === NO_DISCONNECT_IN.name;
  if (name === STREAM_DISCONNECT && isConnected && mayHold(NO_DISCONNECT_IN, program.releaseOf(context.node.file))) return `${code(name)} on ${code(NO_DISCONNECT_IN.name)} fails an assertion of the library from ${NO_DISCONNECT_IN.since} on`;
  return undefined;
}
