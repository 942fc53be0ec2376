import { mkdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { VersionFinder } from "../../src/host/lws-version-files.js";
import { formatRelease } from "../../src/lws/api/releases.js";
import { fakeAnalyzer, project, realAnalyzer, run, runJson, type Project } from "./harness.js";

const HEADER = "#define LWS_LIBRARY_VERSION_MAJOR 4\n#define LWS_LIBRARY_VERSION_MINOR 1\n#define LWS_LIBRARY_VERSION_PATCH 6\n";
const LWS_CMAKE = 'project(libwebsockets C)\nset(CPACK_PACKAGE_VERSION_MAJOR "4")\nset(CPACK_PACKAGE_VERSION_MINOR "2")\n';
const USE = "void f(void) { lws_bad(); }\n";

const found = ({ root }: Project, file: string, more: object = {}): string | undefined => {
  const one = new VersionFinder({ cwd: root, paths: ["."], ...more }).of(path.join(root, file));
  return one && `${formatRelease(one.release)} ${one.source} ${one.file}:${one.line}`;
};

describe("where it is found", () => {
  test.each([
    ["CMakeLists.txt", "find_package(libwebsockets 4.3)", "4.3+ cmake CMakeLists.txt:1"],
    ["src/CMakeLists.txt", "find_package(libwebsockets 4.3)", "4.3+ cmake src/CMakeLists.txt:1"],
    ["cmake/deps.cmake", "find_package(libwebsockets 4.3)", "4.3+ cmake cmake/deps.cmake:1"],
    ["conanfile.txt", "libwebsockets/4.3.2", "4.3.2 conan conanfile.txt:1"],
    ["vcpkg.json", '{ "overrides": [{ "name": "libwebsockets", "version": "4.3.2" }] }', "4.3.2 vcpkg vcpkg.json:1"],
    ["debian/control", "Build-Depends: libwebsockets-dev (>= 4.0)", "4.0+ debian debian/control:1"],
    ["subprojects/libwebsockets.wrap", "revision = v4.3.2\nurl = libwebsockets", "4.3.2 wrap subprojects/libwebsockets.wrap:1"],
    ["include/lws_config.h", HEADER, "4.1.6 lws_config.h include/lws_config.h:1"],
    ["third_party/libwebsockets/CMakeLists.txt", LWS_CMAKE, "4.2 vendored third_party/libwebsockets/CMakeLists.txt:2"],
    ["libwebsockets-4.2.0/CMakeLists.txt", LWS_CMAKE, "4.2 vendored libwebsockets-4.2.0/CMakeLists.txt:2"],
    ["build/_deps/libwebsockets-src/CMakeLists.txt", LWS_CMAKE, "4.2 vendored build/_deps/libwebsockets-src/CMakeLists.txt:2"],
    ["libs/libwebsockets/include/lws_config.h", HEADER, "4.1.6 lws_config.h libs/libwebsockets/include/lws_config.h:1"],
    ["src/app/other/CMakeLists.txt", "find_package(libwebsockets 4.3)", undefined],
    ["docs/CMakeLists.txt", "find_package(libwebsockets 4.3)", undefined],
    ["third_party/other/CMakeLists.txt", "find_package(libwebsockets 4.3)", undefined],
  ])("%s", (file, text, expected) => {
    expect(found(project({ "src/app/a.c": USE, [file]: text }), "src/app/a.c")).toBe(expected);
  });

  test("what a submodule has checked out", () => {
    const modules = '[submodule "x"]\n\tpath = ext/web\n\turl = https://example.org/libwebsockets\n\tbranch = v4.1-stable\n';
    const files = { ".gitmodules": modules, "a.c": USE };
    expect(found(project(files), "a.c")).toBe("4.1 submodule .gitmodules:4");
    expect(found(project({ ...files, "ext/web/CMakeLists.txt": LWS_CMAKE }), "a.c")).toBe("4.2 submodule ext/web/CMakeLists.txt:2");
  });

  test("a copy with a name of its own, found by the scan", () => {
    const files = { "a.c": USE, "deps/web/CMakeLists.txt": LWS_CMAKE };
    expect(found(project(files), "a.c")).toBeUndefined();
    expect(found(project(files), "a.c", { copies: ["deps/web"] })).toBe("4.2 vendored deps/web/CMakeLists.txt:2");
  });

  test("every program has its own", () => {
    const one = project({
      "a/a.c": USE,
      "a/CMakeLists.txt": "find_package(libwebsockets 3.2)",
      "b/src/b.c": USE,
      "b/CMakeLists.txt": "find_package(libwebsockets 4.3)",
      "c.c": USE,
    });
    expect([found(one, "a/a.c"), found(one, "b/src/b.c"), found(one, "c.c")]).toEqual([
      "3.2+ cmake a/CMakeLists.txt:1",
      "4.3+ cmake b/CMakeLists.txt:1",
      undefined,
    ]);
  });

  test("above the working directory only in a repository", () => {
    const one = project({ "CMakeLists.txt": "find_package(libwebsockets 4.3)", "in/a.c": USE });
    const cwd = path.join(one.root, "in");
    expect(found(one, "in/a.c", { cwd })).toBeUndefined();
    mkdirSync(path.join(one.root, ".git"));
    expect(found(one, "in/a.c", { cwd })).toBe("4.3+ cmake ../CMakeLists.txt:1");
  });

  test("the installed header, where the project says nothing", () => {
    const one = project({ "p/a.c": USE, "q/a.c": USE, "q/CMakeLists.txt": "find_package(libwebsockets 4.3)", "sys/lws_config.h": HEADER });
    const systemIncludes = [path.join(one.root, "none"), path.join(one.root, "sys")];
    expect(found(one, "p/a.c", { systemIncludes })).toBe(`4.1.6 lws_config.h ${one.root}/sys/lws_config.h:1`);
    expect(found(one, "q/a.c", { systemIncludes })).toBe("4.3+ cmake q/CMakeLists.txt:1");
  });
});

describe("in a run", () => {
  const versionOf = async (files: Readonly<Record<string, string>>, ...args: string[]): Promise<object | undefined> => {
    const { json } = await runJson(args, { cwd: project(files).root });
    return (json.summary as { lwsVersion?: object }).lwsVersion;
  };
  const CMAKE = { "CMakeLists.txt": "\nfind_package(libwebsockets 4.1)\n" };

  test("option, configuration, detection, assumption", async () => {
    const config = { "lws-lint.config.json": '{ "lwsVersion": "4.0" }' };
    expect(await versionOf({ "a.c": USE, ...CMAKE, ...config }, "--lws-version", "v4.3.2")).toEqual({ version: "4.3.2", source: "option" });
    expect(await versionOf({ "a.c": USE, ...CMAKE, ...config })).toEqual({ version: "4.0", source: "config", file: "lws-lint.config.json" });
    expect(await versionOf({ "a.c": USE, ...CMAKE })).toEqual({ version: "4.1+", source: "cmake", file: "CMakeLists.txt", line: 2 });
    expect(await versionOf({ "a.c": USE })).toEqual({ version: "4.3+", source: "assumed" });
    expect(await versionOf({ "a.c": "int x;\n", ...CMAKE })).toBeUndefined();
  });

  test("several", async () => {
    const files = { "a/a.c": USE, "a/b.c": USE, "a/CMakeLists.txt": "find_package(libwebsockets 3.2)", "b/b.c": USE };
    expect(await versionOf(files)).toEqual({
      version: "3.2+",
      source: "cmake",
      file: "a/CMakeLists.txt",
      line: 1,
      others: [{ version: "4.3+", source: "assumed" }],
    });
  });

  test("in words", async () => {
    const text = async (files: Readonly<Record<string, string>>, ...args: string[]): Promise<string | undefined> =>
      (await run(args, { cwd: project(files).root })).stdout.split("\n").find((line) => line.startsWith("libwebsockets"));
    expect(await text({ "a.c": USE, ...CMAKE })).toBe("libwebsockets 4.1 or later (from CMakeLists.txt:2).");
    expect(await text({ "a.c": USE })).toBe("libwebsockets 4.3 or later assumed (no version found; set `lwsVersion`).");
    expect(await text({ "a.c": USE }, "--lws-version", "4.3")).toBe("libwebsockets 4.3 (from `--lws-version`).");
    expect(await text({ "a.c": "int x;\n" })).toBeUndefined();
  });

  test("the engine is told per file", async () => {
    const analyzer = fakeAnalyzer();
    await run([], { cwd: project({ "a.c": USE, "b/b.c": USE, "b/conanfile.txt": "libwebsockets/4.2.1" }).root, analyzer });
    expect(["a.c", "b/b.c"].map((file) => analyzer.runs[0]?.lwsVersionOf?.(file))).toEqual([undefined, "4.2.1"]);
  });

  test("a wrong release is explained", async () => {
    const { code, stderr } = await run(["--lws-version", "4"], { cwd: project().root });
    expect(code).toBe(2);
    expect(stderr).toContain("A release is written as `4.3` or `4.3.2`");
  });

  test("findings follow it", async () => {
    const use = "#include <libwebsockets.h>\nvoid f(struct lws *wsi) { lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_SEND, 0); }\n";
    const one = project({ "old/a.c": use, "old/conanfile.txt": "libwebsockets/3.1.0", "new/a.c": use, "new/conanfile.txt": "libwebsockets/[>=3.1]" });
    const { json } = await runJson([], { cwd: one.root, analyzer: await realAnalyzer() });
    expect(json.findings.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      "new/a.c: from libwebsockets 3.2 on a timeout of 0 cancels: `lws_set_timeout()` closes nothing here",
    ]);
  });
});
