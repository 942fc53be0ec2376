/** A project that is edited says what a fresh run over the same files says. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Analyzer, type Analysis } from "../src/analyzer.js";

const analyzer = await Analyzer.create();
const corpus = readdirSync("fixtures", { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(?:c|cpp|h)$/.test(name))
  .slice(0, 60)
  .map((name) => [name, readFileSync(`fixtures/${name}`, "utf8")] as const);

const told = ({ diagnostics, suppressed, problems, stats }: Analysis): unknown => ({ diagnostics, suppressed, problems, stats });

function fresh(files: ReadonlyMap<string, string>): unknown {
  const run = analyzer.start();
  for (const path of [...files.keys()].sort()) run.add({ path, content: files.get(path)! });
  return told(run.finish());
}

const change = fc.record({
  file: fc.nat({ max: corpus.length - 1 }),
  from: fc.nat({ max: 20_000 }),
  length: fc.nat({ max: 30 }),
  text: fc.constantFrom("", "x", "}", "{", "/*", "*/", "\n#if A\n", "\n#endif\n", "lws_close_free_wsi(wsi, 0, 0);", "static "),
  removes: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

test("after random edits, files that go and files that come back", () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const files = new Map(corpus.filter((_, i) => i % 6 === 0 || changes.some(({ file }) => file === i)));
      const project = analyzer.project();
      for (const [path, text] of files) project.update(path, text);
      for (const { file, from, length, text, removes } of changes) {
        const [path, original] = corpus[file]!;
        if (removes) {
          files.delete(path);
          project.remove(path);
        } else {
          const before = files.get(path) ?? original;
          const at = from % (before.length + 1);
          const after = before.slice(0, at) + text + before.slice(at + length);
          files.set(path, after);
          project.update(path, after);
        }
        expect(told(project.analyze())).toEqual(fresh(files));
      }
    }),
    { numRuns: 12 },
  );
});

test("bytes that were changed in place are read again", () => {
  const bytes = readFileSync("fixtures/no-sync-kill/before-3.2.c");
  const project = analyzer.project();
  project.update("a.c", bytes);
  const before = project.analyze().diagnostics.length;
  bytes.fill(" ");
  project.update("a.c", bytes);
  expect(before).toBeGreaterThan(0);
  expect(project.analyze().diagnostics).toEqual([]);
});
