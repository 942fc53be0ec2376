import { chmodSync, mkdirSync, symlinkSync, truncateSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { discover, type DiscoveryOptions } from "../../src/host/discover.js";
import { createLayer } from "../../src/host/ignore-rules.js";
import { project, runJson, type Project } from "./harness.js";

const names = ({ root }: Project, paths: readonly string[] = ["."], more: Partial<DiscoveryOptions> = {}): string[] => {
  const found: string[] = [];
  discover({ cwd: root, paths, ...more }, (file) => found.push(file.name));
  return found;
};

/** Permissions mean nothing to root, so a test run by root lays its rights down. */
const asOrdinaryUser = async <T>(action: () => Promise<T>): Promise<T> => {
  if (process.geteuid?.() !== 0) return action();
  process.seteuid!(65534);
  try {
    return await action();
  } finally {
    process.seteuid!(0);
  }
};

const USES = "void f(struct lws *w) { lws_bad(w); }\n";

describe("which files", () => {
  it("takes C and C++ by extension, in a stable order", () => {
    const files = [
      "b.c",
      "a.h",
      "x.cpp",
      "x.CC",
      "y.C",
      "y.hh",
      "z.c++",
      "s.ino",
      "Makefile",
      "a.txt",
      "a.inc",
      "a.def",
      "c",
      ".c",
    ];
    const p = project(Object.fromEntries(files.map((file) => [file, ""])));
    expect(names(p)).toEqual(["a.h", "a.inc", "b.c", "s.ino", "x.CC", "x.cpp", "y.C", "y.hh", "z.c++"]);
    expect(names(p, ["."], { include: [createLayer(p.root, ["*.def"])] })).toContain("a.def");
  });

  it("names files relative to the working directory, with slashes", () => {
    const p = project({ "src/a.c": "", "other/b.c": "" });
    expect(names(p, ["src"])).toEqual(["src/a.c"]);
    const found: string[] = [];
    discover({ cwd: path.join(p.root, "src"), paths: ["../other", "."] }, (file) => found.push(file.name));
    expect(found).toEqual(["../other/b.c", "a.c"]);
  });

  it("visits a file once, however often it is named", () => {
    const p = project({ "src/a.c": "" });
    expect(names(p, [".", "src", "src/a.c", "./src/../src/a.c"])).toEqual(["src/a.c"]);
  });

  it("leaves out hidden, built and fetched folders unless they are named", () => {
    const folders = [
      "node_modules",
      ".git",
      "build",
      "build-arm",
      "cmake-build-debug",
      "_build",
      ".cache",
      "_deps",
      "vcpkg_installed",
    ];
    const p = project({ "a.c": "", "builder/b.c": "", "third_party/x/c.c": "", ".hidden.c": "" });
    for (const folder of folders) p.write(`${folder}/x.c`, "");
    expect(names(p)).toEqual(["a.c", "builder/b.c", "third_party/x/c.c"]);
    for (const folder of folders) expect(names(p, [folder])).toEqual([`${folder}/x.c`]);
    expect(names(p, ["node_modules/x.c"])).toEqual(["node_modules/x.c"]);
  });

  it("knows a build tree by its content, but not one that was built in place", () => {
    const p = project({
      "out/CMakeCache.txt": "",
      "out/gen.c": "",
      "lib/config.status": "",
      "lib/configure": "",
      "lib/a.c": "",
    });
    expect(names(p)).toEqual(["lib/a.c"]);
  });
});

describe(".gitignore", () => {
  it("holds for the folder and below, with the inner file winning", () => {
    const p = project({
      ".gitignore": "*.gen.c\n/top.c\nobj/\n",
      "top.c": "",
      "sub/top.c": "",
      "a.gen.c": "",
      "sub/b.gen.c": "",
      "sub/deep/c.gen.c": "",
      "sub/.gitignore": "!b.gen.c\n",
      "sub/obj/x.c": "",
    });
    expect(names(p)).toEqual(["sub/b.gen.c", "sub/top.c"]);
  });

  it("holds from the top of the repository when a folder inside is scanned", () => {
    const p = project({ ".gitignore": "gen.c\n", "sub/gen.c": "", "sub/a.c": "" });
    expect(names(p, ["sub"])).toEqual(["sub/a.c", "sub/gen.c"]);
    mkdirSync(path.join(p.root, ".git/info"), { recursive: true });
    p.write(".git/info/exclude", "a.c\n");
    expect(names(p, ["sub"])).toEqual([]);
  });

  it("does not reach into another repository", () => {
    const p = project({ ".gitignore": "a.c\n", "inner/.git/HEAD": "", "inner/a.c": "", "a.c": "" });
    expect(names(p)).toEqual(["inner/a.c"]);
  });

  it("does not hold for what is named", () => {
    const p = project({ ".git/HEAD": "", ".gitignore": "gen/\nx.c\n", "gen/a.c": "", "x.c": "" });
    expect(names(p)).toEqual([]);
    expect(names(p, ["gen"])).toEqual(["gen/a.c"]);
    expect(names(p, ["x.c"])).toEqual(["x.c"]);
  });

  it("tells letter case and understands negation", () => {
    const p = project({ ".gitignore": "*.c\n!keep.c\n", "a.c": "", "keep.c": "", "B.C": "" });
    expect(names(p)).toEqual(process.platform === "linux" ? ["B.C", "keep.c"] : ["keep.c"]);
  });
});

describe("`ignores` of the configuration", () => {
  it("outranks .gitignore and the defaults, both ways", async () => {
    const p = project({
      "lws-lint.config.json": JSON.stringify({ ignores: ["vendor/", "**/skip*.c", "!build/", "!gen.c"] }),
      ".gitignore": "gen.c\n",
      "gen.c": USES,
      "vendor/a.c": USES,
      "src/skip1.c": USES,
      "build/b.c": USES,
      "src/a.c": USES,
    });
    const { json } = await runJson([], { cwd: p.root });
    expect(json.findings.map(({ file }) => file)).toEqual(["build/b.c", "gen.c", "src/a.c"]);
    expect((await runJson(["vendor"], { cwd: p.root })).json.findings).toHaveLength(1);
  });
});

describe("links and what cannot be read", () => {
  it("survives loops and takes each file once", () => {
    const p = project({ "src/a.c": "", "outside/b.c": "" });
    symlinkSync("..", path.join(p.root, "src/loop"));
    symlinkSync("a.c", path.join(p.root, "src/alias.c"));
    symlinkSync("../outside/b.c", path.join(p.root, "src/b-link.c"));
    expect(names(p, ["src"])).toEqual(["src/a.c", "src/b-link.c"]);
    expect(names(p)).toEqual(["outside/b.c", "src/a.c"]);
    symlinkSync("src", path.join(p.root, "linked"));
    expect(names(p, ["linked"])).toEqual(["linked/a.c", "linked/b-link.c"]);
  });

  it("reports a link that leads nowhere and goes on", async () => {
    const p = project({ "a.c": USES });
    symlinkSync("gone.c", path.join(p.root, "b.c"));
    const { json, code } = await runJson([], { cwd: p.root });
    expect(json.problems).toEqual([{ file: "b.c", message: "cannot be read: no such file or folder" }]);
    expect(json.findings).toHaveLength(1);
    expect(code).toBe(1);
  });

  it("reports what it may not read and goes on", async () => {
    const p = project({ "a.c": USES, "secret.c": USES, "locked/b.c": USES });
    chmodSync(p.root, 0o755);
    chmodSync(path.join(p.root, "secret.c"), 0);
    chmodSync(path.join(p.root, "locked"), 0);
    const { json } = await asOrdinaryUser(() => runJson([], { cwd: p.root }));
    chmodSync(path.join(p.root, "locked"), 0o755);
    expect(json.problems.map(({ file }) => file)).toEqual(["locked", "secret.c"]);
    expect(json.findings).toHaveLength(1);
  });

  it("fails for a named path that is not there, after the rest", async () => {
    const p = project({ "a.c": USES });
    const { json, code } = await runJson(["a.c", "gone", "gone.c"], { cwd: p.root });
    expect(json.problems.map(({ file }) => file)).toEqual(["gone", "gone.c"]);
    expect(json.findings).toHaveLength(1);
    expect(code).toBe(2);
  });
});

describe("what the bytes say", () => {
  it("reads only files with a trace of the library, and loads no engine without one", async () => {
    const p = project({ "a.c": "int main(void) { return 0; }\n", "empty.c": "", "b.c": "int rows_[3], windows_;" });
    const { json, code, engineLoaded } = await runJson([], { cwd: p.root });
    expect(json.summary).toMatchObject({ filesSeen: 3, filesIrrelevant: 3, filesAnalyzed: 0 });
    expect(engineLoaded).toBe(false);
    expect(code).toBe(0);
  });

  it("skips binary files with a note", async () => {
    const p = project({ "a.c": "lws_bad\0\u0001", "noise.c": "\0\0\0" });
    const { json } = await runJson([], { cwd: p.root });
    expect(json.problems).toEqual([{ file: "a.c", message: expect.stringContaining("binary") }]);
    expect((await runJson(["noise.c"], { cwd: p.root })).json.problems).toHaveLength(1);
  });

  it("reports files over the limit that may use the library, wherever in them", async () => {
    const p = project({ "huge.c": USES, "late.c": "", "data.c": "" });
    truncateSync(path.join(p.root, "huge.c"), 17 * 1024 * 1024);
    const late = Buffer.alloc(40 * 1024 * 1024, 0x20);
    late.write("libwebsockets.h", 16 * 1024 * 1024 + 1 - 6);
    p.write("late.c", late);
    p.write("data.c", Buffer.alloc(17 * 1024 * 1024, 0x20));
    const { json } = await runJson([], { cwd: p.root });
    expect(json.problems).toEqual([
      { file: "huge.c", message: "is larger than 16 MB; not analyzed" },
      { file: "late.c", message: "is larger than 16 MB; not analyzed" },
    ]);
  });

  it("keeps the contents of several files apart although it reads them into one buffer", async () => {
    const p = project(
      Object.fromEntries(
        Array.from({ length: 20 }, (_, i) => [`f${i}.c`, `lws_good();${" ".repeat(i * 997)}lws_bad(${i});`]),
      ),
    );
    const { json } = await runJson([], { cwd: p.root });
    expect(json.findings).toHaveLength(20);
  });

  it("analyses C++ as well", async () => {
    const p = project({ "a.cpp": USES, "b.cpp": "int i;" });
    const { json } = await runJson([], { cwd: p.root });
    expect(json.summary).toMatchObject({ filesSeen: 2, filesAnalyzed: 1 });
  });
});

describe("copies of libwebsockets", () => {
  it.each([
    ["the repository", ["include/libwebsockets.h", "lib/core/context.c"]],
    ["an old release", ["lib/libwebsockets.h", "lib/libwebsockets.c"]],
    ["its lib folder", ["core/private-lib-core.h", "roles/http/server.c"]],
    ["all in one folder", ["libwebsockets.h", "libwebsockets.c"]],
    ["its headers", ["lws-callbacks.h", "lws-context-vhost.h"]],
  ])("%s is skipped whatever the folder is called, named in the summary, and scanned on demand", async (_, files) => {
    const p = project({ "src/a.c": USES });
    for (const file of files) p.write(`deps/ws-1/${file}`, USES);
    const { json } = await runJson([], { cwd: p.root });
    expect(json.summary.vendoredSkipped).toEqual(["deps/ws-1"]);
    expect(json.findings.map(({ file }) => file)).toEqual(["src/a.c"]);
    expect((await runJson(["--include-vendored"], { cwd: p.root })).json.findings.length).toBeGreaterThan(1);
    expect((await runJson(["deps/ws-1"], { cwd: p.root })).json.findings.length).toBeGreaterThan(0);
  });

  it("does not hide a program that somebody put into the copy", async () => {
    const p = project({ "src/a.c": USES });
    for (const file of ["include/libwebsockets.h", "lib/core/context.c", "minimal-examples/b.c", "my-server/main.c", "c.c"]) p.write(`deps/ws-1/${file}`, USES);
    const { json } = await runJson([], { cwd: p.root });
    expect(json.summary.vendoredSkipped).toEqual(["deps/ws-1"]);
    expect(json.findings.map(({ file }) => file).sort()).toEqual(["deps/ws-1/my-server/main.c", "src/a.c"]);
  });

  it("is not anything that is called so", async () => {
    const p = project({ "libwebsockets/a.c": USES, "include/libwebsockets.h": "", "lib/util.c": "" });
    const { json } = await runJson([], { cwd: p.root });
    expect(json.summary.vendoredSkipped).toEqual([]);
    expect(json.findings).toHaveLength(1);
  });
});
