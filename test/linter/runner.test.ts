import { describe, expect, test } from "vitest";

import { defineRule, type Rule } from "../../src/linter/rule.js";
import { runRules } from "../../src/linter/runner.js";
import { Program } from "../../src/lws/program.js";
import { rules } from "../../src/rules/index.js";

const program = new Program([], () => undefined, { callbacks: [] });
const at = (id: string, start: number, end: number, yieldsTo?: readonly string[]): Rule =>
  defineRule({
    id, category: "correctness", summary: id, fixes: [], since: "0.1.0", ...(yieldsTo && { yieldsTo }),
    check: (_, report) => report({ file: "a.c", span: { start, end }, message: id, help: "do it" }),
  });
const found = (list: readonly Rule[], levels = {}): string[] => runRules(list, program, levels).map(({ ruleId }) => ruleId);

describe("one bug, one report", () => {
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
