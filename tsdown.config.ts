import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { defineConfig } from "tsdown";

const require = createRequire(import.meta.url);

/** The modules that are loaded with one, and the packages: what it imports, and what that does. */
const loadedWith = (entry: string): ReadonlySet<string> => {
  const found = new Set<string>([path.resolve(entry)]);
  for (const file of found) {
    if (!path.isAbsolute(file)) continue;
    for (const [, target = ""] of readFileSync(file, "utf8").matchAll(/^(?:import|export)\b(?!\s+type\b)[^"'();=]*?"([^"\n]+)";/gmu)) {
      found.add(target.startsWith(".") ? path.resolve(path.dirname(file), target.replace(/\.js$/u, ".ts")) : target);
    }
  }
  found.delete(path.resolve(entry));
  return found;
};

const withCommand = loadedWith("src/cli.ts");
const withPlugin = loadedWith("src/index.ts");
const packageOf = (id: string): string => /[\\/]node_modules[\\/](?!.*[\\/]node_modules[\\/])((?:@[^\\/]+[\\/])?[^\\/]+)/u.exec(id)?.[1] ?? id;
const isIn = (modules: ReadonlySet<string>, id: string): boolean => modules.has(packageOf(id));

/** Small, and on the way of every run of the command: they are part of it, so that nothing has to be looked for beside it. */
const BUNDLED = ["commander", "ignore"];

export default defineConfig({
  entry: ["src/index.ts", "src/cli.ts", "src/worker.ts"],
  format: "esm",
  platform: "node",
  target: "node20",
  dts: true,
  // `.js`, as package.json has it; the default for this platform is `.mjs`.
  fixedExtension: false,
  clean: true,
  deps: { alwaysBundle: BUNDLED, onlyBundle: BUNDLED },
  // To look for a file and to link it takes longer than to read it: what every run of the command needs is one file, what the plugin needs as well
  // another one.
  outputOptions: {
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        { name: "base", test: (id) => isIn(withCommand, id) && isIn(withPlugin, id) },
        { name: "start", test: (id) => isIn(withCommand, id) && !isIn(withPlugin, id) },
      ],
    },
  },
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
      const bundled = BUNDLED.map((name) => {
        const folder = path.join("node_modules", name);
        return `${name}\n\n${readFileSync(path.join(folder, readdirSync(folder).find((file) => /^licen[cs]e/iu.test(file))!), "utf8")}`;
      });
      writeFileSync("dist/LICENSES", bundled.join("\n"));
    },
  },
});
