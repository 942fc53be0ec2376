/**
 * Writes `src/lws/api/functions.generated.ts` and `release-list.generated.ts` beside it, and prints what the headers say about callback reasons and timeout reasons.
 *
 *     npx tsx tools/extract-api.ts path/to/libwebsockets.git [--check]
 *
 * The argument is any clone of libwebsockets that has the release tags. For the last patch release of every minor release the headers
 * that are installed (all of `include/`, before 3.1 `lib/libwebsockets.h`) give the public functions, function-like macros and inline functions;
 * `lib/` gives what is internal: declared in a private header, a function-like macro there, or defined without `static`. Comments are removed;
 * preprocessor conditions are not evaluated, so a name counts whatever the build options are. `--check` writes nothing, and fails
 * when the file would change, when the reason and timeout tables disagree with the headers, or when an installed header of any tag,
 * older patch releases too, declares a name that is taken for internal.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

import { CALLBACK_REASONS, FORMER_REASONS } from "../src/lws/api/reasons.js";
import { TIMEOUT_REASONS } from "../src/lws/api/constants.js";

const OUTPUT = "src/lws/api/functions.generated.ts";
/** Apart from the table, which is large: which releases there are is asked before any file is looked at. */
const RELEASE_LIST = "src/lws/api/release-list.generated.ts";

/** Release name and the tag that stands for it. */
const RELEASES: readonly (readonly [release: string, tag: string])[] = [
  ["1.0", "v1.0-chrome25-firefox17"], ["1.1", "v1.1-chrome26-firefox18"], ["1.2", "v1.2-chrome26-firefox18"],
  ["1.21", "v1.21-chrome26-firefox18"], ["1.22", "v1.22-chrome26-firefox18"], ["1.23", "v1.23-chrome32-firefox24"],
  ["1.3", "v1.3-chrome37-firefox30"], ["1.4", "v1.4-chrome43-firefox-36"], ["1.5", "v1.5.1"], ["1.6", "v1.6.3"], ["1.7", "v1.7.9"],
  ["2.0", "v2.0.3"], ["2.1", "v2.1.1"], ["2.2", "v2.2.2"], ["2.3", "v2.3.0"], ["2.4", "v2.4.2"],
  ["3.0", "v3.0.1"], ["3.1", "v3.1.0"], ["3.2", "v3.2.3"],
  ["4.0", "v4.0.21"], ["4.1", "v4.1.6"], ["4.2", "v4.2.2"], ["4.3", "v4.3.10"], ["4.4", "v4.4.5"], ["4.5", "v4.5.8"], ["5.0", "v5.0.0"],
];

/** Third-party code inside the library, and the parts of it that no application links. */
const NOT_LWS = /^lib\/(tls\/mbedtls\/wrapper|misc\/(getifaddrs|romfs)|plat\/(windows|freertos|optee|esp32)|.*\/(dummy|test)-)|huftable|lextable|uthash/;

type Kind = "function" | "macro" | "inline" | "alias" | "internal";
interface Found { readonly kind: Kind; readonly header: string }
interface Entry { kind: Kind; header: string; readonly publicIn: string[]; readonly internalIn: string[] }

const [repository, flag] = process.argv.slice(2);
if (repository === undefined) throw new Error("usage: tsx tools/extract-api.ts path/to/libwebsockets.git [--check]");

const git = (...args: string[]): string =>
  execFileSync("git", ["-C", repository, ...args], { encoding: "utf8", maxBuffer: 1 << 28 });

/** The one header below `plugins/` that is installed. */
const SSH_PLUGIN = "plugins/ssh-base/include/lws-plugin-ssh.h";

const files = (tag: string): string[] =>
  git("ls-tree", "-r", "--name-only", tag, "--", "include", "lib", SSH_PLUGIN).split("\n").filter((file) => /\.(h|c)$/.test(file));

/** Source: `HDR_PUBLIC` and `install(DIRECTORY include/libwebsockets …)` of the tags' CMake files. */
const isInstalled = (file: string): boolean => file.endsWith(".h") && (file.startsWith("include/") || file === "lib/libwebsockets.h" || file === SSH_PLUGIN);

