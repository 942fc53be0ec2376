/** The folder that services show files relative to. */
import path from "node:path";
import type { Terminal } from "./terminal.js";

/** Where GitHub Actions and GitLab CI check a repository out. */
const VARIABLES = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"];

/** The top of the repository where a CI service names one that the working directory lies in; else the working directory. */
export const repositoryRoot = ({ cwd, env }: Pick<Terminal, "cwd" | "env">): string => {
  for (const variable of VARIABLES) {
    const folder = env[variable];
    if (folder === undefined || !path.isAbsolute(folder)) continue;
    const inside = path.relative(folder, cwd);
    if (inside !== ".." && !inside.startsWith(`..${path.sep}`) && !path.isAbsolute(inside)) return path.resolve(folder);
  }
  return cwd;
};
