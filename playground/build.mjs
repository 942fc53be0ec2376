/**
 * Builds the playground, a folder of static files: `node playground/build.mjs [FOLDER]`, by default `playground/dist`.
 * Run by `npm run build:playground`.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsdown";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "..");
const target = path.resolve(process.argv[2] ?? path.join(here, "dist"));
const require = createRequire(import.meta.url);

/** Modules that need Node, and what stands in their place. */
const replaced = new Map([
  ["src/syntax/grammar-files.ts", "grammar-files.ts"],
  ["src/source/prefilter.ts", "prefilter.ts"],
]);

const browserModules = {
  name: "browser-modules",
  async resolveId(source, importer, options) {
    const found = await this.resolve(source, importer, { ...options, skipSelf: true });
    const other = found && replaced.get(path.relative(root, found.id).split(path.sep).join("/"));
    return other === undefined || other === null ? found : path.join(here, other);
  },
};

if (process.argv[2] === undefined) rmSync(target, { recursive: true, force: true });
mkdirSync(path.join(target, "grammars"), { recursive: true });

await build({
  cwd: root,
  config: false,
  logLevel: "error",
  entry: { playground: path.join(here, "main.ts") },
  outDir: target,
  outExtensions: () => ({ js: ".js" }),
  format: "esm",
  platform: "browser",
  target: "es2023",
  dts: false,
  clean: false,
  minify: true,
  noExternal: () => true,
  inlineOnly: false,
  // The parser asks for these under Node only.
  external: ["fs/promises", "module"],
  plugins: [browserModules],
});

cpSync(path.join(here, "index.html"), path.join(target, "index.html"));
const parser = path.dirname(require.resolve("web-tree-sitter"));
cpSync(path.join(parser, "web-tree-sitter.wasm"), path.join(target, "web-tree-sitter.wasm"));
const licenses = [["web-tree-sitter", path.join(parser, "LICENSE")]];
for (const grammar of ["tree-sitter-c", "tree-sitter-cpp"]) {
  const folder = path.dirname(require.resolve(`${grammar}/package.json`));
  cpSync(path.join(folder, `${grammar}.wasm`), path.join(target, "grammars", `${grammar}.wasm`));
  licenses.push([grammar, path.join(folder, "LICENSE")]);
}
licenses.push(["diff", path.join(root, "node_modules/diff/LICENSE")]);
// Their authors ask for this wherever their work goes.
writeFileSync(path.join(target, "LICENSES.txt"), licenses.map(([name, file]) => `${name}\n\n${readFileSync(file, "utf8")}`).join("\n"));
