/** How the connections end that a callback serves, and whether it takes note of that. */
import { admit, argumentsOf, entryContext, type Context } from "../analysis/contexts.js";
import type { CallFact } from "../analysis/facts.js";
import { substitute, type Value } from "../analysis/value.js";
import * as Sets from "../analysis/value-set.js";
import { LIFECYCLES, apiFunction, mayHold, reasonByName, rolesOf, type CallbackReason, type Lifecycle, type ReleaseRange } from "./api/index.js";
import type { LwsEntryPoint } from "./entry-points.js";
import type { Program } from "./program.js";
import { reasonsIn } from "./reasons.js";

const named = (names: readonly string[]): readonly CallbackReason[] => names.flatMap((name) => reasonByName(`LWS_CALLBACK_${name}`) ?? []);

/** The kinds of connection that have one of the reasons. */
export const lifecyclesOf = (reasons: readonly CallbackReason[]): readonly Lifecycle[] =>
  LIFECYCLES.filter((one) => named(one.reasons).some((reason) => reasons.includes(reason)));

/** The reasons in which such a connection ends, in the releases in question. */
export function endsOf(one: Lifecycle, release: ReleaseRange): { readonly ends: readonly CallbackReason[]; readonly alternatives: readonly CallbackReason[] } {
  const older = one.before && mayHold(one.before, release) ? one.before.ends : [];
  return { ends: named(one.ends), alternatives: named([...one.alternatives, ...older]) };
}

/** The reasons that a callback tells from others: those that stand in a `case` or a comparison. */
export function distinguishedReasons({ node, selector }: LwsEntryPoint): readonly CallbackReason[] {
  const { calls, stores, returns, loops, accesses } = node.facts;
  const found = new Set<CallbackReason>();
  for (const { guard } of [...calls, ...stores, ...returns, ...loops, ...accesses]) {
    const set = guard.find(({ param }) => param === selector)?.set;
    if (set && Sets.isFinite(set)) for (const reason of reasonsIn(set)) found.add(reason);
  }
  return [...found];
}

/** The reasons that a callback tells from others, itself or in what it hands them to: those that stand in a `case` or a comparison. */
export function servedReasons(program: Program, entry: LwsEntryPoint): readonly CallbackReason[] {
  const found = new Set<CallbackReason>();
  for (const { node, args } of program.contextsFrom(entry)) {
    const { calls, stores, returns, loops, accesses } = node.facts;
    for (const { guard } of [...calls, ...stores, ...returns, ...loops, ...accesses]) {
      for (const { param, set } of guard) {
        const passed = args[param];
        if (passed?.kind !== "param" || passed.index !== entry.selector || !Sets.isFinite(set)) continue;
        for (const reason of reasonsIn(set)) found.add(reason);
      }
    }
  }
  return [...found];
}

/**
 * Whether a callback does something for a reason that the rest of the program could notice: it stores something, or calls something that is not
 * known to do nothing of the kind. Logging and calls on the connection itself are not noticed.
 */
export function notices(program: Program, entry: LwsEntryPoint, reason: CallbackReason): boolean {
  return acts(program, { ...entryContext(entry), selected: Sets.ofNumber(reason.number) }, 0);
}

const MAX_DEPTH = 5;

function acts(program: Program, context: Context, depth: number): boolean {
  const { facts } = context.node;
  if (facts.incomplete || depth > MAX_DEPTH) return true;
  if (facts.stores.some(({ target, guard }) => !isLocal(target) && admit(guard, context))) return true;
  return facts.calls.some((call) => {
    const selected = admit(call.guard, context);
    if (!selected) return false;
    if (call.uncertain || call.destroys === "deleted" || call.destroys === "replaced") return true;
    const args = call.args.map((arg) => substitute(arg.value, context.args));
    const targets = program.graph.targetsOf(context.node, call, call.target && substitute(call.target, context.args), undefined, args);
    if (targets.length === 0) return call.destroys !== "scope" && !isIdle(call);
    return targets.some(({ node, bound }) => acts(program, { ...context, node, selected, args: argumentsOf(context, call, node, bound), via: { caller: context, call } }, depth + 1));
  });
}

const isLocal = (target: Value): boolean =>
  target.kind === "local" || ((target.kind === "field" || target.kind === "element" || target.kind === "deref" || target.kind === "offset") && isLocal(target.base));

const IDLE_LIBRARY = /^_?lws(?:l_|_log|_hexdump|_get_|_hdr_|_wsi_user$|_wsi_tag$|_ss_tag$|_snprintf$|_strncpy$|_write$|_callback_on_writable$|_callback_http_dummy$|_set_timeout$|_set_timer_usecs$|_close_reason$|_protocol_vh_priv_get$|_context_user$|_vhost_user$)/;
const IDLE_NAME = /^(?:\w*_)?(?:v?[fs]?n?printf|f?puts|putchar|fflush|perror|strerror|strlen|str[n]?cmp|time|log\w*|debug\w*|dbg\w*|trace\w*|print\w*|syslog)$|^g_(?:print\w*|message|warning|debug)$/i;

/** Whether a function that is not at hand leaves the program as it was, as far as its name tells. */
function isIdle({ name, receiver }: CallFact): boolean {
  if (name === undefined || receiver) return false;
  return apiFunction(name) !== undefined || /^_?lws/.test(name) ? IDLE_LIBRARY.test(name) : rolesOf(name).blocks === true || IDLE_NAME.test(name);
}
