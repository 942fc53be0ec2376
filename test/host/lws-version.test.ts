import { describe, expect, test } from "vitest";
import { choose, readVersion, submodulePaths, type Evidence } from "../../src/host/lws-version.js";
import { formatRelease, parseRelease } from "../../src/lws/api/releases.js";

const shown = (all: readonly Evidence[]): string[] =>
  all.map(({ release, source, line }) => `${formatRelease(release)} ${source}:${line}`);

const cases: Readonly<Record<string, readonly (readonly [text: string, ...expected: string[]])[]>> = {
  "lws_config.h": [
    [
      "#define LWS_LIBRARY_VERSION_MAJOR 4\n#define LWS_LIBRARY_VERSION_MINOR 1\n#define LWS_LIBRARY_VERSION_PATCH 6\n",
      "4.1.6 lws_config.h:1",
    ],
    ['/* generated */\n#define LWS_LIBRARY_VERSION "2.0.0"\n', "2.0.0 lws_config.h:2"],
    ["#define LWS_LIBRARY_VERSION_MAJOR ${LWS_LIBRARY_VERSION_MAJOR}\n"],
  ],
  "CMakeLists.txt": [
    ["find_package(libwebsockets 4.3 REQUIRED)", "4.3+ cmake:1"],
    ["project(x C)\nfind_package(Libwebsockets 3.2.0 CONFIG)", "3.2.0+ cmake:2"],
    ["find_package(libwebsockets 4)", "4.0+ cmake:1"],
    ["find_package(libwebsockets 4.3.2 EXACT)", "4.3.2 cmake:1"],
    ["find_package(libwebsockets 4.1...<5.0)", "4.1..4.5 cmake:1"],
    ['set(WANTED 4.1)\nfind_package(libwebsockets "${WANTED}")', "4.1+ cmake:2"],
    ["find_package(libwebsockets CONFIG REQUIRED)"],
    ["find_package(OpenSSL 1.1)\nfind_package(libwebsockets)"],
    ["# find_package(libwebsockets 4.3)\n#[[ find_package(libwebsockets 4.2) ]]"],
    ["find_package(libwebsockets ${UNKNOWN})"],
    ["pkg_check_modules(LWS REQUIRED libwebsockets>=4.1)", "4.1+ cmake:1"],
    ['pkg_check_modules(ALL REQUIRED glib-2.0>=2.40 "libwebsockets >= 4.0" "libwebsockets < 4.3")', "4.0..4.2 cmake:1"],
    ["pkg_search_module(LWS libwebsockets=4.1.6)", "4.1.6 cmake:1"],
    ["pkg_check_modules(LWS libwebsockets jansson>=2.0)"],
    [
      "FetchContent_Declare(\n  lws\n  GIT_REPOSITORY https://example.org/libwebsockets.git\n  GIT_TAG v4.3-stable\n)",
      "4.3 cmake:4",
    ],
    ['set(TAG "v4.3.2")\nExternalProject_Add(libwebsockets GIT_TAG ${TAG})', "4.3.2 cmake:2"],
    ["ExternalProject_Add(libwebsockets URL https://example.org/libwebsockets/archive/v4.2.1.tar.gz)", "4.2.1 cmake:1"],
    ["FetchContent_Declare(libwebsockets GIT_TAG 0123456789abcdef # v4.3.3\n)", "4.3.3 cmake:1"],
    ["FetchContent_Declare(libwebsockets GIT_TAG main)"],
    ["FetchContent_Declare(libwebsockets GIT_TAG 4415e84c095857629863804e941b9e1c2e9347ef)"],
    ["FetchContent_Declare(jansson GIT_TAG v2.14)\nfind_package(libwebsockets)"],
    ['CPMAddPackage("gh:warmcat/libwebsockets@4.3.2")', "4.3.2 cmake:1"],
    ["CPMAddPackage(NAME libwebsockets VERSION 4.3.2)", "4.3.2 cmake:1"],
    ["project(libwebsockets VERSION 4.3.2)", "4.3.2 vendored:1"],
    [
      'project(libwebsockets C)\nset(CPACK_PACKAGE_VERSION_MAJOR "4")\nset(CPACK_PACKAGE_VERSION_MINOR "3")\nset(CPACK_PACKAGE_VERSION_PATCH_NUMBER "10")\nset(CPACK_PACKAGE_VERSION_PATCH "${CPACK_PACKAGE_VERSION_PATCH_NUMBER}-x")',
      "4.3.10 vendored:2",
    ],
    ['project(app)\nset(CPACK_PACKAGE_VERSION_MAJOR "4")\nset(CPACK_PACKAGE_VERSION_MINOR "3")\nfind_package(libwebsockets)'],
    ["project(libwebsockets-test-apps VERSION 1.2)"],
    ["find_package(libwebsockets 4.3"],
  ],
  "configure.ac": [
    ["PKG_CHECK_MODULES([LWS], [libwebsockets >= 2.4 jansson >= 2.5])", "2.4+ autoconf:1"],
    ["dnl PKG_CHECK_MODULES([LWS], [libwebsockets >= 2.4])\nPKG_CHECK_MODULES(LWS, libwebsockets)"],
  ],
  "conanfile.txt": [
    ["[requires]\nlibwebsockets/4.3.2\n", "4.3.2 conan:2"],
    ["[requires]\nlibwebsockets/[>=4.1 <4.4]\n", "4.1..4.3 conan:2"],
    ["[requires]\nlibwebsockets/[~4.3]\n", "4.3 conan:2"],
    ["[options]\nlibwebsockets/*:shared=True\n"],
  ],
  "conanfile.py": [
    ['class C:\n    def requirements(self):\n        self.requires("libwebsockets/[^4.2]", headers=True)', "4.2..4.5 conan:3"],
    ['    requires = "libwebsockets/4.3.2@user/channel#1"', "4.3.2 conan:1"],
    ['    # self.requires("libwebsockets/4.3.2")'],
  ],
  "vcpkg.json": [
    ['{\n "dependencies": [\n  { "name": "libwebsockets", "version>=": "4.3.2#1" } ] }', "4.3.2+ vcpkg:3"],
    ['{ "overrides": [ { "name": "libwebsockets", "version": "4.2.1" } ] }', "4.2.1 vcpkg:1"],
    ['{ "dependencies": [ "libwebsockets", { "name": "zlib", "version>=": "1.2" } ] }'],
  ],
  "meson.build": [
    ["lws = dependency('libwebsockets', version: '>=4')", "4.0+ meson:1"],
    ["d = [\n  dependency('libwebsockets',\n    version : ['>=4.1', '<5'], required: true)]", "4.1..4.5 meson:2"],
    ["lws = dependency('libwebsockets')\nz = dependency('zlib', version: '>=1.2')"],
  ],
  "libwebsockets.wrap": [
    ["[wrap-git]\nurl = https://example.org/libwebsockets.git\nrevision = v4.3-stable\n", "4.3 wrap:3"],
    ["[wrap-file]\ndirectory = libwebsockets-4.3.2\nsource_url = https://example.org/v4.3.2.tar.gz\n", "4.3.2 wrap:3"],
    ["[wrap-git]\nurl = https://example.org/libwebsockets.git\nrevision = head\n"],
  ],
  "libwebsockets.pc": [["Name: libwebsockets\nVersion: 4.1.6\nLibs: -lwebsockets\n", "4.1.6 pkg-config:2"]],
  "app.pc.in": [["Name: app\nVersion: 1.0\nRequires: libwebsockets >= 4.0, zlib\n", "4.0+ pkg-config:3"]],
  control: [
    ["Source: app\nBuild-Depends: debhelper (>= 13),\n libwebsockets-dev (>= 4.1.2~), zlib1g-dev\n", "4.1.2+ debian:3"],
    ["Build-Depends: libwebsockets-dev (>= 2.0), libwebsockets-dev (<< 4)\n", "2.0..3.2 debian:1"],
    ["Build-Depends: libwebsockets-dev\n"],
  ],
  ".gitmodules": [
    [
      '[submodule "lws"]\n\tpath = deps/lws\n\turl = https://example.org/libwebsockets.git\n\tbranch = v4.3-stable\n',
      "4.3 submodule:4",
    ],
    ['[submodule "a"]\n\tpath = a\n\turl = https://example.org/a.git\n\tbranch = v4.3-stable\n# libwebsockets\n'],
  ],
  "README.md": [["find_package(libwebsockets 4.3)"]],
};

