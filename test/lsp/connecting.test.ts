/** Files without a trace of the library that lie between files that have some: an editor shows what the command shows. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { FileChangeType } from "vscode-languageserver-protocol/node";
import type { Analysis, Analyzer } from "../../src/analyzer.js";
import { findConnecting } from "../../src/host/connecting.js";
import { scanPaths, withChosen } from "../../src/host/scan.js";
import { Program } from "../../src/lsp/program.js";
import { project, realAnalyzer } from "../host/harness.js";
import { CALLBACK, DROP, session } from "../host/three-files.js";
import { brief, Client } from "./client.js";

const analyzer = await realAnalyzer();
const calm = { isStale: () => false };
const told = ({ diagnostics, suppressed, problems, stats }: Analysis): unknown => ({ diagnostics, suppressed, problems, stats });

type Texts = ReadonlyMap<string, string>;

function write(root: string, name: string, text: string): string {
  const absolute = path.join(root, name);
  mkdirSync(path.dirname(absolute), { recursive: true });
  writeFileSync(absolute, text);
  return absolute;
}

const folder = (): string => {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "lws-lint-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
};

interface Expected {
  readonly analysis: Analysis;
  readonly connecting: number;
  readonly leftOut: number;
}

/** What the command says of these files. */
async function commanded(root: string, texts: Texts): Promise<Expected> {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(path.join(root, ".git"), { recursive: true });
  for (const [name, text] of texts) write(root, name, text);
  const scan = scanPaths({ cwd: root, paths: ["."] }, () => undefined);
  const found = findConnecting(scan);
  const run = analyzer.start({ eslintComments: true });
  for (const { name, bytes, leavesOut } of withChosen(scan, found).files.values()) {
    run.add({ path: name, content: bytes, isChosen: true, result: await analyzer.analyzeFile(name, bytes, leavesOut) });
  }
  return { analysis: run.finish(), connecting: found.size, leftOut: [...found.values()].reduce((sum, names) => sum + names.length, 0) };
}

const NOISE = "static int noise(int x)\n{\n\tusleep(x);\n\treturn x;\n}\nvoid more_noise(struct s *s)\n{\n\ts->done = noise(1);\n}\nvoid loud_noise(void)\n{\n\tlevel = noise(2);\n}\n";
const PUSH = "#include <libwebsockets.h>\nextern struct lws *peer;\nint level;\nvoid push(void)\n{\n\tlws_callback_on_writable(peer);\n}\nint loop(struct lws_context *context)\n{\n\twhile (lws_service(context, 0) >= 0)\n\t\t;\n\treturn 0;\n}\n";
const worker = (call: string): string => `#include <pthread.h>\nvoid push(void);\nstatic void *work(void *arg)\n{\n\t${call};\n\treturn arg;\n}\nvoid begin(void)\n{\n\tpthread_t t;\n\n\tpthread_create(&t, NULL, work, NULL);\n}\n`;

/** What each file may hold. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  "callback.c": [CALLBACK, CALLBACK.replace("done; };", "undone; };"), CALLBACK.replace("session_done(session);", "other_done(session);"), CALLBACK.replace("session_done(session);", ""), "int unrelated(void) { return 0; }\n"],
  "session.c": [
    session("conn_drop") + NOISE, session("hand_on") + NOISE, session("conn_keep"), session("conn_drop").replace("void session_done", "static void session_done"), session("conn_drop").replace("{", "{{"),
    `struct s { void *conn; };\nstatic struct ops table[] = { { conn_drop } };\nvoid session_done(struct s *s)\n{\n\ttable[0].run(s->conn);\n}\nvoid other_done(struct s *s)\n{\n\tusleep(1);\n}\n`,
    `${session("conn_drop")}/* lws_ */\n`, session("conn_drop").replace("conn_drop(s", "skip_lws_space(s);\n\tconn_drop(s"), session("conn_drop").replace("conn_drop(s->conn)", "(void)s; /* conn_drop(s->conn) */"), session("conn_drop").replaceAll("session_done", "other_done"),
  ],
  "sub/middle.c": ["void hand_on(void *c)\n{\n\tconn_drop(c);\n}\n", "void hand_on(void *c)\n{\n\tusleep(1);\n}\n", `#define hand_on(x) conn_drop(x)\n${NOISE}`, "", worker("push()"), worker("hand_on(arg)"), "/* \u00e9 */ void hand_on(void *c)\n{\n\tconn_drop(c);\n\tpush();\n}\n"],
  "sub/drop.c": [DROP, DROP.replace("SYNC", "ASYNC"), DROP.replace("conn_drop", "conn_keep"), "void conn_drop(void *c)\n{\n\tclose(c);\n}\n"],
  "push.c": [PUSH, PUSH.replace("int level;", ""), "int push(void)\n{\n\treturn 1;\n}\n"],
};
const NAMES = Object.keys(CHOICES);
const START: Texts = new Map(NAMES.map((name) => [name, CHOICES[name]![0]!]));

