/** A folder that is edited in every way says what it would say if it were opened as it is now. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Analysis } from "../../src/analyzer.js";
import { Program } from "../../src/lsp/program.js";
import { Session, type SessionHooks, type Snapshot } from "../../src/lsp/session.js";
import { project, realAnalyzer } from "../host/harness.js";
import { ASYNC, callback, helper, SYNC } from "./sources.js";

const analyzer = await realAnalyzer();
const NAMES = ["a.c", "sub/b.c", "sub/drop.c", "gen/c.c", "notes.txt"];
const CONTENTS = [callback("drop(wsi);"), callback(SYNC), callback(ASYNC), helper(SYNC), helper(ASYNC), "int main(void) { return 0; }\n", "", "\0lws_\0"];
const CONFIGS = ["{}", '{ "rules": { "no-sync-kill": "warn" } }', '{ "ignores": ["sub/b.c"] }', '{ "include": ["*.txt"] }', '{ "lwsVersion": "3.1" }', "{ nonsense"];

const file = fc.nat({ max: NAMES.length - 1 });
const content = fc.nat({ max: CONTENTS.length - 1 });
const operation = fc.oneof(
  fc.record({ kind: fc.constant("write" as const), file, content }),
  fc.record({ kind: fc.constant("remove" as const), file }),
  fc.record({ kind: fc.constant("buffer" as const), file, content }),
  fc.record({ kind: fc.constant("close" as const), file }),
  fc.record({ kind: fc.constant("config" as const), content: fc.nat({ max: CONFIGS.length - 1 }) }),
  fc.record({ kind: fc.constant("ignore" as const), content: fc.constantFrom("", "gen/\n", "*.c\n!a.c\n") }),
  fc.record({ kind: fc.constant("cmake" as const), version: fc.constantFrom("3.1", "4.3", "5.0") }),
  fc.record({ kind: fc.constant("drop" as const), folder: fc.constantFrom("sub", "gen") }),
);

const calm = { isStale: () => false };

const told = ({ diagnostics, problems, suppressed }: Analysis): unknown => ({ diagnostics, problems, suppressed });

test("after files, buffers, configuration, ignore files and build files have changed", { timeout: 240_000 }, async () => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "lws-lint-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 12 }), async (operations) => {
      rmSync(root, { recursive: true });
      mkdirSync(path.join(root, ".git"), { recursive: true });
      const program = new Program(analyzer, { root });
      const buffers = new Map<string, string>();
      let configIsGood = true;
      const write = (name: string, text: string): void => {
        mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
        writeFileSync(path.join(root, name), text);
        program.changedOnDisk(path.join(root, name), false);
      };
      for (const one of operations) {
        switch (one.kind) {
          case "write": write(NAMES[one.file]!, CONTENTS[one.content]!); break;
          case "remove":
            rmSync(path.join(root, NAMES[one.file]!), { force: true });
            program.changedOnDisk(path.join(root, NAMES[one.file]!), true);
            break;
          case "buffer":
            buffers.set(path.join(root, NAMES[one.file]!), CONTENTS[one.content]!);
            program.setBuffer(path.join(root, NAMES[one.file]!), CONTENTS[one.content]!);
            break;
          case "close":
            if (buffers.delete(path.join(root, NAMES[one.file]!))) program.closeBuffer(path.join(root, NAMES[one.file]!));
            break;
          case "config":
            write("lws-lint.config.json", CONFIGS[one.content]!);
            configIsGood = CONFIGS[one.content] !== "{ nonsense";
            break;
          case "ignore": write(".gitignore", one.content); break;
          case "cmake": write("CMakeLists.txt", `pkg_check_modules(LWS libwebsockets=${one.version})\n`); break;
          case "drop":
            rmSync(path.join(root, one.folder), { recursive: true, force: true });
            program.changedOnDisk(path.join(root, one.folder), true);
            break;
        }
        const now = await program.refresh(calm);
        const fresh = new Program(analyzer, { root });
        for (const [absolute, text] of buffers) fresh.setBuffer(absolute, text);
        const expected = await fresh.refresh(calm);
        expect(now?.configProblem?.message).toBe(expected?.configProblem?.message);
        // With a wrong configuration the last good one holds, which a new program does not know.
        if (configIsGood) expect(told(now!.analysis)).toEqual(told(expected!.analysis));
      }
    }),
    { numRuns: 100 },
  );
});

test("nothing is analysed again while nothing has changed", async () => {
  const p = project({ "a.c": callback(SYNC) });
  const program = new Program(analyzer, { root: p.root });
  const first = await program.refresh(calm);
  expect(await program.refresh(calm)).toBe(first);
  program.changedOnDisk(path.join(p.root, "a.c"), false);
  expect(await program.refresh(calm)).not.toBe(first);
  expect(first!.analysis.diagnostics).toHaveLength(1);
});

describe("a session", () => {
  const hooksOf = (more: Partial<SessionHooks> = {}): SessionHooks & { snapshots: Snapshot[]; failures: unknown[] } => {
    const snapshots: Snapshot[] = [];
    const failures: unknown[] = [];
    return { snapshots, failures, onSnapshot: (_, snapshot) => void snapshots.push(snapshot), onBusy: () => undefined, onFile: () => undefined, onFailure: (_, error) => void failures.push(error), ...more };
  };

  test("makes one snapshot for all who ask, and a new one for what changed meanwhile", async () => {
    const p = project({ "a.c": callback(SYNC) });
    const hooks = hooksOf();
    const session = new Session(new Program(analyzer, { root: p.root }), hooks);
    const [a, b] = await Promise.all([session.latest(), session.latest()]);
    expect(a).toBe(b);
    expect(hooks.snapshots).toEqual([a]);
    const early = session.latest();
    session.program.setBuffer(path.join(p.root, "a.c"), callback(ASYNC));
    session.invalidate(20);
    session.program.setBuffer(path.join(p.root, "a.c"), callback("(void)wsi;"));
    session.invalidate(20);
    expect((await session.latest())!.analysis.diagnostics).toEqual([]);
    expect(await early).toBe(a);
    expect(hooks.snapshots).toHaveLength(2);
  });

  test("ends with its folder, whoever is waiting", async () => {
    const p = project({ "a.c": callback(SYNC) });
    const session = new Session(new Program(analyzer, { root: p.root }), hooksOf());
    const waiting = session.latest();
    session.dispose();
    expect(await waiting).toBeUndefined();
    expect(await session.latest()).toBeUndefined();
  });

  test("a failure is told once, keeps what was known, and passes with the next change", async () => {
    const p = project({ "a.c": callback(SYNC) });
    const hooks = hooksOf();
    const program = new Program(analyzer, { root: p.root });
    const session = new Session(program, hooks);
    const first = await session.latest();
    const refresh = program.refresh.bind(program);
    program.refresh = () => Promise.reject(new Error("broken"));
    session.invalidate();
    expect(await session.latest()).toBe(first);
    expect(await session.latest()).toBe(first);
    expect(hooks.failures).toHaveLength(1);
    program.refresh = refresh;
    program.setBuffer(path.join(p.root, "a.c"), callback(ASYNC));
    session.invalidate();
    expect((await session.latest())!.analysis.diagnostics).toEqual([]);
  });
});