describe.each(Object.entries(cases))("%s", (name, rows) => {
  test.each(rows.map(([text, ...expected]) => [text, expected] as const))("%j", (text, expected) => {
    expect(shown(readVersion(name, text))).toEqual(expected);
  });
});

test("a large file without an answer takes no time", () => {
  const start = performance.now();
  for (const text of ["find_package(".repeat(50_000), `libwebsockets ${"(".repeat(200_000)}`, `set(A \${A})\nfind_package(libwebsockets \${A})`, "[submodule libwebsockets\n".repeat(20_000)]) {
    for (const name of Object.keys(cases)) readVersion(name, `${text}\nlibwebsockets`);
  }
  expect(performance.now() - start).toBeLessThan(5000);
});

test("paths of submodules", () => {
  const text = '[submodule "lws"]\n\tpath = deps/lws\n\turl = ../libwebsockets.git\n[submodule "b"]\n\tpath = b\n\turl = x/b\n';
  expect(submodulePaths(text)).toEqual(["deps/lws"]);
});

describe("which one counts", () => {
  const of = (version: string): Evidence => ({ release: parseRelease(version)!, source: "cmake", line: 1 });
  test.each([
    ["nothing", [[], []], undefined],
    ["what is there before what is asked for", [["4.1+", "4.1.6"]], "4.1.6"],
    ["the highest demand", [["3.0+", "4.1+", "2.0+"]], "4.1+"],
    ["the nearest demand", [["3.0+"], ["4.1+"]], "3.0+"],
    ["what is there further up, when it is what is asked for", [["4.0+"], ["4.1.6"]], "4.1.6"],
    ["not what is there further up, when it is not", [["4.3+"], ["4.1.6"]], "4.3+"],
    ["what is nearest", [["4.1.6"], ["4.3+"], ["4.3.2"]], "4.1.6"],
  ])("%s", (_, places, expected) => {
    const chosen = choose(places.map((one) => one.map(of)));
    expect(chosen && formatRelease(chosen.release)).toBe(expected);
  });
});
