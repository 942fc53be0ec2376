/** C++: objects that are made in a callback with what it was called for, and that something keeps: `session = new Session(wsi)`. */
import type { Caller, FunctionNode } from "../analysis/call-graph.js";
import type { Context } from "../analysis/contexts.js";
import { optionsOf, substitute, type Value } from "../analysis/value.js";

/** Methods of smart pointers and containers that keep what they are given. */
const KEEPS = /^(?:reset|push(?:_back|_front)?|emplace(?:_back|_front)?|try_emplace|insert(?:_or_assign)?|append|add)$/;

/**
 * Where an object is made that outlives its maker, for a place that is a member of the object which a function constructs; `livesOn` tells of the places that the
 * object is put into.
 */
export function keptObjectOf(node: FunctionNode, target: Value, { via }: Context, livesOn: (place: Value) => boolean): Caller | undefined {
  const { className, name, params } = node.facts;
  if (!via || className?.split("::").at(-1) !== name || target.kind !== "field" || !isSelf(target.base, params.length)) return undefined;
  const { caller, call } = via;
  const { stores, calls } = caller.node.facts;
  const { start } = call.span;
  const isKept = (place: Value): boolean => livesOn(substitute(place, caller.args));
  const isPut = stores.some((store) => isMadeAt(store.value, start) && isKept(store.target)) ||
    calls.some(({ receiver, args }) => receiver !== undefined && KEEPS.test(receiver.field) && args.some(({ value }) => isMadeAt(value, start)) && isKept(receiver.value));
  return isPut ? { node: caller.node, call } : undefined;
}

const isSelf = (base: Value, self: number): boolean => base.kind === "param" && base.index === self;

/** Whether a value is what a call made, or a smart pointer to it. */
const isMadeAt = (value: Value, site: number): boolean =>
  optionsOf(value).some((option) => option.kind === "result" && (option.site === site || (/^(?:unique|shared|scoped)_ptr$/.test(option.callee) && option.args.some((arg) => isMadeAt(arg, site)))));
