import type { BasicBlock, Cfg, Edge, Element } from "./cfg.js";
import type { Span } from "../source/span.js";

/** The graph in Graphviz' DOT language, for debugging; `textOf` gives the source text of a span. */
export function toDot(cfg: Cfg, name: string, textOf: (span: Span) => string): string {
  const lines = [`digraph ${JSON.stringify(name)} {`, `  node [shape=box, fontname=monospace];`];
  for (const block of cfg.blocks) {
    lines.push(`  b${block.id} [label=${JSON.stringify(blockLabel(block, cfg, textOf))}];`);
    for (const edge of block.successors) {
      lines.push(`  b${block.id} -> b${edge.to.id} [label=${JSON.stringify(edgeLabel(edge, textOf))}];`);
    }
  }
  lines.push("}");
  return lines.join("\n") + "\n";
}

function blockLabel(block: BasicBlock, cfg: Cfg, textOf: (span: Span) => string): string {
  const title = block === cfg.entry ? "entry" : block === cfg.exit ? "exit" : `${block.id}`;
  return [title, ...block.elements.map((element) => elementLabel(element, textOf))].join("\n");
}

function elementLabel(element: Element, textOf: (span: Span) => string): string {
  switch (element.kind) {
    case "call": case "assign": case "update": return `${element.kind} ${textOf(element.expr.span)}`;
    case "declare": return `declare ${element.decl.name}`;
    case "delete": return textOf(element.span);
    case "return": return textOf(element.stmt.span);
    case "unread": return "unread";
  }
}

function edgeLabel(edge: Edge, textOf: (span: Span) => string): string {
  const back = edge.isBack ? " (back)" : "";
  switch (edge.kind) {
    case "true": case "false": return `${edge.kind}: ${edge.condition ? textOf(edge.condition.span) : ""}${back}`;
    case "case": return (edge.labels ?? []).map((label) => textOf(label.span)).join(" ") + back;
    default: return edge.kind === "next" ? back.trim() : edge.kind;
  }
}
