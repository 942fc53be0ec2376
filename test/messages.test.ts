/** The form of what is said to people is itself held by a test. */
import { expect, test } from "vitest";

import { apiFunction, constantValue } from "../src/lws/api/index.js";
import { analyze, analyzer, fixtureFiles, loadFixture } from "./fixture-runner.js";

const findings = fixtureFiles().map(loadFixture).flatMap((fixture) => {
  const analysis = analyze({ path: fixture.path, content: fixture.bytes }, fixture.options);
  return analysis.diagnostics.map((diagnostic) => ({ fixture, diagnostic }));
});

const texts = findings.flatMap(({ fixture, diagnostic: d }) =>
  [d.message, d.help, ...d.related.map(({ message }) => message), ...d.fixes.map(({ title }) => title)].map((text) => ({ text, at: `${fixture.path}: ${d.ruleId}: ${text}` })),
);

test("every rule speaks in some fixture", () => {
  expect(new Set(findings.map(({ diagnostic }) => diagnostic.ruleId))).toEqual(new Set(analyzer.rules.map(({ id }) => id)));
});

test("no text ends with a full stop, is empty, spans lines or repeats a space", () => {
  for (const { text, at } of texts) {
    expect(text, at).not.toBe("");
    expect(text, at).not.toMatch(/\.$/);
    expect(text, at).not.toMatch(/[\r\n]| {2}/);
    expect(text, at).not.toMatch(/undefined|\[object|NaN/);
  }
});

test("back quotes come in pairs", () => {
  for (const { text, at } of texts) expect((text.match(/`/g) ?? []).length % 2, at).toBe(0);
});

test("messages are short enough to be read", () => {
  for (const { text, at } of texts) expect(text.length, at).toBeLessThan(400);
});

test("names of the library stand in back quotes", () => {
  for (const { text, at } of texts) {
    const bare = text.replaceAll(/`[^`]*`/g, "");
    // `LWS_TO_KILL_ASYNC` after the colon of a title is the replacement itself.
    const names = (bare.match(/\b(?:__)?(?:lws|LWS|PENDING|libwebsocket)_\w+/g) ?? []).filter((name) => !bare.endsWith(": LWS_TO_KILL_ASYNC") || name !== "LWS_TO_KILL_ASYNC");
    expect(names, at).toEqual([]);
  }
});

test("help and fix titles are imperative: they begin with a verb, not with a name or an article", () => {
  const other = /^(?:the|a|an|you|it|this|these|to|`)\b/i;
  for (const { diagnostic: d } of findings) {
    expect(d.help, d.help).not.toMatch(other);
    for (const { title } of d.fixes) expect(title, title).not.toMatch(other);
    for (const { title } of d.fixes) expect(title[0], title).toBe(title[0]!.toUpperCase());
  }
});

test("no remedy names what does not exist, or what closes the wrong connection in 4.1", () => {
  for (const { fixture, diagnostic: d } of findings) {
    const remedies = [d.help, ...d.fixes.flatMap(({ title, edits }) => [title, ...edits.map(({ newText }) => newText)])];
    for (const remedy of remedies) {
      expect(remedy, fixture.path).not.toMatch(/\blws_wsi_close\b|\blws_close_free_wsi\b|USER_WSI_CLOSE/);
      for (const [name] of remedy.matchAll(/\b(?:lws_\w+(?=\()|LWS_(?:TO|CALLBACK)_\w+|(?:NO_)?PENDING_TIMEOUT\w*)/g))
        expect(apiFunction(name) !== undefined || constantValue(name) !== undefined, `${fixture.path}: ${name}`).toBe(true);
    }
  }
});

test("the primary place is one line of the file, and so is every note", () => {
  for (const { fixture, diagnostic: d } of findings)
    for (const place of [d, ...d.related]) {
      expect(place.span.end, d.message).toBeGreaterThan(place.span.start);
      expect(place.span.end, d.message).toBeLessThanOrEqual(fixture.text.length);
    }
});

test("a message that names one of its few reasons names them all, or its notes do where one line leads to two places", () => {
  for (const { diagnostic: d } of findings)
    if (d.reasons.length <= 3 && d.reasons.some((reason) => d.message.includes(`\`${reason}\``)))
      for (const reason of d.reasons) expect([d.message, ...d.related.map(({ message }) => message)].join("; ")).toContain(reason);
});
