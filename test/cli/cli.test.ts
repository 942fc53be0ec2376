/** The command as a process of its own, with the engine itself. */
import { describe, expect, it } from "vitest";
import { execCli, project, spawnCli, type JsonOutput } from "../host/harness.js";

const PROGRAM = `#include <libwebsockets.h>

static int
callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_RECEIVE)
		lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
	return 0;
}

const struct lws_protocols protocols[] = { { "p", callback, 0, 0 }, { NULL, NULL, 0, 0 } };
`;
const FIXED = PROGRAM.replace("LWS_TO_KILL_SYNC", "LWS_TO_KILL_ASYNC");

describe("lws-lint", () => {
  it("finds, fixes, and is clean afterwards", async () => {
    const p = project({ "src/a.c": PROGRAM.replaceAll("\n", "\r\n") });
    const found = await execCli(["--format", "json"], { cwd: p.root });
    const output = JSON.parse(found.stdout) as JsonOutput;
    expect(output.findings).toMatchObject([
      { ruleId: "lws/no-sync-kill", severity: "error", file: "src/a.c", line: 7, column: 3 },
    ]);
    expect(output.summary).toMatchObject({ filesSeen: 1, filesAnalyzed: 1, errors: 1, warnings: 0, fixable: 1 });
    expect(found.code).toBe(1);

    const fixed = await execCli(["--fix"], { cwd: p.root });
    expect(fixed.stdout).toContain("Fixed: 1 fix applied.");
    expect(fixed.code).toBe(0);
    const lines = p.read("src/a.c").split("\r\n");
    expect(lines.toSpliced(6, 1)).toEqual(PROGRAM.split("\n").toSpliced(6, 1));
    expect(lines[6]).not.toContain("LWS_TO_KILL_SYNC");
    const again = await execCli(["--fix"], { cwd: p.root });
    expect(again.stdout).toMatch(/^No findings/u);
    expect(again.code).toBe(0);
  });

  it("reads standard input", async () => {
    const { stdout, code } = await execCli(["--stdin", "--stdin-filename", "x/y.c"], {
      cwd: project().root,
      stdin: PROGRAM,
    });
    expect(stdout).toMatch(/^x\/y\.c:7:3: error: .* \[lws\/no-sync-kill\]\n/u);
    expect(code).toBe(1);
  });

  it("takes levels and suppressions into account", async () => {
    const p = project({
      "a.c": PROGRAM,
      "b.c": PROGRAM.replace("SYNC);", "SYNC); // NOLINT(lws/no-sync-kill): tested"),
    });
    const { stdout, code } = await execCli(["--rule", "lws/no-sync-kill:warn", "--format", "json"], { cwd: p.root });
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [{ file: "a.c", severity: "warning" }],
      summary: { suppressed: 1 },
    });
    expect(code).toBe(0);
    expect((await execCli(["--rule", "no-sync-kill:1", "--max-warnings", "0"], { cwd: p.root })).code).toBe(1);
  });

  it("reports comments that suppress nothing on demand", async () => {
    const p = project({ "a.c": FIXED.replace("ASYNC);", "ASYNC); // NOLINT(lws/no-sync-kill)") });
    const { stdout } = await execCli(["--report-unused-suppressions", "--format", "json"], { cwd: p.root });
    expect((JSON.parse(stdout) as JsonOutput).findings).toMatchObject([
      { ruleId: "lws/unused-suppression", severity: "warning" },
    ]);
  });

  it("exits with 2 and says why for a wrong configuration", async () => {
    const p = project({ "lws-lint.config.json": '{ "rules": { "no-sync-kil": "off" } }', "a.c": PROGRAM });
    const { stdout, stderr, code } = await execCli([], { cwd: p.root });
    expect(stderr).toMatch(/lws-lint\.config\.json:1:14: .* Did you mean `no-sync-kill`\?/u);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it.each([
    [{}, [], false],
    [{ FORCE_COLOR: "1" }, [], true],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, [], true],
    [{ FORCE_COLOR: "0" }, [], false],
    [{ NO_COLOR: "1" }, ["--color"], true],
    [{ FORCE_COLOR: "1" }, ["--no-color"], false],
  ])("colors with %j and %j: %s", async (env, args, colored) => {
    const { stdout } = await execCli(args, { cwd: project({ "a.c": PROGRAM }).root, env });
    expect(stdout.includes("\u001b[")).toBe(colored);
  });

  it("survives a reader that goes away", async () => {
    const body = PROGRAM.split("\n").slice(5, 7).join("\n");
    const p = project({ "a.c": PROGRAM.replace(body, `${body}\n`.repeat(3000)) });
    const child = spawnCli(["--format", "json"], p.root);
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.once("data", () => child.stdout.destroy());
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).toBe("");
    expect(code).toBe(1);
  });
});
