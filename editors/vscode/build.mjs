/**
 * Builds `lws-lint.vsix`: the extension and the server, each bundled with what it needs, so that nothing has to be installed beside it.
 * Run by `npm run build:vscode` at the top of the repository.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsdown";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const stage = path.join(here, "dist");
const target = path.join(here, "lws-lint.vsix");
const require = createRequire(import.meta.url);

const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));
const writeJson = (file, value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

const common = { dts: false, clean: false, config: false, logLevel: "error", noExternal: () => true, inlineOnly: false, target: "node20", platform: "node" };

rmSync(stage, { recursive: true, force: true });
mkdirSync(path.join(stage, "server"), { recursive: true });

// The extension: VS Code itself is the one thing it finds there.
await build({
  ...common,
  cwd: here,
  entry: { extension: path.join(here, "src/extension.ts") },
  outDir: path.join(stage, "dist"),
  format: "cjs",
  minify: true,
  external: ["vscode"],
  noExternal: (id) => id !== "vscode",
  fixedExtension: true,
});

// The server: the command line's own entry.
await build({
  ...common,
  cwd: root,
  entry: { cli: path.join(root, "src/cli.ts"), worker: path.join(root, "src/worker.ts") },
  outDir: path.join(stage, "server/dist"),
  format: "esm",
  fixedExtension: false,
});
const wasm = (name, file) => path.join(path.dirname(require.resolve(`${name}/package.json`, { paths: [root] })), file);
mkdirSync(path.join(stage, "server/dist/grammars"), { recursive: true });
for (const name of ["tree-sitter-c", "tree-sitter-cpp"]) cpSync(wasm(name, `${name}.wasm`), path.join(stage, `server/dist/grammars/${name}.wasm`));
cpSync(path.join(path.dirname(require.resolve("web-tree-sitter", { paths: [root] })), "web-tree-sitter.wasm"), path.join(stage, "server/dist/web-tree-sitter.wasm"));

const { name, version, license, type } = readJson(path.join(root, "package.json"));
writeJson(path.join(stage, "server/package.json"), { name, version, license, type });
for (const folder of ["docs", "schemas"]) cpSync(path.join(root, folder), path.join(stage, "server", folder), { recursive: true });
cpSync(path.join(here, "README.md"), path.join(stage, "README.md"));
cpSync(path.join(root, "LICENSE"), path.join(stage, "LICENSE"));

// The manifest as it is published: no scripts, no dependencies, the version of the package, and the rules by name.
const manifest = readJson(path.join(here, "package.json"));
for (const key of ["scripts", "devDependencies", "private"]) delete manifest[key];
const listed = spawnSync(process.execPath, [path.join(stage, "server/dist/cli.js"), "--list-rules"], { encoding: "utf8" });
if (listed.status !== 0) throw new Error(`the bundled command does not run:\n${listed.stderr}`);
const rules = listed.stdout.trim().split("\n").map((line) => /^lws\/(\S+)\s+\S+\s+(.*)$/u.exec(line).slice(1));
manifest.version = version;
manifest.files = ["dist", "server", "LICENSE", "README.md"];
manifest.contributes.configuration.properties["lws-lint.rules"].properties = Object.fromEntries(
  rules.map(([id, summary]) => [id, { enum: ["off", "warn", "error"], description: `Reports ${summary}.` }]),
);
writeJson(path.join(stage, "package.json"), manifest);

const vsce = path.join(path.dirname(require.resolve("@vscode/vsce/package.json")), "vsce");
const { status } = spawnSync(process.execPath, [vsce, "package", "--no-dependencies", "--allow-missing-repository", "--skip-license", "--out", target], {
  cwd: stage,
  stdio: ["ignore", "inherit", "inherit"],
});
process.exitCode = status ?? 1;
