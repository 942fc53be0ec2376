import type { Span } from "../source/span.js";
import type { NameExpr } from "./ast.js";

/** A C++ type where it is used like a function: `std::thread` without template arguments, the qualification apart. */
export function typeAsName(type: string, span: Span): NameExpr {
  const plain = type.replace(/<.*$/s, "").trim();
  const at = plain.lastIndexOf("::");
  return { kind: "name", name: plain.slice(at < 0 ? 0 : at + 2), ...(at >= 0 && { qualifier: plain.slice(0, at) }), span };
}
