import { defineRule } from "../linter/rule.js";
import type { Argument } from "../analysis/facts.js";
import type { FunctionNode } from "../analysis/call-graph.js";
import { optionsOf, type Value } from "../analysis/value.js";
import { rolesOf } from "../lws/api/index.js";
import { closeFix, closeHelp } from "../lws/close-fix.js";
import type { ApiCall, Program, Reached } from "../lws/program.js";
import { isCertain, uniqueReasons } from "../lws/reached.js";
import { code, evidence, groupByEntry, locate } from "../lws/wording.js";

/**
 * Reports `close()` of the descriptor that `lws_get_socket_fd()` gave, wherever it happens: the library goes on polling it. Silent in the child
 * of a fork, where the descriptor is a copy. `shutdown()` is seen by the library and harmless.
 */
export default defineRule({
  id: "no-socket-close",
  category: "correctness",
  summary: "closing the socket of a connection behind the library's back",
  fixes: ["safe", "suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("closesDescriptor")) {
      const role = rolesOf(api.name).closesDescriptor!;
      const local = api.variants.find((call) => call.assumes.length === 0 && socketIn(program, call.args[role.fd]?.value, api.node));
      const reached = api.reached.filter((one) => isCertain(one) && socketIn(program, one.args[role.fd], one.context.node));
      if (!local && reached.length === 0) continue;
      const group = groupByEntry(reached)[0];
      const call = local ?? api.call;
      const reasons = uniqueReasons(reached);
      const uses = api.node.facts.isMacro ? program.usesOfMacro(api.node) : [{ node: api.node, call }];
      for (const use of uses) {
        report({
          ...locate(use.node, use.call),
          message: `${code(`${api.name}()`)} closes a socket that belongs to libwebsockets: no closing callback comes, and the event loop spins on the dead descriptor`,
          help: `close the connection instead: ${code("return -1")} in its callback, ${closeHelp(program.releaseOf(use.node.file))} elsewhere`,
          reasons: isLimited(reached) ? reasons.map((reason) => reason.name) : [],
          related: [
            ...(group ? evidence(group.shown, "closed").filter((related) => related.span.start !== use.call.span.start) : []),
            ...origin(program, api.node, call.args[role.fd]),
          ],
          fixes: fixesFor(program, api, reached, call.args[role.fd]),
        });
      }
    }
  },
});

const isLimited = (reached: readonly Reached[]): boolean =>
  reached.length > 0 && reached.every((one) => one.selected.ranges.every(([low, high]) => low !== null && high !== null));

/** The `lws_get_socket_fd()` result a descriptor is, directly or as all that is ever kept in a field. */
function socketIn(program: Program, value: Value | undefined, node: FunctionNode): Extract<Value, { kind: "result" }> | undefined {
  for (const option of value ? optionsOf(program.expand(value, node.file)) : []) {
    if (option.kind === "result" && rolesOf(option.callee).socketOf) return option;
    if (option.kind !== "field") continue;
    const stored = program.storesTo(option.field).map(({ store }) => store.value).filter((kept) => kept.kind !== "number");
    const sockets = stored.map((kept) => (kept.kind === "result" && rolesOf(kept.callee).socketOf ? kept : undefined));
    if (sockets.length > 0 && sockets.every((socket) => socket !== undefined)) return sockets[0];
  }
  return undefined;
}

function origin(program: Program, node: FunctionNode, fd: Argument | undefined): { file: string; span: { start: number; end: number }; message: string }[] {
  const socket = socketIn(program, fd?.value, node);
  const source = socket && program.callAt(node, socket.site);
  if (!socket || !source || (fd && fd.span.start <= source.span.start && source.span.end <= fd.span.end)) return [];
  return [{ ...locate(node, source), message: `${code(`${socket.callee}()`)} gives the library's own descriptor` }];
}

function fixesFor(program: Program, api: ApiCall, reached: readonly Reached[], fd: Argument | undefined): NonNullable<ReturnType<typeof closeFix>>[] {
  const socket = fd && socketIn(program, fd.value, api.node);
  const source = socket && fd.value.kind === "result" ? program.callAt(api.node, socket.site) : undefined;
  const argument = source && rolesOf(source.name ?? "").socketOf;
  const wsi = argument && source.args[argument.wsi];
  if (!wsi) return [];
  // The descriptor may be closed on a connection that another variable names by now: only plain names and fields are spelled again.
  const text = program.text(api.node.file.path, wsi.span);
  const fix = closeFix(program, {
    node: api.node,
    variants: api.variants,
    reached: reached.map((one) => {
      const value = one.args[rolesOf(api.name).closesDescriptor!.fd];
      const connection = value && socketIn(program, value, one.context.node)?.args[0];
      return { reached: one, ownership: program.ownership(connection ?? { kind: "unknown" }, one) };
    }),
    wsi: /^[\w.>-]+$/.test(text) ? text : undefined,
  });
  return fix ? [fix] : [];
}
