/** The facts of an edited file are those of a file read for the first time; what an edit leaves alone is not analyzed again. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { FileFacts } from "../../src/analysis/facts.js";
import { changeBetween, isSameMoved, moved } from "../../src/analysis/moved.js";
import { UnitMemory } from "../../src/analysis/unit-memory.js";
import { analyzeFile } from "../../src/engine/local-phase.js";
import { initSyntax } from "../../src/syntax/index.js";
import { edit, edited } from "../edits.js";

beforeAll(() => initSyntax());

const corpus = readdirSync("fixtures", { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(?:c|cpp|h|inc)$/.test(name))
  .sort()
  .map((name) => [name, readFileSync(`fixtures/${name}`, "utf8")] as const);

describe("with a memory", () => {
  test.each(["c", "cpp"])("facts after random edits are those of the text: %s", (language) => {
    const files = corpus.filter(([name]) => (language === "cpp") === name.endsWith("cpp"));
    fc.assert(
      fc.property(fc.nat({ max: files.length - 1 }), fc.array(edit, { minLength: 2, maxLength: 6 }), (which, edits) => {
        const [path, original] = files[which]!;
        const memory = new UnitMemory();
        let text = original;
        expect(analyzeFile(path, text, { memory })).toEqual(analyzeFile(path, text));
        for (const one of edits) {
          // Taken back every other time, as a person types.
          for (const next of [edited(text, one), one.which % 2 === 0 ? text : edited(text, one)]) {
            expect(analyzeFile(path, next, { memory })).toEqual(analyzeFile(path, next));
            text = next;
          }
        }
      }),
      { numRuns: Number(process.env["RUNS"] ?? 20) },
    );
  });
});

const SOURCE = `#include <libwebsockets.h>
static const int limit = 3;
static int first(struct lws *wsi) { return lws_callback_on_writable(wsi); }
static int second(struct lws *wsi) { int n = limit; return lws_write(wsi, 0, n, LWS_WRITE_TEXT); }
static int third(struct lws *wsi) { lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, 10); return 0; }
`;

const facts = (text: string, memory: UnitMemory): FileFacts => {
  const result = analyzeFile("a.c", text, { memory });
  if (result.kind !== "analyzed") throw new Error(result.kind);
  return result.facts;
};

/** Of the functions of a second version, whether each was taken over as it stands, moved, or analyzed again: told by values that moving does not copy. */
function isReused(before: FileFacts, after: FileFacts): readonly boolean[] {
  return after.functions.map((fn, i) => fn.calls.length > 0 && fn.calls.every((call, n) => {
    const { configurations } = before.functions[i]!.calls[n] ?? {};
    return call.configurations === configurations;
  }));
}

test("only what an edit may change is analyzed again", () => {
  const after = (from: string, to: string): readonly boolean[] => {
    const memory = new UnitMemory();
    const before = facts(SOURCE, memory);
    return isReused(before, facts(SOURCE.replace(from, to), memory));
  };
  expect(after("lws_write(wsi, 0", "lws_write(wsi, 1")).toEqual([true, false, true]);
  expect(after("static int first", "\n\nstatic int first")).toEqual([true, true, true]);
  // `limit` is a constant to the second function alone, as long as nothing changes it.
  expect(after("limit = 3", "limit = 4")).toEqual([true, false, true]);
  expect(after("{ lws_set_timeout", "{ limit++; lws_set_timeout")).toEqual([true, false, false]);
  expect(after("#include <libwebsockets.h>\n", "#include <libwebsockets.h>\n#define lws_write other\n")).toEqual([true, false, true]);
});

test("offsets move with the text behind a change", () => {
  const change = changeBetween("abc def", "abc x def");
  expect(change).toEqual({ start: 4, end: 4, shift: 2 });
  const value = { span: { start: 0, end: 7 }, value: 4, list: [{ site: 5 }], before: [1, 6], type: "struct @5", other: "a @5" };
  expect(moved(value, change)).toEqual({ span: { start: 0, end: 9 }, value: 4, list: [{ site: 7 }], before: [1, 8], type: "struct @7", other: "a @5" });
  const syntax = { kind: "call", args: [{ kind: "name", span: { start: 5, end: 7 } }], span: { start: 0, end: 7 } };
  expect(isSameMoved(syntax, moved(syntax, change), change)).toBe(true);
  expect(isSameMoved(syntax, syntax, change)).toBe(false);
  expect(isSameMoved(syntax, { ...moved(syntax, change), more: 1 }, change)).toBe(false);
  const inFront = { span: { start: 0, end: 3 }, site: 2 };
  expect(moved(inFront, change)).toBe(inFront);
});

test("alternatives stay in the order of their keys", () => {
  const site = (start: number): object => ({ kind: "result", callee: "f", args: [], site: start });
  const change = { start: 3, end: 3, shift: 1 };
  expect(moved({ kind: "any", options: [site(5), site(9)] }, change)).toEqual({ kind: "any", options: [site(10), site(6)] });
});
