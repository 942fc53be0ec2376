import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

import { defaultLevel } from "../src/linter/rule.js";
import { analyze, analyzer, only } from "./fixture-runner.js";
import { project, run } from "./host/harness.js";
import { compile, installedRelease } from "./lws-api/header.js";

const RULES = "docs/rules";
const pages = readdirSync(RULES).filter((file) => file.endsWith(".md")).sort();

test("every rule has a page and every page a rule", () => {
  expect(pages).toEqual(analyzer.rules.map(({ id }) => `${id}.md`).sort());
});

/** What these rules report, a compiler refuses as well. */
const NEVER_COMPILES = new Set(["no-unknown-timeout-reason", "no-removed-api", "no-private-struct-access", "no-ss-stale-constant"]);

interface Block { readonly kind: "bad" | "good"; readonly line: number; readonly text: string }

const blocksOf = (page: string): Block[] =>
  [...page.matchAll(/^```c (bad|good)\n([\s\S]*?)^```$/gm)].map((match) => ({
    kind: match[1] as Block["kind"],
    line: page.slice(0, match.index).split("\n").length,
    text: match[2]!,
  }));

const SECTIONS = ["What it does", "Why is this bad?", "Example", "How to fix it", "What it does not see", "When not to use it", "Releases"];

describe.each(pages.map((file) => [file]))("%s", (file) => {
  const id = path.basename(file, ".md");
  const page = readFileSync(path.join(RULES, file), "utf8");
  const blocks = blocksOf(page);
  const rule = analyzer.rules.find((one) => one.id === id);

  test("has the sections every page has, and says what the rule says of itself", () => {
    expect(page.startsWith(`# ${id}\n`)).toBe(true);
    expect([...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(SECTIONS);
    expect(page).toContain(`| ${rule!.category} | ${defaultLevel(rule!)} | `);
    expect(page).toContain(`| ${rule!.since} |`);
  });

  test("has a bad example and a good one", () => {
    expect(blocks.some(({ kind }) => kind === "bad")).toBe(true);
    expect(blocks.some(({ kind }) => kind === "good")).toBe(true);
  });

  test.each(blocks.map((block) => [block.kind, block.line, block] as const))("%s example of line %i", (kind, line, block) => {
    // A bad example is about its rule; a good one is good.
    const analysis = analyze({ path: `${id}-${line}.c`, content: block.text }, { rules: kind === "bad" ? only(id) : { [id]: "error" } });
    expect(analysis.diagnostics.map(({ ruleId }) => ruleId)).toEqual(kind === "bad" ? [id] : []);
    expect(analysis.stats.incompleteFunctions).toEqual([]);
    if (installedRelease === undefined) return;
    if (NEVER_COMPILES.has(id)) expect(compile(block.text, ["-Wno-unused"]) === "").toBe(kind === "good");
    else expect(compile(block.text, ["-Wno-unused"])).toBe("");
  });
});

test.each(["README.md", "bench/README.md", "docs/ci.md", "docs/cli.md", "docs/closing-connections.md", "docs/threads-and-loops.md", "docs/versions.md", ...pages.map((file) => `${RULES}/${file}`)])("links of %s lead somewhere", (file) => {
  for (const [, target] of readFileSync(file, "utf8").matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g))
    expect(existsSync(path.join(path.dirname(file), target!)), target).toBe(true);
});

test.each(["docs/closing-connections.md", "docs/threads-and-loops.md", "docs/versions.md"])("%s is found from the pages of rules", (file) => {
  expect(pages.some((page) => readFileSync(path.join(RULES, page), "utf8").includes(`../${path.basename(file)}`))).toBe(true);
});

describe("README.md", () => {
  const readme = readFileSync("README.md", "utf8");

  test("shows a finding as it is printed", async () => {
    const p = project({
      "src/chat.c": '#include <libwebsockets.h>\n\nvoid drop(struct lws *wsi)\n{\n\tlwsl_user("bye\\n");\n\tlws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);\n}\n',
      "src/main.c": `#include <libwebsockets.h>

void drop(struct lws *wsi);

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_RECEIVE && len == 0)
		drop(wsi);
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "chat", on_event, 0, 0 },
	{ 0, 0, 0, 0 }
};
`,
    });
    const { stdout } = await run(["src"], { cwd: p.root, analyzer });
    const [shown] = /(?<=^```text\n)src\/main\.c:[\s\S]*?(?=^```$)/mu.exec(readme)!;
    expect(stdout.slice(0, shown.length)).toBe(shown);
    expect(stdout.slice(shown.length)).toMatch(/^\n1 error in 2 files/u);
  });

  test("counts mistakes as the benchmark does", () => {
    const page = readFileSync("bench/README.md", "utf8");
    const measured = [...page.matchAll(/^\| (\S[^|]*?) \| ([\d.]+) \| \*\*(\d+)\*\* of (\d+) \|/gmu)].map(([, name, release, found, all]) => `| ${name} ${release} | ${found} of ${all} |`);
    expect(measured).toHaveLength(4);
    for (const row of measured) expect(readme.replaceAll("`", "").includes(row), row).toBe(true);
  });
});
