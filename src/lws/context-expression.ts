/** Finds how the context can be spelled at a place, from what is declared there; nothing is invented. */
import type { FunctionNode } from "../analysis/call-graph.js";
import type { CallFact, HandleFact } from "../analysis/facts.js";
import type { Program } from "./program.js";

/**
 * The nearest expression of type `struct lws_context *`; `undefined` where there is none or more than one that is equally near. What hangs on the
 * same variable as the call's first argument is nearest: `a->context` beside `a->wsi`.
 */
export function contextAt(program: Program, { file, facts }: FunctionNode, call: CallFact): string | undefined {
  const visible = file.handles.filter(({ declared, within }) => declared <= call.span.start && (within === undefined || within.start === facts.span.start));
  const argument = call.args[0] && /^\w+/.exec(program.text(file.path, call.args[0].span))?.[0];
  const shadowed = (handle: HandleFact): boolean => handle.within === undefined && visible.some((other) => other.within !== undefined && other.root === handle.root);
  const ranked = [
    visible.filter(({ root }) => root === argument),
    visible.filter(({ within }) => within !== undefined),
    visible.filter((handle) => handle.within === undefined && !shadowed(handle)),
  ];
  for (const candidates of ranked) {
    const texts = [...new Set(candidates.map(({ text }) => text))];
    if (texts.length > 0) return texts.length === 1 ? texts[0] : undefined;
  }
  return undefined;
}