/** Reads many files of one tag with one process. */
function contents(tag: string, paths: readonly string[]): Map<string, string> {
  const answer = execFileSync("git", ["-C", repository!, "cat-file", "--batch"], {
    input: paths.map((path) => `${tag}:${path}\n`).join(""),
    maxBuffer: 1 << 28,
  });
  const texts = new Map<string, string>();
  let at = 0;
  for (const path of paths) {
    const end = answer.indexOf(10, at);
    const size = Number(answer.toString("latin1", at, end).split(" ")[2]);
    texts.set(path, answer.toString("latin1", end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return texts;
}

const withoutComments = (text: string): string =>
  text
    .replaceAll(/\\\r?\n/g, " ")
    .replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, (m) => (m.startsWith("/") ? " " : '""'));

interface Declarations { readonly functions: Map<string, "declared" | "defined" | "inline">; readonly macros: Map<string, string | undefined> }

/** What one text declares at file scope. Macros map to the name they are an alias of, or to `undefined` when they take arguments. */
function declarations(source: string): Declarations {
  const macros = new Map<string, string | undefined>();
  const text = withoutComments(source).replaceAll(/^[ \t]*#[^\n]*$/gm, (line) => {
    const macro = /^[ \t]*#[ \t]*define[ \t]+(\w+)(?:(\()|[ \t]+(\w+)[ \t]*$)?/.exec(line);
    if (macro?.[2]) macros.set(macro[1]!, undefined);
    else if (macro?.[3]) macros.set(macro[1]!, macro[3]);
    return "";
  });
  const functions = new Map<string, "declared" | "defined" | "inline">();
  let depth = 0;
  let statement = "";
  const flush = (end: ";" | "{"): void => {
    const head = statement.replaceAll(/__attribute__\s*\(\(.*?\)\)|__declspec\s*\([^)]*\)/gs, " ").trim();
    const name = /^[^(=]*?\b(\w+)\s*\(/s.exec(head)?.[1];
    if (name && !/^(typedef|else|return|if|while|for|switch|do)\b/.test(head) && /\w[\s*]+\w+\s*\(/.test(head)) {
      const isStatic = /^(?:\w+\s+)*?static\b/.test(head);
      if (end === "{") functions.set(name, isStatic ? "inline" : "defined");
      else if (!isStatic && !functions.has(name)) functions.set(name, "declared");
    }
    statement = "";
  };
  for (const part of text.match(/[{};]|[^{};]+/g) ?? []) {
    if (part === "{") {
      if (depth === 0 && /extern\s+""\s*$/.test(statement)) {
        statement = "";
        continue;
      }
      if (depth === 0) flush("{");
      depth++;
    } else if (part === "}") {
      if (depth > 0) depth--;
      statement = "";
    } else if (depth === 0) {
      if (part === ";") flush(";");
      else statement += part;
    }
  }
  return { functions, macros };
}

function scan(tag: string): { publicNames: Map<string, Found>; internalNames: Map<string, Found> } {
  const all = files(tag).filter((file) => !NOT_LWS.test(file));
  const texts = contents(tag, all);
  const installed = all.filter(isInstalled);
  const publicNames = new Map<string, Found>();
  const internalNames = new Map<string, Found>();
  const aliases: [string, string, string][] = [];
  for (const file of installed) {
    const header = file.slice(file.lastIndexOf("/") + 1);
    const found = declarations(texts.get(file)!);
    for (const [name, how] of found.functions) publicNames.set(name, { kind: how === "inline" ? "inline" : "function", header });
    for (const [name, target] of found.macros) {
      if (target !== undefined) aliases.push([name, target, header]);
      else if (!publicNames.has(name)) publicNames.set(name, { kind: "macro", header });
    }
  }
  for (const [name, target, header] of aliases) if (publicNames.has(target) && !publicNames.has(name)) publicNames.set(name, { kind: "alias", header });
  for (const file of all) {
    if (installed.includes(file)) continue;
    const found = declarations(texts.get(file)!);
    const isHeader = file.endsWith(".h");
    const hidden = [...found.functions].filter(([, how]) => how === "defined" || isHeader).map(([name]) => name);
    // A macro of a source file is that file's own.
    if (isHeader) hidden.push(...[...found.macros].filter(([, target]) => target === undefined).map(([name]) => name));
    for (const name of hidden)
      if (!publicNames.has(name) && (isHeader || !internalNames.has(name))) internalNames.set(name, { kind: "internal", header: file.replace(/^lib\//, "") });
  }
  return { publicNames, internalNames };
}

/** The library's own prefixes. Headers for small platforms also declare libc functions, and private code has names like `insert_wsi`. */
const ours = (name: string): boolean => /^_*(lws|lejp|lecp|lhp|libwebsocket|sa46)/i.test(name) || name === "wsi_from_fd";

const entries = new Map<string, Entry>();
for (const [release, tag] of RELEASES) {
  const { publicNames, internalNames } = scan(tag);
  for (const [name, { kind, header }] of publicNames) {
    if (!/[a-z]/.test(name) && kind === "macro" && !name.startsWith("LWS")) continue;
    const entry = entries.get(name) ?? { kind, header, publicIn: [], internalIn: [] };
    entry.kind = kind;
    entry.header = header;
    entry.publicIn.push(release);
    entries.set(name, entry);
  }
  for (const [name, { header }] of internalNames) {
    const entry = entries.get(name) ?? { kind: "internal" as const, header, publicIn: [], internalIn: [] };
    if (entry.publicIn.length === 0) entry.header = header;
    entry.internalIn.push(release);
    entries.set(name, entry);
  }
}
/** Internal macros in capitals are of no use to the rules: applications have many of that form themselves. */
const isTelling = (name: string, { kind }: Entry): boolean => kind !== "internal" || /[a-z]/.test(name);

for (const [name, entry] of [...entries]) if (!ours(name) || !isTelling(name, entry)) entries.delete(name);

const LETTER: Readonly<Record<Kind, string>> = { function: "f", macro: "m", inline: "i", alias: "a", internal: "x" };
const LAST = RELEASES.at(-1)![0];
const range = (releases: readonly string[]): string =>
  releases.length === 0 ? "-" : `${releases[0]}${releases.at(-1) === LAST ? "" : `..${releases.at(-1)}`}`;

const lines = [...entries]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, e]) => `${name} ${LETTER[e.kind]} ${range(e.publicIn)} ${range(e.internalIn)} ${e.header}`);
const head = `// Generated by tools/extract-api.ts from the headers of libwebsockets ${RELEASES[0]![0]} to ${LAST} (${RELEASES.length} release tags). Do not edit.`;
const releaseList = `${head}

/** The releases that the tables know, oldest first. */
export const API_RELEASES = ${JSON.stringify(RELEASES.map(([release]) => release))} as const;
`;
const output = `${head}
//
// One name a line: name, kind (f function, m macro, i inline, a alias of another name, x only ever internal), releases in which an installed
// header declares it, releases in which it is internal to the library, newest header (installed ones without folder).
// A range without end lasts to the newest release; "-" is never.

export const API_TABLE = \`
${lines.join("\n")}
\`;
`;

// ---- the hand-kept tables against the headers ---------------------------------------------------------

const complaints: string[] = [];
const numbers = new Map<string, Map<string, number>>();
for (const [release, tag] of RELEASES) {
  const headers = files(tag).filter((file) => file.endsWith(".h") && (file.startsWith("include/") || file === "lib/libwebsockets.h" || file.startsWith("lib/libwebsockets.h") || file.startsWith("lib/lws-")));
  for (const text of contents(tag, headers).values()) {
    for (const [, name, body] of withoutComments(text).matchAll(/enum\s+(\w+)\s*\{([^}]*)\}/g)) {
      if (name !== "lws_callback_reasons" && name !== "libwebsocket_callback_reasons" && name !== "pending_timeout") continue;
      let next = 0;
      for (const item of body!.replaceAll(/^\s*#.*$/gm, "").split(",")) {
        const m = /^\s*(\w+)\s*(?:=\s*(\d+))?\s*$/.exec(item);
        if (!m) continue;
        if (m[2] !== undefined) next = Number(m[2]);
        const perRelease = numbers.get(m[1]!) ?? new Map<string, number>();
        perRelease.set(release, next++);
        numbers.set(m[1]!, perRelease);
      }
    }
  }
}
const known = new Map<string, { number: number; since: string; until?: string }>();
for (const r of [...CALLBACK_REASONS, ...FORMER_REASONS]) known.set(r.name, r);
for (const t of TIMEOUT_REASONS) known.set(t.name, { number: t.value, since: t.since, ...(t.until === undefined ? {} : { until: t.until }) });
for (const [name, perRelease] of numbers) {
  const have = known.get(name);
  const releases = [...perRelease.keys()];
  const newest = perRelease.get(releases.at(-1)!);
  const shown = `${name} = ${newest} ${range(releases)}${new Set(perRelease.values()).size > 1 ? ` (was ${[...new Set(perRelease.values())].join(", ")})` : ""}`;
  if (have === undefined) complaints.push(`missing: ${shown}`);
  else if (have.number !== newest || have.since !== releases[0] || (have.until ?? LAST) !== releases.at(-1))
    complaints.push(`differs: ${shown}; the table says ${have.number} ${have.since}..${have.until ?? ""}`);
}
for (const [name, { since }] of known)
  if (!numbers.has(name) && Number(since) <= Number(LAST)) complaints.push(`in no header: ${name}`);

/** Installed headers of all tags that are releases, each text once, with the first tag that has it. */
function* installedHeaders(): Generator<readonly [tag: string, path: string, text: string]> {
  const seen = new Set<string>();
  for (const tag of git("tag", "--list", "v[0-9]*").trim().split("\n")) {
    const listed = git("ls-tree", "-r", tag, "--", "include", "lib/libwebsockets.h", SSH_PLUGIN).trim().split("\n");
    const fresh = listed.flatMap((line) => {
      const [blob = "", path = ""] = line.split("\t");
      if (!isInstalled(path) || seen.has(blob)) return [];
      seen.add(blob);
      return [path];
    });
    for (const [path, text] of contents(tag, fresh)) yield [tag, path, text];
  }
}

for (const [tag, path, text] of installedHeaders()) {
  const found = declarations(text);
  for (const name of [...found.functions.keys(), ...found.macros.keys()])
    if (entries.get(name)?.kind === "internal") complaints.push(`taken for internal, but declared by ${path} of ${tag}: ${name}`);
}

for (const line of complaints) console.log(line);

if (flag === "--check") {
  const stale = [[OUTPUT, output], [RELEASE_LIST, releaseList]].some(([file, text]) => readFileSync(file!, "utf8") !== text);
  if (stale) console.log(`${OUTPUT} or ${RELEASE_LIST} is not what the headers say: run without --check`);
  process.exitCode = stale || complaints.length > 0 ? 1 : 0;
} else {
  writeFileSync(OUTPUT, output);
  writeFileSync(RELEASE_LIST, releaseList);
  console.log(`${OUTPUT}: ${lines.length} names`);
}
