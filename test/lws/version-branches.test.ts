import { describe, expect, test } from "vitest";

import { parseRelease } from "../../src/lws/api/index.js";
import { deadBranches } from "../../src/lws/version-branches.js";
import { SourceFile } from "../../src/source/source-file.js";

/** The code of a conditional text that no release of the range compiles. */
const dead = (release: string, text: string): string[] =>
  deadBranches(new SourceFile("a.c", text), "c", parseRelease(release)!).map(({ start, end }) => text.slice(start, end));

describe("code for other releases", () => {
  test("by number, by part, with else and elif", () => {
    const text = "#if LWS_LIBRARY_VERSION_NUMBER < 3000000\nold();\n#elif LWS_LIBRARY_VERSION_MAJOR < 4\nthree();\n#else\nnewer();\n#endif\n";
    expect(dead("4.3+", text)).toEqual(["old();", "three();"]);
    expect(dead("3.2", text)).toEqual(["old();", "newer();"]);
    expect(dead("2.4.2", text)).toEqual(["three();", "newer();"]);
    expect(dead("2.4..4.3", text)).toEqual([]);
  });
  test("patches: a minor release stands for all of its own", () => {
    const text = "#if LWS_LIBRARY_VERSION_NUMBER >= 4001004\na();\n#endif\n";
    expect(dead("4.1", text)).toEqual([]);
    expect(dead("4.1.3", text)).toEqual(["a();"]);
    expect(dead("4.0", text)).toEqual(["a();"]);
  });
  test("together with other conditions, and nested", () => {
    expect(dead("4.3+", "#if defined(X) && LWS_LIBRARY_VERSION_MAJOR < 3\na();\n#endif\n")).toEqual(["a();"]);
    expect(dead("4.3+", "#if defined(X) || LWS_LIBRARY_VERSION_MAJOR < 3\na();\n#endif\n")).toEqual([]);
    expect(dead("4.3+", "#ifdef X\n#if LWS_LIBRARY_VERSION_MAJOR == 2\na();\n#else\nb();\n#endif\n#endif\n")).toEqual(["a();"]);
    expect(dead("4.3+", "#if (LWS_LIBRARY_VERSION_MAJOR == 3 && LWS_LIBRARY_VERSION_MINOR >= 2) || LWS_LIBRARY_VERSION_MAJOR > 3\na();\n#else\nb();\n#endif\n")).toEqual(["b();"]);
  });
  test("what cannot be told is not dead", () => {
    expect(dead("4.3+", "#if LWS_LIBRARY_VERSION_NUMBER < LIMIT\na();\n#endif\n#ifdef LWS_LIBRARY_VERSION_NUMBER\nb();\n#else\nc();\n#endif\n#if LWS_LIBRARY_VERSION_MINOR < 2\nd();\n#endif\n")).toEqual([]);
  });
});
