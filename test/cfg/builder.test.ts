import { describe, expect, test } from "vitest";
import { buildCfg } from "../../src/cfg/builder.js";
import type { Cfg } from "../../src/cfg/cfg.js";
import { toDot } from "../../src/cfg/dot.js";
import { SourceFile } from "../../src/source/source-file.js";
import { initSyntax, parseUnit } from "../../src/syntax/index.js";

await initSyntax();

function cfgOf(body: string): { cfg: Cfg; text: string } {
  const text = `int f(int a, int b) {\n${body}\n}\n`;
  const unit = parseUnit(new SourceFile("t.c", text));
  return { cfg: buildCfg(unit.functions[0]!.variants[0]!.body), text };
}

/** Reachable blocks as `id: elements -> edges`, one a line. */
function shape(body: string): string[] {
  const { cfg, text } = cfgOf(body);
  const cut = (span: { start: number; end: number }): string => text.slice(span.start, span.end);
  const reachable = new Set([cfg.entry]);
  for (const block of reachable) for (const edge of block.successors) reachable.add(edge.to);
  return [...reachable].sort((x, y) => x.id - y.id).map((block) => {
    const elements = block.elements.map((element) =>
      element.kind === "call" || element.kind === "assign" || element.kind === "update" ? cut(element.expr.span)
      : element.kind === "declare" ? `int ${element.decl.name}` : element.kind === "return" ? cut(element.stmt.span) : element.kind);
    const edges = block.successors.map((edge) => {
      const label = edge.condition ? `${edge.kind} ${cut(edge.condition.span)}: ` : edge.labels ? `${edge.kind} ${edge.labels.map((l) => cut(l.value.span) + (l.high ? `...${cut(l.high.span)}` : "")).join(",")}: ` : "";
      return `${label}${edge.to === cfg.exit ? "exit" : edge.to.id}${edge.isBack ? " back" : ""}`;
    });
    return `${block === cfg.exit ? "exit" : block.id}: ${elements.join(" ; ")}${edges.length > 0 ? ` -> ${edges.join(" | ")}` : ""}`;
  });
}

