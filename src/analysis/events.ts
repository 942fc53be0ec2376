/**
 * Events of C++ frameworks: a method is handed to a registering function nobody shows, together with a field
 * (`ofAddListener(x.onclose, this, &Client::onClose)`), and a notifying one is called with the same field (`ofNotifyEvent(y->onclose, args)`). The
 * name of the field is what ties the two.
 */
import type { CallGraph, FunctionNode } from "./call-graph.js";
import type { CallFact, FileFacts } from "./facts.js";
import { optionsOf, type Value } from "./value.js";

const REGISTERS = /add|listen|subscribe|register|connect|attach|observe|bind/i;
const UNREGISTERS = /remove|unsub|unregister|disconnect|detach|unbind|stop/i;
const NOTIFIES = /notify|emit|fire|trigger|dispatch|raise|signal|publish|broadcast|invoke/i;
/** More listeners than this: the name says nothing about any one event. */
const MAX_LISTENERS = 4;

interface Listening {
  readonly field: string;
  readonly method: FunctionNode;
}

/** What is registered in a file. */
function listeningsOf(file: FileFacts, graph: CallGraph): readonly Listening[] {
  if (file.language !== "cpp") return [];
  const found: Listening[] = [];
  for (const node of graph.nodesOf(file)) {
    for (const call of node.facts.calls) {
      if (call.name === undefined || call.args.length < 2 || !REGISTERS.test(call.name) || UNREGISTERS.test(call.name) || graph.isOwn(node, call)) continue;
      const fields = call.args.flatMap(({ value }) => fieldOf(graph, node, value));
      const methods = call.args.flatMap(({ value }) => graph.functionsOf(file, value)).filter((one) => graph.classes.ownerOf(one));
      if (fields.length === 1 && methods.length === 1) found.push({ field: fields[0]!, method: methods[0]! });
    }
  }
  return found;
}

function fieldOf(graph: CallGraph, node: FunctionNode, value: Value): readonly string[] {
  return optionsOf(value).flatMap((option) => {
    const place = option.kind === "address" ? option.of : option;
    if (place.kind !== "field") return [];
    // A name alone in a method may be no field at all.
    const owner = place.memberOf === undefined ? undefined : graph.classes.ownerOf(node);
    return place.memberOf === undefined || (owner && graph.classes.hasField(owner, place.field)) ? [place.field] : [];
  });
}

export class EventTargets {
  /** By field. */
  readonly #listeners = new Map<string, Set<FunctionNode>>();

  constructor(readonly graph: CallGraph) {
    for (const file of graph.files) {
      for (const { field, method } of graph.derived(listeningsOf, file)) {
        const known = this.#listeners.get(field);
        if (known) known.add(method);
        else this.#listeners.set(field, new Set([method]));
      }
    }
  }

  /** Whether the same methods listen to the same events. */
  isLike(other: EventTargets): boolean {
    return sameSets(this.#listeners, other.#listeners);
  }

  /** The methods that a call of a notifying function nobody shows calls. */
  notifiedBy(caller: FunctionNode, call: CallFact): readonly FunctionNode[] {
    if (this.#listeners.size === 0 || call.name === undefined || !NOTIFIES.test(call.name) || this.graph.isOwn(caller, call)) return [];
    const [first] = call.args;
    const found = first ? fieldOf(this.graph, caller, first.value).flatMap((field) => [...(this.#listeners.get(field) ?? [])]) : [];
    return found.length <= MAX_LISTENERS ? found : [];
  }
}

/** Whether two indexes hold the same, each set in the same order. */
export function sameSets<K, T>(a: ReadonlyMap<K, ReadonlySet<T>>, b: ReadonlyMap<K, ReadonlySet<T>>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, one] of a) {
    const other = b.get(key);
    if (other?.size !== one.size) return false;
    const values = other.values();
    for (const value of one) if (values.next().value !== value) return false;
  }
  return true;
}
