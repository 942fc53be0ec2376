/** Prints what of the C files below the given folders the front end understands, and where it does not. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { SourceFile } from "../src/source/source-file.js";
import { initSyntax, parseUnit } from "../src/syntax/index.js";

const verbose = process.argv.includes("--verbose");
const roots = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));

function* sources(at: string): Iterable<string> {
  if (!statSync(at).isDirectory()) yield at;
  else for (const entry of readdirSync(at, { withFileTypes: true })) {
    const inner = path.join(at, entry.name);
    if (entry.isDirectory()) yield* sources(inner);
    else if (entry.isFile() && /\.(?:c|h|cc|cpp|cxx|hpp|hh)$/.test(entry.name)) yield inner;
  }
}

await initSyntax();
let totalFiles = 0;
let totalFunctions = 0;
let totalIncomplete = 0;
for (const root of roots) {
  let files = 0;
  let bytes = 0;
  let functions = 0;
  let incomplete = 0;
  let unread = 0;
  let configurations = 0;
  const started = performance.now();
  for (const name of sources(root)) {
    const content = readFileSync(name);
    const unit = parseUnit(new SourceFile(name, new TextDecoder().decode(content)));
    files++;
    bytes += content.length;
    configurations += unit.coverage.configurations;
    functions += unit.coverage.functions;
    incomplete += unit.coverage.incompleteFunctions.length;
    unread += unit.coverage.unreadRegions.length;
    if (!verbose) continue;
    const { lines } = new SourceFile(name, new TextDecoder().decode(content));
    const text = new TextDecoder().decode(content);
    const show = (start: number, end: number): string => `${name}:${lines.positionAt(start).line}: ${JSON.stringify(text.slice(Math.max(0, start - 30), Math.min(end, start + 90)))}`;
    for (const { name: f, where } of unit.coverage.incompleteFunctions) {
      for (const { start, end } of where.slice(0, 3)) console.log(`FUNCTION ${f} ${show(start, end)}`);
    }
    for (const { reason, span } of unit.coverage.unreadRegions) console.log(`REGION ${reason} ${show(span.start, span.end)}`);
    for (const limit of unit.coverage.limits) console.log(`LIMIT ${name}: ${limit}`);
  }
  totalFiles += files;
  totalFunctions += functions;
  totalIncomplete += incomplete;
  const seconds = (performance.now() - started) / 1000;
  const share = functions === 0 ? 100 : (100 * (functions - incomplete)) / functions;
  console.log(
    `${root}: ${files} files, ${(bytes / 1e6).toFixed(2)} MB, ${functions} functions, ${incomplete} incomplete (${share.toFixed(2)} % complete), ` +
      `${unread} unread regions, ${configurations} configurations, ${seconds.toFixed(1)} s`,
  );
}
if (roots.length > 1) console.log(`all: ${totalFiles} files, ${totalFunctions} functions, ${totalIncomplete} incomplete`);
