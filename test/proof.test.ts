import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

import { prove, release, rulesWithProof, WITHOUT_PROOF } from "../proof/run.js";
import { analyze, analyzer } from "./fixture-runner.js";

const version = release();
if (version === undefined) console.log("SKIPPED: gcc or libwebsockets-dev missing");

test("every rule has a program that misbehaves", () => {
  expect([...rulesWithProof(), ...WITHOUT_PROOF].sort()).toEqual(analyzer.rules.map(({ id }) => id).sort());
});

test.each(WITHOUT_PROOF.map((rule) => [rule] as const))("%s: its page says why no program shows it, and names a line of the source", (rule) => {
  const page = readFileSync(`docs/rules/${rule}.md`, "utf8");
  expect(page).toContain("no program of this repository shows it");
  expect(page).toMatch(/lib\/[\w/.-]+\.[ch]|include\/libwebsockets\/[\w*-]+\.h|ISO C|README\.\w+\.md/);
});

test.each(rulesWithProof().map((rule) => [rule] as const))("%s: exactly this is reported, and nothing in the twin", (rule) => {
  const found = (name: string): string[] =>
    analyze({ path: `proof/${rule}/${name}`, content: readFileSync(`proof/${rule}/${name}`) }).diagnostics.map(({ ruleId }) => ruleId);
  expect(found("bad.c")).toEqual([rule]);
  if (existsSync(`proof/${rule}/good.c`)) expect(found("good.c")).toEqual([]);
});

test.skipIf(version === undefined).each(rulesWithProof().map((rule) => [rule] as const))("%s: misbehaves before the fix and not after it", async (rule) => {
  const proof = await prove(rule);
  expect(proof.before, `${rule} before, libwebsockets ${version}`).toMatchObject({ clean: false });
  expect(proof.after, `${rule} after ${proof.fixedWith}, libwebsockets ${version}`).toEqual({ clean: true, text: "clean" });
  expect(proof.fixedWith).not.toBe("nothing");
});