describe("control-flow graphs", () => {
  test("if and else", () => {
    expect(shape("if (a) x(); else y(); z();")).toMatchInlineSnapshot(`
      [
        "0:  -> true a: 2 | false a: 1",
        "1: y() -> 3",
        "2: x() -> 3",
        "3: z() -> exit",
        "exit: ",
      ]
    `);
  });
  test("short circuit becomes edges", () => {
    expect(shape("if (a && !b || g()) x();")).toMatchInlineSnapshot(`
      [
        "0:  -> true a: 1 | false a: 2",
        "1:  -> true b: 2 | false b: 3",
        "2: g() -> true g(): 3 | false g(): 4",
        "3: x() -> 4",
        "4:  -> exit",
        "exit: ",
      ]
    `);
  });
  test("switch: fall-through, stacked labels, range, default in the middle", () => {
    expect(shape("switch (a) { case 1: case 2: x(); default: y(); break; case 5 ... 7: z(); }")).toMatchInlineSnapshot(`
      [
        "0:  -> case 1: 2 | case 2: 3 | case 5...7: 1 | default 1,2,5...7: 4",
        "1: z() -> 5",
        "2:  -> 3",
        "3: x() -> 4",
        "4: y() -> 5",
        "5:  -> exit",
        "exit: ",
      ]
    `);
  });
  test("switch without default goes past itself", () => {
    expect(shape("switch (a) { case 1: return 1; } x();")).toMatchInlineSnapshot(`
      [
        "0:  -> case 1: 2 | default 1: 1",
        "1: x() -> exit",
        "2: return 1; -> exit",
        "exit: ",
      ]
    `);
  });
  test("a label inside an inner block belongs to the outer switch", () => {
    expect(shape("switch (a) { case 1: { x(); case 2: y(); } }")).toMatchInlineSnapshot(`
      [
        "0:  -> case 1: 1 | case 2: 2 | default 1,2: 3",
        "1: x() -> 2",
        "2: y() -> 3",
        "3:  -> exit",
        "exit: ",
      ]
    `);
  });
  test("loops, break and continue", () => {
    expect(shape("while (a) { if (b) break; if (g()) continue; x(); } y();")).toMatchInlineSnapshot(`
      [
        "0:  -> 1",
        "1:  -> true a: 2 | false a: 7",
        "2:  -> true b: 6 | false b: 3",
        "3: g() -> true g(): 5 | false g(): 4",
        "4: x() -> 1 back",
        "5:  -> 1",
        "6:  -> 7",
        "7: y() -> exit",
        "exit: ",
      ]
    `);
    expect(shape("for (a = 0; a < b; a++) x();")).toMatchInlineSnapshot(`
      [
        "0: a = 0 -> 1",
        "1:  -> true a < b: 4 | false a < b: 2",
        "2:  -> exit",
        "exit: ",
        "4: x() -> 5",
        "5: a++ -> 1 back",
      ]
    `);
    expect(shape("do { x(); } while (0); y();")).toMatchInlineSnapshot(`
      [
        "0:  -> 1",
        "1: x() -> 2",
        "2:  -> true 0: 1 back | false 0: 3",
        "3: y() -> exit",
        "exit: ",
      ]
    `);
  });
  test("goto forward and backward; code after return is unreachable", () => {
    expect(shape("again: x(); if (a) goto out; goto again; out: return 0; z();")).toMatchInlineSnapshot(`
      [
        "0:  -> 1",
        "1: x() -> true a: 3 | false a: 2",
        "2:  -> 1",
        "3:  -> 4",
        "4: return 0; -> exit",
        "exit: ",
      ]
    `);
  });
  test("conditional operands with effects, comma, statement expression", () => {
    expect(shape("a ? x() : y(); b = (g(), h());")).toMatchInlineSnapshot(`
      [
        "0:  -> true a: 2 | false a: 1",
        "1: y() -> 3",
        "2: x() -> 3",
        "3: g() ; h() ; b = (g(), h()) -> exit",
        "exit: ",
      ]
    `);
    expect(shape("b = ({ x(); 1; }) && y();")).toMatchInlineSnapshot(`
      [
        "0: x() -> true ({ x(); 1; }): 1 | false ({ x(); 1; }): 2",
        "1: y() -> 2",
        "2: b = ({ x(); 1; }) && y() -> exit",
        "exit: ",
      ]
    `);
  });
  test("arguments are evaluated before the call", () => {
    expect(shape("f1(g(h(a)), b++);")).toMatchInlineSnapshot(`
      [
        "0: h(a) ; g(h(a)) ; b++ ; f1(g(h(a)), b++) -> exit",
        "exit: ",
      ]
    `);
  });
  test("the graph in DOT", () => {
    const { cfg, text } = cfgOf("if (a) return g(b);\nreturn 0;");
    expect(toDot(cfg, "f", (span) => text.slice(span.start, span.end))).toMatchInlineSnapshot(`
      "digraph "f" {
        node [shape=box, fontname=monospace];
        b0 [label="entry"];
        b0 -> b2 [label="true: a"];
        b0 -> b1 [label="false: a"];
        b1 [label="1\\nreturn 0;"];
        b1 -> b3 [label=""];
        b2 [label="2\\ncall g(b)\\nreturn g(b);"];
        b2 -> b3 [label=""];
        b3 [label="exit"];
        b4 [label="4"];
        b5 [label="5"];
        b5 -> b1 [label=""];
        b6 [label="6"];
        b7 [label="7"];
        b7 -> b3 [label=""];
        b8 [label="8"];
      }
      "
    `);
  });
  test("a chain of 20 000 statements and 3 000 nested blocks does not overflow the stack", () => {
    expect(cfgOf("x();".repeat(20_000)).cfg.blocks.length).toBeGreaterThan(0);
    expect(cfgOf(`${"{".repeat(500)}x();${"}".repeat(500)}`).cfg.blocks.length).toBeGreaterThan(0);
  });
});
