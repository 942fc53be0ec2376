/** The built plugin under ESLint's own command line. */
import { afterEach, expect, test } from "vitest";
import { Project } from "./project.js";

const config = `import lws from "eslint-plugin-lws";
export default [lws.configs.recommended];
`;

/** One finding, in line 6. */
const bad = (text = "", reason = "LWS_CALLBACK_RECEIVE"): string => `#include <libwebsockets.h>
/* ${text} */
int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == ${reason})
		lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	return 0;
}
static const struct lws_protocols protocols[] = { { "p", callback, 0, 0 }, { 0, 0, 0, 0 } };
`;
const finding = "6 lws/no-sync-kill";

let project: Project;
afterEach(() => project.dispose());

function create(files: Readonly<Record<string, string | Uint8Array>>): Project {
  project = new Project({ "eslint.config.js": config, ...files });
  return project;
}

test("npx eslint reports with the recommended configuration", () => {
  create({ "a.c": bad(), "ok.c": bad("", "LWS_CALLBACK_CLOSED"), "other.c": "int main(void) { return 0; }\n" });
  const { status, stdout } = project.run("npx", "--no-install", "eslint", ".");
  expect(stdout).toMatch(/a\.c\n\s+6:\d+\s+error\s+.*lws\/no-sync-kill/);
  expect(stdout).toMatch(/1 problem \(1 error, 0 warnings\)/);
  expect(status).toBe(1);
});

test("--fix applies safe fixes; trap 12: suggestions are offered, never applied", () => {
  create({ "a.c": bad(), "crlf.c": bad().replaceAll("\n", "\r\n"), "bom.c": `\uFEFF${bad("你好 👋")}` });
  expect(project.results(".").get("a.c")?.messages).toMatchObject([{ fix: { text: expect.any(String) } }]);
  expect(project.eslint("--fix", ".").status).toBe(0);
  const fixed = (text: string) => text.replace(/lws_set_timeout\(.*\);/u, "return -1;");
  expect(String(project.read("a.c"))).toBe(fixed(bad()));
  expect(String(project.read("crlf.c"))).toBe(fixed(bad().replaceAll("\n", "\r\n")));
  expect(String(project.read("bom.c"))).toBe(`\uFEFF${fixed(bad("你好 👋"))}`);
});

test("trap 5: --fix leaves every byte of a Latin-1 file as it is", () => {
  const latin1 = Buffer.from(bad("gr\u00FCn eslint") + "/* eslint-disable lws/no-sync-kill -- unused */\n", "latin1");
  create({ "latin1.c": latin1 });
  expect(project.findings("latin1.c", "--fix", "--report-unused-disable-directives", ".")).toEqual([finding]);
  expect(project.read("latin1.c").equals(latin1)).toBe(true);
  const disabled = Buffer.from(bad("gr\u00FCn").replace("\t\tlws_set", "\t\t/* eslint-disable-line lws/no-sync-kill -- ok */ lws_set"), "latin1");
  project.write({ "latin1.c": disabled });
  expect(project.findings("latin1.c", "--fix", ".")).toEqual([]);
});

test("disable comments, NOLINT and unused directives", () => {
  create({
    "block.c": `/* eslint-disable lws/no-sync-kill -- tested elsewhere */${bad()}`,
    "line.c": bad().replace("KILL_SYNC);", "KILL_SYNC); // eslint-disable-line lws/no-sync-kill"),
    "nolint.c": bad().replace("KILL_SYNC);", "KILL_SYNC); // NOLINT(lws/no-sync-kill)"),
    "inline.c": `/* eslint lws/no-sync-kill: "off" */${bad()}`,
    "unused.c": "/* eslint-disable lws/no-sync-kill */ int lws;\n",
  });
  const results = project.results("--report-unused-disable-directives", ".");
  for (const name of ["block.c", "line.c", "nolint.c", "inline.c"]) expect(results.get(name)?.messages, name).toEqual([]);
  expect(results.get("block.c")?.suppressedMessages).toMatchObject([{ suppressions: [{ justification: "tested elsewhere" }] }]);
  expect(results.get("unused.c")?.messages).toMatchObject([{ line: 1, message: expect.stringMatching(/^Unused eslint-disable directive/) }]);
  project.eslint("--fix", "--report-unused-disable-directives", ".");
  expect(String(project.read("unused.c"))).toBe("  int lws;\n");
});

