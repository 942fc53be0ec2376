/**
 * The right way to close a connection at a given place, as a fix. Which one it is depends on what the place is reached for: measured
 * on five releases, the callback's own connection is closed by a nonzero return where that is honoured, by an asynchronous kill elsewhere,
 * and needs nothing where it is closing already.
 */
import type { Fix, TextEdit } from "../diagnostics/diagnostic.js";
import type { CallFact, CallSite } from "../analysis/facts.js";
import type { FunctionNode } from "../analysis/call-graph.js";
import type { SourceFile } from "../source/source-file.js";
import { KILL_ASYNC, closeTimeoutReason, isPublic, returnCloses, type ReleaseRange } from "./api/index.js";
import { returnsToLibrary } from "./entry-points.js";
import { hasDirective, removeStatement, replaceStatement } from "./edits.js";
import type { Ownership, Program, Reached } from "./program.js";
import { uniqueReasons } from "./reached.js";
import { code } from "./wording.js";

export interface CloseRequest {
  readonly node: FunctionNode;
  /** The call, as different configurations and paths see it. */
  readonly variants: readonly CallFact[];
  /** Everything that reaches the call, with whose connection is closed. */
  readonly reached: readonly { readonly reached: Reached; readonly ownership: Ownership }[];
  /** Source text of the connection; `undefined` where it cannot be spelled. */
  readonly wsi: string | undefined;
  /** Source text of a constant close status that should be kept. */
  readonly status?: string;
}

/**
 * Asynchronous kill of a connection, spelled out: the short macro closes the wrong connection in 4.1. `undefined` where a release in question knows
 * no such kill.
 */
export function killAsync(wsi: string, release: ReleaseRange): string | undefined {
  const reason = closeTimeoutReason(release);
  return reason === undefined ? undefined : `lws_set_timeout(${wsi}, ${reason}, ${KILL_ASYNC.name})`;
}

/** How to close another connection than the callback's own, as a help says it. */
export function closeHelp(release: ReleaseRange): string {
  const kill = killAsync("wsi", release);
  return kill === undefined ? `a flag that makes its callback ${code("return -1")}` : code(kill);
}

export function closeFix(program: Program, request: CloseRequest): Fix | undefined {
  const { node, variants, reached } = request;
  const call = variants[0];
  const source = program.sourceOf(node.file.path);
  if (!source || !call || node.facts.isMacro || node.facts.incomplete || !call.site.isStatement || call.viaMacro) return undefined;
  const { site } = call;
  if (hasDirective(source, site.statement)) return undefined;
  const replace = (lines: readonly string[]): TextEdit => replaceStatement(source, site.statement, lines, site.needsBraces);

  const own = reached.filter(({ ownership }) => ownership === "own");
  const reasons = uniqueReasons(own.map((one) => one.reached));
  if (reasons.some((reason) => reason.wsi === "fake" || reason.wsi === "listen")) return undefined;
  const allOwn = own.length > 0 && own.length === reached.length;
  const inCallbackItself = allOwn && own.every(({ reached: one }) => one.entry.node === node && returnsToLibrary(one.entry));
  const release = program.releaseFor({ name: call.name ?? "", node });

  if (inCallbackItself && reasons.length > 0 && reasons.every((reason) => reason.dying)) {
    return { kind: "safe", title: "Remove the call: the connection is closing already", edits: [replace([])] };
  }

  if (inCallbackItself && reasons.length > 0 && !node.facts.returnsVoid && reasons.every((reason) => returnCloses(reason, release))) {
    const keepsStatus = isPublic("lws_close_reason", release) && request.status !== undefined && request.wsi !== undefined && reasons.every((reason) => reason.isWebSocket);
    const lines = keepsStatus ? [`lws_close_reason(${request.wsi}, ${request.status}, ${node.file.language === "cpp" ? "nullptr" : "NULL"}, 0);`, "return -1;"] : ["return -1;"];
    const title = keepsStatus ? "Note the close status and return -1" : "Return -1: libwebsockets closes the connection";
    // Only where nothing else would have happened before the return, in any configuration.
    if (variants.every((variant) => variant.site.leadsToReturn)) {
      return { kind: "safe", title, edits: [replace(lines), ...leftover(source, site)] };
    }
    // What follows would no longer run.
    if (reasons.some((reason) => reason.asyncKillLost)) return { kind: "suggestion", title, edits: [replace(lines)] };
  }

  if (request.wsi === undefined || reasons.some((reason) => reason.asyncKillLost)) return undefined;
  const kill = killAsync(request.wsi, release);
  return kill === undefined ? undefined : { kind: "safe", title: `Let the event loop close it: ${KILL_ASYNC.name}`, edits: [replace([`${kill};`])] };
}

/** A `return` or `break` that directly follows a statement which now returns by itself. One behind a directive stays: other configurations need it. */
export function leftover(source: SourceFile, site: CallSite): readonly TextEdit[] {
  const { next, statement } = site;
  if ((next?.kind !== "return" && next?.kind !== "break") || hasDirective(source, { start: statement.end, end: next.span.end })) return [];
  return [removeStatement(source, next.span)];
}
