import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { defineConfig } from "tsdown";

const require = createRequire(import.meta.url);

export default defineConfig({
  entry: ["src/index.ts", "src/cli.ts", "src/worker.ts"],
  format: "esm",
  platform: "node",
  target: "node20",
  dts: true,
  // `.js`, as package.json has it; the default for this platform is `.mjs`.
  fixedExtension: false,
  clean: true,
  // The grammars are build-time dependencies: their .wasm files ship in dist, so that installing
  // the package runs no script and compiles nothing.
  hooks: {
    "build:done": () => {
      mkdirSync("dist/grammars", { recursive: true });
      for (const grammar of ["tree-sitter-c", "tree-sitter-cpp"]) {
        const file = path.join(path.dirname(require.resolve(`${grammar}/package.json`)), `${grammar}.wasm`);
        copyFileSync(file, path.join("dist/grammars", `${grammar}.wasm`));
      }
    },
  },
});
