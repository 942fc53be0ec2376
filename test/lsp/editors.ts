/** What the tests of editors have in common: the lines of docs/editors.md, and the command they start. */
import { chmodSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Project } from "../host/harness.js";

const built = path.resolve("dist/cli.js");

/** The block of docs/editors.md in this language that holds a text, as it stands there. */
export const snippetOf = (language: string, text: string): string => {
  const blocks = [...readFileSync("docs/editors.md", "utf8").matchAll(/^```(\w+)\n([\s\S]*?)^```$/gmu)];
  const found = blocks.find(([, of, body]) => of === language && body!.includes(text));
  if (found === undefined) throw new Error(`docs/editors.md has no ${language} with ${text}`);
  return found[2]!;
};

/** Puts the built command as `lws-lint` into a project's `bin`; gives an environment in which programs find it. */
export const installCommand = (project: Project): NodeJS.ProcessEnv => {
  if (!existsSync(built)) throw new Error("`npm run build` first: editors start the built command");
  const { root } = project;
  project.write("bin/lws-lint", `#!/bin/sh\nexec "${process.execPath}" "${built}" "$@"\n`);
  chmodSync(path.join(root, "bin/lws-lint"), 0o755);
  return { ...process.env, PATH: `${path.join(root, "bin")}:${process.env["PATH"]}`, HOME: root };
};
