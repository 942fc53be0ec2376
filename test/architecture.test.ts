import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

/** What each part of src/ may import; the table of ARCHITECTURE.md. A part may always import itself. */
const ENGINE = ["analysis", "dataflow", "cfg", "syntax", "source"];
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  "src/source": [],
  "src/diagnostics": ["source"],
  "src/syntax": ["source", "diagnostics"],
  "src/cfg": ["syntax", "source"],
  "src/dataflow": [],
  "src/analysis": ["dataflow", "cfg", "syntax", "source"],
  "src/lws/api": [],
  "src/lws": ["lws/api", "diagnostics", ...ENGINE],
  "src/linter": ["diagnostics", "lws", "lws/api", ...ENGINE],
  "src/rules": ["linter", "lws", "lws/api", "diagnostics", ...ENGINE],
  "src/engine": ["rules", "linter", "lws", "lws/api", "diagnostics", ...ENGINE],
  "src/analyzer.ts": ["engine", "rules", "linter", "lws", "lws/api", "diagnostics", ...ENGINE],
  "src/reporters": ["analyzer.ts", "diagnostics", "source", "host", "linter"],
  "src/host": ["analyzer.ts", "diagnostics", "source", "reporters", "linter", "lws/api"],
  "src/eslint": ["analyzer.ts", "diagnostics", "source", "linter", "syntax"],
  "src/index.ts": ["analyzer.ts", "diagnostics", "source", "linter", "eslint", "host", "reporters"],
  "src/lsp": ["analyzer.ts", "diagnostics", "source", "linter", "syntax", "host", "reporters", "lws/api"],
  "src/cli.ts": ["analyzer.ts", "host", "lsp"],
};

/** Packages with one door each: only these files may import them. */
const DOORS: Readonly<Record<string, readonly RegExp[]>> = {
  "web-tree-sitter": [/^src\/syntax\/tree-sitter\.ts$/],
  commander: [/^src\/cli\.ts$/, /^src\/host\//],
  eslint: [/^src\/eslint\//, /^src\/index\.ts$/],
  "@eslint/plugin-kit": [/^src\/eslint\//],
  "@eslint/core": [/^src\/eslint\//],
  "vscode-languageserver": [/^src\/lsp\//],
  "vscode-languageserver/node": [/^src\/lsp\/server\.ts$/],
  "vscode-languageserver-textdocument": [/^src\/lsp\//],
  "node:fs": [/^src\/host\//, /^src\/cli\.ts$/, /^src\/syntax\/grammar-files\.ts$/, /^src\/reporters\//, /^src\/eslint\//],
};

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((name) => `src/${name.split(path.sep).join("/")}`)
  .filter((name) => name.endsWith(".ts"));

const layerOf = (file: string): string | undefined =>
  Object.keys(LAYERS).sort((a, b) => b.length - a.length).find((layer) => file === layer || file.startsWith(`${layer}/`));

const importsOf = (file: string): readonly string[] =>
  [...readFileSync(file, "utf8").matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, target]) => target!);

describe("imports point down", () => {
  for (const file of files) {
    const layer = layerOf(file);
    if (!layer) continue;
    test(file, () => {
      for (const target of importsOf(file).filter((name) => name.startsWith("."))) {
        const imported = path.posix.join(path.posix.dirname(file), target).replace(/\.js$/, ".ts");
        const other = layerOf(imported);
        expect(other, `${file} imports ${target}, which belongs to no layer`).toBeDefined();
        const allowed = other === layer || LAYERS[layer]!.includes(other!.replace(/^src\//, ""));
        expect(allowed, `${layer} must not import ${other} (${target})`).toBe(true);
        if (layer === "src/rules" && !file.endsWith("/index.ts")) expect(other, `a rule must not import another rule (${target})`).not.toBe("src/rules");
      }
    });
  }
});

describe("packages have one door", () => {
  for (const file of files) {
    test(file, () => {
      for (const target of importsOf(file)) {
        const doors = DOORS[target];
        if (doors) expect(doors.some((door) => door.test(file)), `${file} imports ${target}`).toBe(true);
      }
    });
  }
});

test("rules are small", () => {
  const sizes = files
    .filter((file) => file.startsWith("src/rules/") && !file.endsWith("/index.ts"))
    .map((file) => ({ file, lines: readFileSync(file, "utf8").split("\n").length }))
    .sort((a, b) => a.lines - b.lines);
  expect(sizes.at(-1)!.lines, `${sizes.at(-1)!.file} carries an analysis of its own`).toBeLessThanOrEqual(250);
  expect(sizes[Math.floor(sizes.length / 2)]!.lines).toBeLessThanOrEqual(110);
});

test("every rule has its file, page and fixtures under its id", () => {
  const ids = files.filter((file) => file.startsWith("src/rules/") && !file.endsWith("/index.ts")).map((file) => path.basename(file, ".ts"));
  const index = readFileSync("src/rules/index.ts", "utf8");
  for (const id of ids) {
    expect(index).toContain(`"./${id}.js"`);
    expect(readFileSync(`src/rules/${id}.ts`, "utf8")).toContain(`id: "${id}"`);
    expect(readdirSync("docs/rules")).toContain(`${id}.md`);
    expect(readdirSync("fixtures")).toContain(id);
  }
});
