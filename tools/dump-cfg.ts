/**
 * Prints the control-flow graph of a function in the DOT language, one graph per configuration:
 *
 *     npx tsx tools/dump-cfg.ts FILE FUNCTION | dot -Tsvg > cfg.svg
 */
import { readFileSync } from "node:fs";
import { buildCfg } from "../src/cfg/builder.js";
import { toDot } from "../src/cfg/dot.js";
import { decode } from "../src/source/decode.js";
import { initSyntax, parseUnit } from "../src/syntax/index.js";

const [file, name] = process.argv.slice(2);
if (file === undefined || name === undefined) {
  console.error("usage: tsx tools/dump-cfg.ts FILE FUNCTION");
  process.exit(2);
}
await initSyntax();
const decoded = decode(file, readFileSync(file));
if (!decoded.file) {
  console.error(decoded.problem);
  process.exit(2);
}
const { text } = decoded.file;
const unit = parseUnit(decoded.file);
const functions = unit.functions.filter((one) => one.name === name);
if (functions.length === 0) {
  console.error(`${file} defines no function \`${name}\`; it defines ${unit.functions.map((one) => one.name).join(", ")}`);
  process.exit(1);
}
for (const { variants } of functions) {
  for (const { configuration, body } of variants) {
    const title = configuration === "" ? name : `${name}, ${configuration}`;
    process.stdout.write(toDot(buildCfg(body), title, (span) => text.slice(span.start, span.end)));
  }
}
