/** C++: objects that are called like functions, where one is handed on instead of a function: `std::thread(worker)`, `std::ref(worker)`. */
import type { CallGraph, FunctionNode } from "./call-graph.js";
import type { TypeRef } from "./type-ref.js";
import type { Value } from "./value.js";

/** Give what they are given, or something that stands for it. */
const PASSES_ON = /^(?:ref|cref|move|forward|function|bind|bind_front|decay_copy)$/;

/** The argument that the result of a call stands for, such as that of `std::bind(f, …)`. */
export const passedOn = (value: Value): Value | undefined => (value.kind === "result" && PASSES_ON.test(value.callee) ? value.args[0] : undefined);

/** The call operators of an object's class; none for what is no object, and where nobody tells its class. */
export function callOperators(graph: CallGraph, node: FunctionNode, value: Value): readonly FunctionNode[] {
  if (node.file.language !== "cpp") return [];
  const ref = refOf(node, value);
  const type = ref && graph.classes.typeOf(ref, graph.placeOf(node), graph.classes.ownerOf(node));
  // A pointer cannot be called.
  if (type === undefined || (/\*\s*$/.test(type) && value.kind !== "deref")) return [];
  const found = graph.classes.named(type, graph.placeOf(node));
  return found ? graph.classes.method(found, "operator()") : [];
}

/** Where a value's class is told. */
function refOf(node: FunctionNode, value: Value): TypeRef | undefined {
  const { facts } = node;
  switch (value.kind) {
    case "local": return { kind: "named", name: value.type };
    // `Worker(x)`
    case "result": return value.callee === "" ? undefined : { kind: "call", name: value.callee };
    case "entity": return { kind: "name", name: value.name };
    case "param": {
      const param = facts.params[value.index];
      if (param) return param.pointer === 0 ? { kind: "named", name: param.type } : undefined;
      return value.index === facts.params.length && facts.className !== undefined ? { kind: "this" } : undefined;
    }
    case "field": {
      const of = refOf(node, value.base);
      return of && { kind: "field", of, field: value.field };
    }
    case "element": case "deref": {
      const of = refOf(node, value.base);
      return of?.kind === "this" ? of : of && { kind: "element", of };
    }
    default: return undefined;
  }
}
