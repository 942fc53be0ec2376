import { defineRule } from "../linter/rule.js";
import { PRE, preName } from "../lws/api/index.js";
import { headroomsOf } from "../lws/buffers.js";
import { copyWithHeadroom } from "../lws/headroom-fix.js";
import { code, locate } from "../lws/wording.js";
import { giversOf, onlyReasons, reachedThrough, writesOf } from "../lws/writes.js";
import { kindsOf } from "../lws/written.js";

/**
 * Reports data that is sent as a WebSocket frame from a place with less than `LWS_PRE` bytes in front of it: the header of the frame is written
 * there. Silent for HTTP/1 and raw sockets, where nothing is put in front, for what the library itself gives, and for what cannot be told.
 */
export default defineRule({
  id: "require-lws-pre",
  category: "correctness",
  summary: "a WebSocket write from a buffer without room for the frame's header in front of the data",
  fixes: ["suggestion"],
  yieldsTo: ["no-cross-thread-call", "no-unsafe-signal-handler"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const { api, role } of writesOf(file)) {
      const told = new Set<string>();
      const pre = preName(program.releaseFor(api));
      for (const call of api.variants) {
        if (call.uncertain) continue;
        for (const given of giversOf(program, { node: api.node, call, args: call.args.map(({ value }) => value) }, role.buffer)) {
          if (given.call.uncertain || given.node.facts.isMacro) continue;
          const length = given.args[role.length];
          if (length?.kind === "number" && length.value === 0) continue;
          const kinds = kindsOf(api.name, given.args);
          const reasons = onlyReasons(reachedThrough(api, given));
          if (kinds?.includes("plain") || reasons?.some(isPlain)) continue;
          if (!kinds && !reasons?.every((reason) => reason.isWebSocket)) continue;
          const short = headroomsOf(program, given.node, given.args[role.buffer] ?? { kind: "unknown" }).find((room) => room !== undefined && room.bytes < PRE.used);
          const key = `${given.node.id}:${given.call.span.start}`;
          if (!short || told.has(key)) continue;
          told.add(key);
          const isHere = given.call === call;
          const harm = short.behind === undefined ? "the memory in front of it" : `the end of ${code(short.behind)} in front of it`;
          report({
            ...locate(given.node, given.call),
            message: `${code(`${api.name}()`)} sends from ${short.what}: the header of the frame overwrites ${harm}`,
            help: `keep ${code(pre)} bytes in front of the data: ${code(`unsigned char buf[${pre} + n]`)}, filled and written from ${code(`buf + ${pre}`)}`,
            related: isHere ? [] : [{ ...locate(api.node, call), message: `${code(`${api.name}()`)} sends it` }],
            fixes: isHere ? copyWithHeadroom(program, api, call, short) : [],
          });
        }
      }
    }
  },
});

/** On these connections nothing is put in front of the data. */
const isPlain = ({ name, isWebSocket }: { readonly name: string; readonly isWebSocket: boolean }): boolean => !isWebSocket && /_(?:HTTP|RAW|CGI|MQTT)/.test(name);