const choice = fc.constantFrom(...NAMES).chain((name) => fc.record({ name: fc.constant(name), text: fc.constantFrom(...CHOICES[name]!) }));
const operation = fc.oneof(
  { weight: 6, arbitrary: choice.map((one) => ({ kind: "buffer" as const, ...one })) },
  { weight: 3, arbitrary: choice.map((one) => ({ kind: "write" as const, ...one })) },
  fc.constantFrom(...NAMES).map((name) => ({ kind: "remove" as const, name })),
  { weight: 2, arbitrary: fc.constantFrom(...NAMES).map((name) => ({ kind: "close" as const, name })) },
  fc.constant({ kind: "drop" as const }),
  fc.constantFrom("", "sub/middle.c\n", "session.c\n").map((text) => ({ kind: "write" as const, name: ".gitignore", text })),
  fc.constantFrom("rescan" as const, "reload" as const).map((kind) => ({ kind })),
);

test("after files and buffers have changed in any way", { timeout: 240_000 }, async () => {
  const [root, mirror] = [folder(), folder()];
  const sum = { states: 0, connecting: 0, leftOut: 0, findings: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 3, maxLength: 12 }), async (operations) => {
      rmSync(root, { recursive: true });
      mkdirSync(path.join(root, ".git"), { recursive: true });
      const disk = new Map(START);
      const buffers = new Map<string, string>();
      for (const [name, text] of disk) write(root, name, text);
      const program = new Program(analyzer, { root });
      for (const one of [undefined, ...operations]) {
        switch (one?.kind) {
          case "buffer":
            buffers.set(one.name, one.text);
            program.setBuffer(path.join(root, one.name), one.text);
            break;
          case "write":
            disk.set(one.name, one.text);
            program.changedOnDisk(write(root, one.name, one.text), false);
            break;
          case "remove":
            disk.delete(one.name);
            rmSync(path.join(root, one.name), { force: true });
            program.changedOnDisk(path.join(root, one.name), true);
            break;
          case "close":
            if (buffers.delete(one.name)) program.closeBuffer(path.join(root, one.name));
            break;
          case "drop":
            for (const name of NAMES) if (name.startsWith("sub/")) disk.delete(name);
            rmSync(path.join(root, "sub"), { recursive: true, force: true });
            program.changedOnDisk(path.join(root, "sub"), true);
            break;
          case "rescan": program.rescan(); break;
          case "reload": program.reload(); break;
          case undefined: break;
        }
        const now = await program.refresh(calm);
        const { analysis, ...counts } = await commanded(mirror, new Map([...disk, ...buffers]));
        expect(told(now!.analysis)).toEqual(told(analysis));
        sum.states++;
        sum.connecting += counts.connecting;
        sum.leftOut += counts.leftOut;
        sum.findings += analysis.diagnostics.length;
      }
    }),
    { numRuns: Number(process.env["RUNS"] ?? 100) },
  );
  expect(sum.connecting).toBeGreaterThan(sum.states / 3);
  expect(sum.leftOut).toBeGreaterThan(sum.states / 3);
  expect(sum.findings).toBeGreaterThan(sum.states / 3);
});

const rules = ({ diagnostics }: Analysis): string[] => diagnostics.map(({ ruleId, file }) => `${ruleId} ${file}`);

