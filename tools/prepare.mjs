/**
 * Builds the package where it is installed from its repository, as `npm install git+https://…` and pre-commit do it: npm
 * runs this before it packs the folder. Where `dist` is there, nothing happens; nor after `npm ci`, which is for people
 * who work on the package.
 */
import { execSync } from "node:child_process";
import { existsSync } from "node:fs";

// What this prints must not get into the output of `npm pack`, which is the name of a file.
const run = (command) => execSync(command, { stdio: ["ignore", 2, 2] });

if (!existsSync("dist/cli.js") && process.env.npm_command !== "ci") {
  // With `npm install -g`, npm installs what builds need globally: out of reach.
  if (!existsSync("node_modules/tsdown")) run("npm ci --global=false --ignore-scripts --no-audit --no-fund");
  run("npm run --silent build");
}
