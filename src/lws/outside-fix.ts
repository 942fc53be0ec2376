/** What a thread or a signal handler can do instead: wake the loop, and leave the work to it. */
import type { Fix } from "../diagnostics/diagnostic.js";
import { hasOldName, holds, reasonByName, rolesOf, type ReleaseRange } from "./api/index.js";
import { contextAt } from "./context-expression.js";
import { hasDirective, replaceStatement } from "./edits.js";
import { findExitFlag } from "./exit-flag.js";
import type { Program, Reached } from "./program.js";
import { code } from "./wording.js";

/** Called in the loop's thread after it was woken. */
export const WAKE_REASON = "LWS_CALLBACK_EVENT_WAIT_CANCELLED";

/** Whether the releases in question tell the callback that the loop was woken. */
export const knowsWakeReason = (release: ReleaseRange): boolean => holds({ since: reasonByName(WAKE_REASON)!.since }, release);

/** The function that wakes the loop, by the name it has beside the one that is called. */
export const wakeName = (beside: string): string => (hasOldName(beside) ? "libwebsocket_cancel_service" : "lws_cancel_service");

/**
 * For a statement of the entry function itself: in a helper the same line may be right for another caller. A destroy becomes the exit flag of the
 * service loop; other work in a thread becomes the wake-up alone, and has to be written into the callback by hand.
 */
export function handOver(program: Program, { entry, context: { node }, call }: Reached): readonly Fix[] {
  const source = program.sourceOf(node.file.path);
  const { site } = call;
  const isOwn = entry.node === node && program.graph.callersOf(node).length === 0;
  if (!source || !isOwn || !site.isStatement || call.viaMacro || node.facts.incomplete || hasDirective(source, site.statement)) return [];
  const destroys = rolesOf(call.name!).destroysContext;
  const spelled = destroys && call.args[destroys.context];
  const context = spelled ? program.text(node.file.path, spelled.span) : contextAt(program, node, call);
  if (context === undefined || !/^[\w.\->]+$/.test(context)) return [];
  const wake = `${wakeName(call.name!)}(${context});`;
  const replace = (title: string, lines: readonly string[]): readonly Fix[] => [{ kind: "suggestion", title, edits: [replaceStatement(source, site.statement, lines, site.needsBraces)] }];
  if (destroys) {
    const flag = findExitFlag(program, node, call);
    if (!flag) return [];
    const isSet = node.facts.stores.some(({ target, value }) => target.kind === "entity" && target.name === flag.name && value.kind === "number" && value.value === flag.leaveValue);
    // A signal can come before there is a context.
    const lines = [...(isSet ? [] : [`${flag.name} = ${flag.leaveValue};`]), entry.kind === "signal" ? `if (${context}) ${wake}` : wake];
    return replace(`Set ${code(flag.name)}, which the service loop tests, and wake the loop`, lines);
  }
  if (entry.kind === "signal" || !knowsWakeReason(program.releaseFor({ name: call.name!, node }))) return [];
  return replace(`Wake the loop instead, and do this on ${code(WAKE_REASON)}`, [wake]);
}
