/** Throw-away projects that use the built package as their users do. `npm test` builds it first. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { ESLint } from "eslint";

const root = fileURLToPath(new URL("../..", import.meta.url));
const modules = path.join(root, "node_modules");

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Project {
  readonly directory = mkdtempSync(path.join(tmpdir(), "eslint-plugin-lws-"));

  constructor(files: Readonly<Record<string, string | Uint8Array>>) {
    if (!existsSync(path.join(root, "dist/index.js"))) throw new Error("These tests use dist: run `npm run build` first.");
    this.write({ "package.json": '{ "type": "module", "private": true }', ...files });
    this.#link(root, "eslint-plugin-lws");
    for (const name of ["eslint", "@eslint/js", "typescript"]) this.#link(path.join(modules, name), name);
    this.#link(path.join(modules, "eslint/bin/eslint.js"), ".bin/eslint");
  }

  write(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(this.directory, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
  }

  #link(target: string, name: string): void {
    const file = path.join(this.directory, "node_modules", name);
    mkdirSync(path.dirname(file), { recursive: true });
    symlinkSync(target, file);
  }

  read(name: string): Buffer {
    return readFileSync(path.join(this.directory, name));
  }

  run(command: string, ...args: string[]): Outcome {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: this.directory,
      encoding: "utf8",
      env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1", FORCE_COLOR: undefined },
    });
    return { status, stdout, stderr };
  }

  /** Runs ESLint's command line without the detour over npx. */
  eslint(...args: string[]): Outcome {
    return this.run(process.execPath, path.join(modules, "eslint/bin/eslint.js"), ...args);
  }

  /** The results by file name. */
  results(...args: string[]): Map<string, ESLint.LintResult> {
    const { stdout, stderr } = this.eslint("--format", "json", ...args);
    if (!stdout.startsWith("[")) throw new Error(stderr || stdout);
    const results = JSON.parse(stdout) as ESLint.LintResult[];
    return new Map(results.map((result) => [path.relative(this.directory, result.filePath), result]));
  }

  /** `line rule` of the messages of a file. */
  findings(name: string, ...args: string[]): string[] {
    return this.results(...args).get(name)!.messages.map(({ line, ruleId }) => `${line} ${ruleId}`);
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
