import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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
      const licenses = ["tree-sitter-c", "tree-sitter-cpp"].map((grammar) => {
        const folder = path.dirname(require.resolve(`${grammar}/package.json`));
        copyFileSync(path.join(folder, `${grammar}.wasm`), path.join("dist/grammars", `${grammar}.wasm`));
        return `${grammar}\n\n${readFileSync(path.join(folder, "LICENSE"), "utf8")}`;
      });
      // Their authors ask for this wherever the grammars go.
      writeFileSync("dist/grammars/LICENSE", licenses.join("\n"));
    },
  },
});