describe("a folder", () => {
  test("is given to the project piece by piece: what changed, and what else of a file matters by that", async () => {
    const p = project({ "callback.c": CALLBACK, "session.c": session("conn_drop") + NOISE, "drop.c": DROP, "other.c": NOISE });
    const given: string[] = [];
    const recorder = Object.create(analyzer) as Analyzer;
    recorder.project = (options) => {
      const kept = analyzer.project(options);
      return {
        update: (name, content, leavesOut) => {
          given.push(`${name} ${leavesOut?.length ?? "whole"}`);
          kept.update(name, content, leavesOut);
        },
        remove: (name) => {
          given.push(`no ${name}`);
          kept.remove(name);
        },
        analyze: () => kept.analyze(),
      };
    };
    const program = new Program(recorder, { root: p.root });
    const after = async (name?: string, text?: string): Promise<string[]> => {
      given.length = 0;
      if (text !== undefined) program.setBuffer(path.join(p.root, name!), text);
      await program.refresh(calm);
      return given.splice(0).sort();
    };
    // `more_noise` sets what the callback's structure has, too.
    expect(await after()).toEqual(["callback.c whole", "drop.c whole", "session.c 2"]);
    expect(await after("callback.c", CALLBACK.replace("return 0;", "return 0 ;"))).toEqual(["callback.c whole"]);
    expect(await after("callback.c", `${CALLBACK}int level;\n`)).toEqual(["callback.c whole", "session.c 1"]);
    expect(await after("callback.c", CALLBACK)).toEqual(["callback.c whole", "session.c 2"]);
    expect(await after("other.c", `${NOISE}int f(void)\n{\n\tconn_drop(0);\n}\n`)).toEqual([]);
    expect(await after("session.c", session("conn_dro") + NOISE)).toEqual(["no session.c"]);
    expect(await after("session.c", session("conn_drop"))).toEqual(["session.c 0"]);
    expect(await after("session.c", `/* lws_ */${session("conn_drop")}`)).toEqual(["session.c whole"]);
    program.rescan();
    expect(await after()).toEqual([]);
  });

  test("files that changed unheard are found, whether they connected before or not", async () => {
    const p = project({ "callback.c": CALLBACK, "session.c": session("conn_keep"), "drop.c": DROP });
    const program = new Program(analyzer, { root: p.root });
    const found = async (): Promise<string[]> => rules((await program.refresh(calm))!.analysis);
    expect(await found()).toEqual([]);
    expect(program.checkDisk()).toBe(false);
    let seconds = 1_000_000_000;
    const put = (text: string): void => {
      p.write("session.c", text);
      seconds += 10;
      utimesSync(path.join(p.root, "session.c"), seconds, seconds);
    };
    for (const call of ["conn_drop", "conn_keep", "conn_drop"]) {
      put(session(call));
      expect(program.checkDisk()).toBe(true);
      expect(await found()).toEqual(call === "conn_drop" ? ["no-sync-kill callback.c"] : []);
      expect(program.checkDisk()).toBe(false);
    }
    rmSync(path.join(p.root, "session.c"));
    expect(program.checkDisk()).toBe(true);
    expect(await found()).toEqual([]);
    put(session("conn_drop"));
    expect(program.checkDisk()).toBe(true);
    expect(await found()).toEqual(["no-sync-kill callback.c"]);
  });

  test("many files are looked at in turns, which may end early and go on later", async () => {
    const p = project({ "callback.c": CALLBACK, "session.c": session("conn_drop"), "drop.c": DROP, ...Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`a${i}.c`, "int f(void) { g(); }\n".repeat(8000)])) });
    const program = new Program(analyzer, { root: p.root });
    let asked = 0;
    expect(await program.refresh({ isStale: () => ++asked > 0 })).toBeUndefined();
    expect(asked).toBe(1);
    expect(rules((await program.refresh(calm))!.analysis)).toEqual(["no-sync-kill callback.c"]);
  });

  test("of which only open files count", async () => {
    const p = project({ "session.c": session("conn_drop") });
    const program = new Program(analyzer, { root: p.root, loose: true });
    const found = async (): Promise<string[]> => rules((await program.refresh(calm))!.analysis);
    program.setBuffer(path.join(p.root, "callback.c"), CALLBACK);
    program.setBuffer(path.join(p.root, "drop.c"), DROP);
    expect(await found()).toEqual([]);
    program.setBuffer(path.join(p.root, "session.c"), session("conn_drop"));
    expect(await found()).toEqual(["no-sync-kill callback.c"]);
    program.closeBuffer(path.join(p.root, "session.c"));
    expect(await found()).toEqual([]);
  });
});

describe("through the server", () => {
  const CHANGED: FileChangeType = 2;

  test("a finding comes and goes with what is typed into the file in the middle, open or not", async () => {
    const p = project({ "a.c": CALLBACK, "b.c": session("conn_keep"), "c.c": DROP });
    const [a, b] = [path.join(p.root, "a.c"), path.join(p.root, "b.c")];
    const client = await Client.start({ folders: [p.root] });
    await client.open(a, CALLBACK);
    await client.until(() => client.shown(a) !== undefined, () => "nothing was pushed");
    expect(client.shown(a)).toEqual([]);
    await client.open(b, session("conn_keep"));
    await client.edit(b, "conn_keep(s", "conn_drop(s");
    await client.shows(a, ["no-sync-kill:11"]);
    expect(client.shown(a)![0]!.relatedInformation!.map(({ location }) => path.basename(location.uri))).toContain("b.c");
    await client.edit(b, "conn_drop(s", "conn_dro(s");
    await client.shows(a, []);
    await client.edit(b, "conn_dro(s", "conn_drop(s");
    await client.shows(a, ["no-sync-kill:11"]);
    // What was never saved is gone with the buffer.
    await client.close(b);
    await client.shows(a, []);
    p.write("b.c", session("conn_drop"));
    await client.watched([b, CHANGED]);
    await client.shows(a, ["no-sync-kill:11"]);
  });

  test("a finding in the file in the middle is shown there, pulled or pushed", async () => {
    const starter = worker("push()");
    const p = project({ "worker.c": starter, "push.c": PUSH });
    const file = path.join(p.root, "worker.c");
    const pushed = await Client.start({ folders: [p.root] });
    await pushed.shows(file, ["no-cross-thread-call:5"]);
    const client = await Client.start({ folders: [p.root], pull: true });
    await client.open(file, starter);
    const items = async (): Promise<string[] | undefined> => {
      const report = await client.pull(file);
      return report.kind === "full" ? brief(report.items) : undefined;
    };
    expect(await items()).toEqual(["no-cross-thread-call:5"]);
    await client.edit(file, "pthread_create(&t, NULL, work, NULL)", "work(&t)");
    expect(await items()).toEqual([]);
  });
});
