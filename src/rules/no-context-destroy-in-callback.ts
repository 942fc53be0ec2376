import type { Fix } from "../diagnostics/diagnostic.js";
import { defineRule } from "../linter/rule.js";
import { DESTROY_IN_CALLBACK, holds, isInternal, isOneRelease, isPublic, minorOf, returnCloses, rolesOf, type CallbackReason, type ReleaseRange } from "../lws/api/index.js";
import { leftover } from "../lws/close-fix.js";
import { hasDirective, replaceStatement } from "../lws/edits.js";
import { returnsToLibrary } from "../lws/entry-points.js";
import { findExitFlag } from "../lws/exit-flag.js";
import type { ApiCall, Program, Reached } from "../lws/program.js";
import { isCertain } from "../lws/reached.js";
import { code, entryPhrase, evidence, groupByEntry, locate, nameReasons, otherWays, reasonsIn, steps, type ReachedGroup } from "../lws/wording.js";
import { isAll } from "../analysis/value-set.js";
import { optionsOf } from "../analysis/value.js";

/**
 * Reports `lws_context_destroy()` that a protocol callback, timer or Secure Streams handler can reach. Silent for a context that was created
 * in the same activation (it is not the one being serviced), where the last reference is dropped, and in the child of a fork.
 */
export default defineRule({
  id: "no-context-destroy-in-callback",
  category: "correctness",
  summary: "destruction of the context inside a callback",
  fixes: ["suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.callsWith("destroysContext")) {
      // Calling the internal one is a mistake anywhere, and reported as that.
      if (isInternal(api.name, program.releaseFor(api))) continue;
      const reached = api.reached.filter((one) => isCertain(one) && !isFresh(one));
      for (const group of groupByEntry(reached, telling)) {
        const { shown, entry } = group;
        const first = steps(shown)[0]!;
        const every = isAll(group.selected);
        const reasons = entry.kind === "protocol" ? [...reasonsIn(group.selected)].sort((a, b) => telling(a) - telling(b)) : [];
        const where = entry.kind === "protocol" ? `on ${nameReasons(reasons, every)}` : `in ${entryPhrase(entry)}`;
        report({
          ...locate(first.node, first.call),
          message: `${code(`${api.name}()`)} is reached ${where}: ${consequence(program.releaseFor(api))}`,
          help: `set the flag that the service loop tests,${wakeHelp(program, api)} and destroy the context after the loop`,
          reasons: reasons.map((reason) => reason.name),
          related: [...evidence(shown, `${code(`${api.name}()`)} is called`), ...otherWays(group)],
          fixes: fixesFor(program, api, group),
        });
      }
    }
  },
});

/** What happens then; it differs by release. */
function consequence(release: ReleaseRange): string {
  const known = isOneRelease(release) ? DESTROY_IN_CALLBACK.find((one) => holds(one, release)) : undefined;
  return known === undefined ? "the context is destroyed under the event loop that is calling back" : `libwebsockets ${minorOf(release.from)} ${known.effect}`;
}

/** The call that wakes the loop, in the spelling of the call that destroys; 1.2 and before have none. */
function wakeCall(program: Program, api: ApiCall): string | undefined {
  const name = api.name.startsWith("libwebsocket_") ? "libwebsocket_cancel_service" : "lws_cancel_service";
  return isPublic(name, program.releaseFor(api)) ? name : undefined;
}

function wakeHelp(program: Program, api: ApiCall): string {
  const wake = wakeCall(program, api);
  return wake === undefined ? "" : ` wake the loop with ${code(`${wake}()`)},`;
}

/** WSI_DESTROY is the classic; then the reasons in which a connection dies. */
const telling = (reason: CallbackReason): number => (reason.name === "LWS_CALLBACK_WSI_DESTROY" ? 0 : reason.dying ? 1 : 2);

function isFresh(reached: Reached): boolean {
  const role = rolesOf(reached.call.name ?? "").destroysContext;
  const context = role && reached.args[role.context];
  return context !== undefined && optionsOf(context).some((option) => option.kind === "result" && rolesOf(option.callee).createsContext !== undefined);
}

function fixesFor(program: Program, api: ApiCall, { entry, selected }: ReachedGroup): readonly Fix[] {
  const { node, call } = api;
  const source = program.sourceOf(node.file.path);
  // In a helper the same line may be right for another caller.
  if (!source || entry.node !== node || !call.site.isStatement || call.viaMacro || node.facts.incomplete || hasDirective(source, call.site.statement)) return [];
  const { site } = call;
  const role = rolesOf(api.name).destroysContext;
  const contextSpan = role && call.args[role.context]?.span;
  const context = contextSpan && program.text(node.file.path, contextSpan);
  const flag = findExitFlag(program, node, call);
  if (flag && context) {
    const wake = wakeCall(program, api);
    const lines = [`${flag.name} = ${flag.leaveValue};`, ...(wake === undefined ? [] : [`${wake}(${context});`])];
    return [{
      kind: "suggestion",
      title: `Set ${code(flag.name)}, which the service loop tests${wake === undefined ? "" : ", and wake the loop"}`,
      edits: [replaceStatement(source, site.statement, lines, site.needsBraces)],
    }];
  }
  const closesHere = returnsToLibrary(entry) && !node.facts.returnsVoid && reasonsIn(selected).every((reason) => returnCloses(reason, program.releaseFor(api)));
  if (!closesHere || !api.variants.every((variant) => variant.site.leadsToReturn)) return [];
  return [{
    kind: "suggestion",
    title: "Close only this connection: return -1",
    edits: [replaceStatement(source, site.statement, ["return -1;"], site.needsBraces), ...leftover(source, site)],
  }];
}
