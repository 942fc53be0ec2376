import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

import { fixtureFiles, fixturePrograms, goldenFiles, loadFixture } from "./fixture-runner.js";
import { compile, installedRelease } from "./lws-api/header.js";

const missing = installedRelease === undefined;

const fixtures = [...fixtureFiles(), ...fixturePrograms().flatMap(([, files]) => files)].filter((file) => !/\.(?:h|hpp|inc)$/.test(file)).map(loadFixture);

test.skipIf(missing).each(fixtures.filter(({ compiles }) => compiles).map((fixture) => [fixture.path, fixture] as const))(
  "%s compiles with the installed header",
  (file, fixture) => {
    expect(compile(fixture.bytes, ["-Wno-unused", `-I${path.resolve(path.dirname(file))}`, ...fixture.flags], file.slice(file.lastIndexOf(".") + 1))).toBe("");
  },
);

// A mark that is not needed hides mistakes.
test.skipIf(missing).each(fixtures.filter(({ compiles }) => !compiles).map((fixture) => [fixture.path, fixture] as const))(
  "%s does not compile, as it says",
  (_file, fixture) => {
    expect(compile(fixture.bytes, ["-Wno-unused"])).not.toBe("");
  },
);

test.skipIf(missing).each(goldenFiles().map((file) => [file] as const))("%s compiles", (file) => {
  const fixture = loadFixture(file.replace(/\.(fixed|suggested)(\.\w+)$/, "$2"));
  if (fixture.compiles) expect(compile(readFileSync(file), ["-Wno-unused", ...fixture.flags], file.slice(file.lastIndexOf(".") + 1))).toBe("");
});