test("--cache gives the same results from the cache", () => {
  create({ "a.c": bad(), "ok.c": "int lws;\n" });
  const first = project.findings("a.c", "--cache", ".");
  expect(String(project.read(".eslintcache"))).toContain("a.c");
  expect([first, project.findings("a.c", "--cache", ".")]).toEqual([[finding], [finding]]);
  project.write({ "a.c": "int lws;\n" });
  expect(project.findings("a.c", "--cache", ".")).toEqual([]);
});

test("trap 11: --concurrency gives the same results from workers with a plugin of their own", () => {
  const files = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i}.c`, i % 3 ? "int lws;\n" : bad()]));
  create(files);
  const strip = (results: Map<string, unknown>) => JSON.stringify([...results]);
  expect(strip(project.results("--concurrency", "3", "."))).toBe(strip(project.results(".")));
});

test("trap 7: JavaScript's rules without `files` do not bring a C file down", () => {
  const withJs = (js: string) => `import js from "@eslint/js";\n${config.replace("[", `[${js}, `)}`;
  create({ "a.c": bad(), "a.js": "debugger;\n", "eslint.config.js": withJs('{ files: ["**/*.js"], ...js.configs.recommended }') });
  expect(project.findings("a.c", ".")).toEqual([finding]);
  expect(project.findings("a.js", ".")).toEqual(["1 no-debugger"]);
  project.write({ "eslint.config.js": withJs("js.configs.recommended") });
  expect(project.findings("a.c", "a.c")).toEqual([finding]);
});

test("trap 8: the example configuration leaves the JavaScript of a C repository alone", () => {
  const ignoring = config.replace("[lws", '[{ ignores: ["**/*.{js,mjs,cjs}"] }, lws');
  create({ "a.c": bad(), "www/app.js": "not javascript(", "eslint.config.js": ignoring });
  expect([...project.results(".").keys()]).toEqual(["a.c"]);
});

test("trap 9: CommonJS configurations use import()", () => {
  create({ "a.c": bad(), "package.json": "{}" });
  project.run("rm", "eslint.config.js");
  project.write({
    "eslint.config.cjs": `module.exports = (async () => {
  const { default: lws } = await import("eslint-plugin-lws");
  return [lws.configs.recommended];
})();
`,
  });
  expect(project.findings("a.c", "a.c")).toEqual([finding]);
  project.write({ "eslint.config.cjs": 'module.exports = [require("eslint-plugin-lws").default.configs.recommended];\n' });
  const { status, stderr } = project.eslint("a.c");
  expect(status).toBe(2);
  expect(stderr).toMatch(/ERR_REQUIRE|top-level await|require\(\)/i);
});

test("defineConfig: the plugin under its name, extends, own levels and options", () => {
  create({
    "a.c": bad().replace("static const struct lws_protocols", "struct none"),
    "eslint.config.js": `import { defineConfig } from "eslint/config";
import lws from "eslint-plugin-lws";
export default defineConfig([
  {
    files: ["**/*.c"],
    plugins: { lws },
    extends: ["lws/recommended"],
    languageOptions: { callbacks: ["callback"], lwsVersion: "4.3" },
    rules: { "lws/no-sync-kill": "warn" },
  },
]);
`,
  });
  expect(project.results(".").get("a.c")).toMatchObject({ warningCount: 1, errorCount: 0 });
  expect(project.eslint("--print-config", "a.c").stdout).toContain('"language": "lws/c"');
  expect(project.eslint("--max-warnings", "0", ".").status).toBe(1);
});

test("wrong options end the run with an explanation", () => {
  const wrong = config.replace("recommended]", "recommended, { files: ['**/*.c'], languageOptions: { lwsVersion: 4.3 } }]");
  const { status, stderr } = create({ "a.c": "", "eslint.config.js": wrong }).eslint(".");
  expect(status).toBe(2);
  expect(stderr).toContain('"lwsVersion" must be a string such as "4.3" or "4.3.2", not 4.3.');
});
