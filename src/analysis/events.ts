/**
 * Events of C++ frameworks: a method is handed to a registering function nobody shows, together with a field
 * (`ofAddListener(x.onclose, this, &Client::onClose)`), and a notifying one is called with the same field (`ofNotifyEvent(y->onclose, args)`). The
 * name of the field is what ties the two.
 */
import type { CallGraph, FunctionNode } from "./call-graph.js";
import type { CallFact } from "./facts.js";
import { optionsOf, type Value } from "./value.js";

const REGISTERS = /add|listen|subscribe|register|connect|attach|observe|bind/i;
const UNREGISTERS = /remove|unsub|unregister|disconnect|detach|unbind|stop/i;
const NOTIFIES = /notify|emit|fire|trigger|dispatch|raise|signal|publish|broadcast|invoke/i;
/** More listeners than this: the name says nothing about any one event. */
const MAX_LISTENERS = 4;

export class EventTargets {
  /** By field; `undefined` where there are too many. */
  readonly #listeners = new Map<string, Set<FunctionNode>>();

  constructor(readonly graph: CallGraph) {
    for (const node of graph.nodes) {
      if (node.file.language !== "cpp") continue;
      for (const call of node.facts.calls) {
        if (call.name === undefined || call.args.length < 2 || !REGISTERS.test(call.name) || UNREGISTERS.test(call.name) || graph.isOwn(node, call)) continue;
        const fields = call.args.flatMap(({ value }) => this.#fieldOf(node, value));
        const methods = call.args.flatMap(({ value }) => graph.functionsOf(node.file, value)).filter((found) => graph.classes.ownerOf(found));
        if (fields.length !== 1 || methods.length !== 1) continue;
        const known = this.#listeners.get(fields[0]!);
        if (known) known.add(methods[0]!);
        else this.#listeners.set(fields[0]!, new Set(methods));
      }
    }
  }

  /** The methods that a call of a notifying function nobody shows calls. */
  notifiedBy(caller: FunctionNode, call: CallFact): readonly FunctionNode[] {
    if (this.#listeners.size === 0 || call.name === undefined || !NOTIFIES.test(call.name) || this.graph.isOwn(caller, call)) return [];
    const [first] = call.args;
    const found = first ? this.#fieldOf(caller, first.value).flatMap((field) => [...(this.#listeners.get(field) ?? [])]) : [];
    return found.length <= MAX_LISTENERS ? found : [];
  }

  #fieldOf(node: FunctionNode, value: Value): readonly string[] {
    return optionsOf(value).flatMap((option) => {
      const place = option.kind === "address" ? option.of : option;
      if (place.kind !== "field") return [];
      // A name alone in a method may be no field at all.
      const owner = place.memberOf === undefined ? undefined : this.graph.classes.ownerOf(node);
      return place.memberOf === undefined || (owner && this.graph.classes.hasField(owner, place.field)) ? [place.field] : [];
    });
  }
}
