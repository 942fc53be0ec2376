import { describe, expect, test } from "vitest";

import { analyzeFile } from "../../src/engine/local-phase.js";
import { defineRule, type Rule } from "../../src/linter/rule.js";
import { runRules } from "../../src/linter/runner.js";
import { Program } from "../../src/lws/program.js";
import { rules } from "../../src/rules/index.js";
import { analyze, lineOf } from "../fixture-runner.js";

const empty = analyzeFile("a.c", "#include <libwebsockets.h>\n");
const program = new Program(empty.kind === "analyzed" ? [empty.facts] : [], () => undefined, { callbacks: [] });
const at = (id: string, start: number, end: number, yieldsTo?: readonly string[]): Rule =>
  defineRule({
    id, category: "correctness", summary: id, fixes: [], since: "0.1.0", ...(yieldsTo && { yieldsTo }),
    check: (_, report) => report({ file: "a.c", span: { start, end }, message: id, help: "do it" }),
  });
const found = (list: readonly Rule[], levels = {}): string[] => runRules(list, program, levels).map(({ ruleId }) => ruleId);

/** A connection that is kept after its end, written to from another thread, without room for the header, and nobody looks at what comes of it. */
const FOUR_BUGS = `#include <libwebsockets.h>
#include <pthread.h>
static struct lws *kept;
static char text[64];
static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_CLIENT_ESTABLISHED)
		kept = wsi;
	return 0;
}
static const struct lws_protocols protocols[] = { { "p", callback, 0, 0 }, { NULL, NULL, 0, 0 } };
static void *worker(void *arg)
{
	lws_write(kept, (unsigned char *)text, 64, LWS_WRITE_TEXT);
	return NULL;
}
void run(struct lws_context *context)
{
	pthread_t thread;
	pthread_create(&thread, NULL, worker, (void *)protocols);
	while (lws_service(context, 0) >= 0)
		;
}
`;

describe("one bug, one report", () => {
  test("a line with four mistakes has one finding; what its repair leaves is found then, and two mistakes that have nothing to do with each other are two", () => {
    const onWrite = (off: Record<string, "off">): string[] => {
      const found = analyze({ path: "four.c", content: FOUR_BUGS }, { rules: off });
      return found.diagnostics.filter((one) => lineOf(found, one) === 14).map(({ ruleId }) => ruleId);
    };
    expect(onWrite({})).toEqual(["no-cross-thread-call"]);
    expect(onWrite({ "no-cross-thread-call": "off" })).toEqual(["no-ignored-write-result", "require-lws-pre"]);
    expect(onWrite({ "no-cross-thread-call": "off", "require-lws-pre": "off" })).toEqual(["no-ignored-write-result"]);
  });

  test("a rule is silent where one that it yields to has spoken", () => {
    expect(found([at("weak", 0, 10, ["strong"]), at("strong", 5, 20)])).toEqual(["strong"]);
    expect(found([at("weak", 0, 5, ["strong"]), at("strong", 5, 20)])).toEqual(["weak", "strong"]);
    expect(found([at("weak", 0, 10), at("strong", 5, 20)])).toEqual(["weak", "strong"]);
  });
  test("a rule that is off silences nobody", () => {
    expect(found([at("weak", 0, 10, ["strong"]), at("strong", 5, 20)], { strong: "off" })).toEqual(["weak"]);
  });
  test("rules yield to rules that exist, and never in a circle", () => {
    const byId = new Map(rules.map((rule) => [rule.id, rule]));
    const visit = (rule: Rule, path: readonly string[]): void => {
      expect(path).not.toContain(rule.id);
      for (const id of rule.yieldsTo ?? []) {
        expect(byId.has(id), `${rule.id} yields to ${id}`).toBe(true);
        visit(byId.get(id)!, [...path, rule.id]);
      }
    };
    for (const rule of rules) visit(rule, []);
  });
});
