/** The engine on what no compiler accepts: it never throws, and never names a place outside a file. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Analyzer, type Analysis } from "../src/analyzer.js";

const analyzer = await Analyzer.create();
const corpus = readdirSync("fixtures", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".c"))
  .map((name) => readFileSync(`fixtures/${name}`));

function run(bytes: Uint8Array): Analysis {
  const session = analyzer.start();
  session.add({ path: "t.c", content: bytes });
  return session.finish();
}

function expectInside(analysis: Analysis): void {
  const length = analysis.source("t.c")?.text.length ?? 0;
  const places = analysis.diagnostics.flatMap((d) => [d.span, ...d.related.map((r) => r.span), ...d.fixes.flatMap((f) => f.edits.map((e) => e.span))]);
  for (const { start, end } of places) {
    expect(start).toBeGreaterThanOrEqual(0);
    expect(end).toBeGreaterThanOrEqual(start);
    expect(end).toBeLessThanOrEqual(length);
  }
}

/** A fixture with a few bytes cut out, doubled, swapped or replaced. */
const mutilated = fc
  .tuple(
    fc.nat({ max: corpus.length - 1 }),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 60 }), fc.constantFrom("cut", "double", "noise", "brace", "directive"), fc.uint8Array({ maxLength: 6 })), { minLength: 1, maxLength: 6 }),
  )
  .map(([index, wounds]) => {
    let bytes = Buffer.from(corpus[index]!);
    for (const [where, length, kind, noise] of wounds) {
      const at = where % (bytes.length + 1);
      const end = Math.min(bytes.length, at + length);
      const middle =
        kind === "cut" ? Buffer.alloc(0)
        : kind === "double" ? Buffer.concat([bytes.subarray(at, end), bytes.subarray(at, end)])
        : kind === "brace" ? Buffer.from("}{(\"'/*"[length % 7]!)
        : kind === "directive" ? Buffer.from(["\n#if X\n", "\n#else\n", "\n#endif\n", "\n#define Y(z) {\n"][length % 4]!)
        : Buffer.from(noise);
      bytes = Buffer.concat([bytes.subarray(0, at), middle, bytes.subarray(end)]);
    }
    return new Uint8Array(bytes);
  });

describe("no input breaks the engine", () => {
  test("mutilated C", () => {
    fc.assert(fc.property(mutilated, (bytes) => expectInside(run(bytes))), { numRuns: 150 });
  });

  test("byte soup with a trace of the library", () => {
    const soup = fc.array(fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.constantFrom("lws_", "(", ")", "{", "}", "case ", "switch", "\n#if ", "\n#endif\n", ";", "\"", "lws_close_free_wsi(wsi, 0, 0);").map((t) => new TextEncoder().encode(t))), { maxLength: 60 })
      .map((parts) => new Uint8Array(Buffer.concat([Buffer.from("lws_"), ...parts])));
    fc.assert(fc.property(soup, (bytes) => expectInside(run(bytes))), { numRuns: 150 });
  });

  test("the order of files changes nothing", () => {
    const results = [corpus, [...corpus].reverse()].map((files) => {
      const session = analyzer.start();
      for (const content of files) session.add({ path: `${corpus.indexOf(content)}.c`, content });
      return session.finish().diagnostics;
    });
    expect(results[1]).toEqual(results[0]);
  });
});
