/**
 * What the build files of a project say about the release of libwebsockets: texts in, evidence out, no file system. A number that a file gives
 * through a variable is followed only within that file.
 */
import { compareReleases, parseRelease, releaseBefore, type ReleaseRange } from "../lws/api/releases.js";

/** Where a release comes from, as `summary.lwsVersion.source` names it. */
export type VersionSource =
  | "option"
  | "config"
  | "lws_config.h"
  | "vendored"
  | "submodule"
  | "cmake"
  | "conan"
  | "vcpkg"
  | "meson"
  | "wrap"
  | "pkg-config"
  | "autoconf"
  | "debian"
  | "assumed";

export interface Evidence {
  readonly release: ReleaseRange;
  readonly source: VersionSource;
  /** 1-based. */
  readonly line: number;
}

interface Bound {
  readonly operator: string;
  readonly version: string;
}

const NUMBER = String.raw`v?\d{1,3}(?:\.\d{1,4}){0,2}`;
const CONSTRAINT = new RegExp(String.raw`(\^|~=?|>=|<=|>>|<<|==?|!=|<|>)?\s*(${NUMBER})`, "gu");

/** `4` is `4.0`; what is no release is nothing. */
const normal = (version: string): string | undefined => {
  const text = version.replace(/^v/u, "");
  const release = parseRelease(text.includes(".") ? text : `${text}.0`);
  return release?.from;
};

const bounds = (text: string, plain = "="): Bound[] =>
  [...text.matchAll(CONSTRAINT)].map(([, operator = plain, version = ""]) => ({ operator, version }));

/** All bounds together: `>= 4.1` with `< 5` is `4.1..4.5`. Nothing when there is no lower one. */
const rangeOf = (all: readonly Bound[]): ReleaseRange | undefined => {
  let from: string | undefined;
  let to: string | undefined;
  const raise = (version: string | undefined): void => {
    if (version !== undefined && (from === undefined || compareReleases(version, from) > 0)) from = version;
  };
  const lower = (version: string | undefined): void => {
    if (version !== undefined && (to === undefined || compareReleases(version, to) < 0)) to = version;
  };
  for (const { operator, version: written } of all) {
    const version = normal(written);
    if (version === undefined) continue;
    const [major = "0", minor = "0"] = version.split(".");
    if (operator === ">=" || operator === ">" || operator === ">>") raise(version);
    else if (operator === "<" || operator === "<<") lower(releaseBefore(version));
    else if (operator === "<=") lower(version);
    else if (operator === "^") {
      raise(version);
      lower(releaseBefore(`${Number(major) + 1}.0`));
    } else if (operator.startsWith("~")) {
      raise(version);
      lower(written.includes(".") ? `${major}.${minor}` : releaseBefore(`${Number(major) + 1}.0`));
    } else if (operator !== "!=") {
      raise(version);
      lower(version);
    }
  }
  if (from === undefined) return undefined;
  return to !== undefined && compareReleases(to, from) >= 0 ? { from, to } : { from };
};

const exactly = (version: string | undefined): ReleaseRange | undefined => {
  const from = version === undefined ? undefined : normal(version);
  return from === undefined ? undefined : { from, to: from };
};

/** The release a tag, branch, archive or folder is of: `v4.3-stable`, `v4.3.2`, `libwebsockets-4.3.2`. */
const taggedAs = (text: string): ReleaseRange | undefined =>
  exactly(/(?:^|[/_-])v?(\d{1,2}\.\d{1,2}(?:\.\d{1,3})?)(?:-stable|-chrome\w+(?:-firefox-?\w+)?)?(?=$|\.(?:tar|zip|tgz|t\wz)|[/"'\s])/u.exec(text)?.[1]);

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;

/** The same text with comments blanked, so that offsets stay. */
const blank = (text: string, comment: RegExp): string => text.replaceAll(comment, (match) => match.replaceAll(/[^\n]/gu, " "));

interface Call {
  readonly args: string;
  readonly start: number;
  readonly argsStart: number;
}

const LONGEST_CALL = 20_000;
const MOST_CALLS = 1000;

/** Calls `NAME(…)`, parentheses in pairs. */
const calls = function* (text: string, name: RegExp): Generator<Call> {
  let count = 0;
  for (const match of text.matchAll(name)) {
    if (++count > MOST_CALLS) return;
    const argsStart = match.index + match[0].length;
    const longest = Math.min(text.length, argsStart + LONGEST_CALL);
    let depth = 1;
    let end = argsStart;
    for (; end < longest && depth > 0; end++) {
      if (text[end] === "(") depth++;
      else if (text[end] === ")") depth--;
    }
    if (depth === 0) yield { args: text.slice(argsStart, end - 1), start: match.index, argsStart };
  }
};

type Found = Omit<Evidence, "line"> & { readonly at: number };
type Reader = (text: string) => Iterable<Found>;

const evidence = (release: ReleaseRange | undefined, source: VersionSource, at: number): Found[] =>
  release === undefined ? [] : [{ release, source, at }];

const lwsConfig: Reader = (text) => {
  const part = (name: string): RegExpExecArray | null =>
    new RegExp(String.raw`^[ \t]*#[ \t]*define[ \t]+LWS_LIBRARY_VERSION_${name}[ \t]+"?(\d+)`, "mu").exec(text);
  const major = part("MAJOR");
  const minor = part("MINOR");
  if (major && minor) {
    const patch = part("PATCH")?.[1];
    return evidence(exactly(`${major[1]}.${minor[1]}${patch === undefined ? "" : `.${patch}`}`), "lws_config.h", major.index);
  }
  const whole = /^[ \t]*#[ \t]*define[ \t]+LWS_LIBRARY_VERSION[ \t]+"(\d+\.\d+(?:\.\d+)?)/mu.exec(text);
  return whole ? evidence(exactly(whole[1]), "lws_config.h", whole.index) : [];
};

const cmake: Reader = function* (original) {
  const text = blank(original, /#\[\[[\s\S]*?\]\]|#[^\n]*/gu);
  const variables = new Map<string, string>();
  for (const [, name = "", value = ""] of text.matchAll(/\bset\s*\(\s*(\w+)\s+"?([^\s")]+)/giu)) variables.set(name, value);
  const expand = (value: string): string => {
    let expanded = value;
    for (let round = 0; round < 4 && expanded.includes("${"); round++) {
      expanded = expanded.replaceAll(/\$\{(\w+)\}/gu, (all, name: string) => variables.get(name) ?? all.replace("$", ""));
    }
    return expanded;
  };

  for (const { args, start } of calls(text, /\bproject\s*\(/giu)) {
    if (!/^\s*"?libwebsockets(?=["\s]|$)/iu.test(args)) continue;
    const written = /\bVERSION\s+"?([\w.${}]+)/u.exec(args)?.[1];
    const [major, minor] = ["MAJOR", "MINOR"].map((part) => variables.get(`CPACK_PACKAGE_VERSION_${part}`));
    const patch = /^\d+$/u.exec(variables.get("CPACK_PACKAGE_VERSION_PATCH_NUMBER") ?? variables.get("CPACK_PACKAGE_VERSION_PATCH") ?? "")?.[0];
    if (written !== undefined) yield* evidence(exactly(expand(written)), "vendored", start);
    else if (major !== undefined && minor !== undefined) {
      const at = text.search(/CPACK_PACKAGE_VERSION_MAJOR/u);
      yield* evidence(exactly(`${major}.${minor}${patch === undefined ? "" : `.${patch}`}`), "vendored", Math.max(at, 0));
    }
  }
  for (const { args, start } of calls(text, /\bfind_(?:package|dependency)\s*\(/giu)) {
    const [, version, to] = /^\s*"?libwebsockets"?\s+"?([\w.${}]+?)(?:\.\.\.(<?[\w.${}]+))?"?(?=\s|$)/iu.exec(args) ?? [];
    const lower = version === undefined ? undefined : /^[\d.]+$/u.exec(expand(version))?.[0];
    if (lower === undefined) continue;
    const upper = to === undefined ? "" : expand(to.startsWith("<") ? to : `<=${to}`);
    yield* evidence(/\bEXACT\b/u.test(args) ? exactly(lower) : rangeOf([...bounds(lower, ">="), ...bounds(upper)]), "cmake", start);
  }
  for (const { args, start } of calls(text, /\bpkg_(?:check_modules|search_module)\s*\(/giu)) {
    yield* evidence(rangeOf(modules(expand(args))), "cmake", start);
  }
  for (const { args, argsStart } of calls(text, /\b(?:FetchContent_Declare|ExternalProject_Add|CPMAddPackage|CPMFindPackage|CPMDeclarePackage)\s*\(/giu)) {
    if (!/libwebsockets/iu.test(args)) continue;
    const short = /libwebsockets[@#]([\w.-]+)/iu.exec(args);
    const tag = /\b(?:GIT_TAG|VERSION|URL)\s+"?([^\s"]+)/gu;
    const named = short ? [{ value: short[1]!, index: short.index }] : [...args.matchAll(tag)].map((match) => ({ value: match[1]!, index: match.index }));
    for (const { value, index } of named) {
      const at = argsStart + index;
      // A commit says nothing by itself; people note its release behind it.
      const note = /#[^\n]*/u.exec(original.slice(at, (original.indexOf("\n", at) + 1 || original.length + 1) - 1))?.[0] ?? "";
      const release = taggedAs(expand(value)) ?? (/^[\da-f]{7,40}$/u.test(value) ? taggedAs(note.replaceAll(/[#\s]+/gu, " ").trim()) : undefined);
      if (release === undefined) continue;
      yield* evidence(release, "cmake", at);
      break;
    }
  }
};

/** `libwebsockets >= 4.1 libwebsockets < 5` among other modules; all numbers of another module belong to that one. */
const modules = (text: string): Bound[] =>
  [...text.matchAll(/(?<![\w-])libwebsockets(?:_static)?\s*(>=|<=|==|!=|=|<|>)\s*([\w.]+)/gu)].flatMap(([, operator = "", version = ""]) => bounds(`${operator}${version}`));

const autoconf: Reader = function* (original) {
  const text = blank(original, /\bdnl\b[^\n]*|#[^\n]*/gu);
  for (const { args, start } of calls(text, /\bPKG_(?:CHECK_MODULES|CHECK_EXISTS)\w*\s*\(/gu)) yield* evidence(rangeOf(modules(args)), "autoconf", start);
};

const conan: Reader = function* (original) {
  const text = blank(original, /^[ \t]*#[^\n]*/gmu);
  for (const match of text.matchAll(/\blibwebsockets\/(\[[^\]\n]+\]|[\w.]+)/gu)) {
    const version = match[1]!;
    const isRange = version.startsWith("[");
    yield* evidence(isRange ? rangeOf(bounds(version.replace(/,.*$/u, ""))) : exactly(version), "conan", match.index);
  }
};

const vcpkg: Reader = function* (text) {
  const object = /\{[^{}]*"name"\s*:\s*"libwebsockets"[^{}]*\}/gu;
  for (const match of text.matchAll(object)) {
    const minimum = /"version>="\s*:\s*"([\d.]+)/u.exec(match[0]);
    const pinned = /"version(?:-string|-semver)?"\s*:\s*"([\d.]+)/u.exec(match[0]);
    yield* evidence(pinned ? exactly(pinned[1]) : minimum ? rangeOf([{ operator: ">=", version: minimum[1]! }]) : undefined, "vcpkg", match.index);
  }
};

const meson: Reader = function* (original) {
  const text = blank(original, /#[^\n]*/gu);
  for (const { args, start } of calls(text, /\b(?:dependency|subproject)\s*\(/gu)) {
    if (!/^\s*'(?:lib)?websockets(?:_static|_shared)?'/u.test(args)) continue;
    const version = /\bversion\s*:\s*(\[[^\]]*\]|'[^']*')/u.exec(args)?.[1];
    if (version !== undefined) yield* evidence(rangeOf(bounds(version)), "meson", start);
  }
};

const wrap: Reader = function* (text) {
  for (const key of ["revision", "source_url", "source_filename", "directory"]) {
    const match = new RegExp(String.raw`^[ \t]*${key}[ \t]*=[ \t]*(\S+)`, "mu").exec(text);
    const release = match === null ? undefined : taggedAs(match[1]!);
    if (match !== null && release !== undefined) {
      yield* evidence(release, "wrap", match.index);
      return;
    }
  }
};

const pkgConfig: Reader = function* (text) {
  if (/^Name:\s*libwebsockets\s*$/mu.test(text)) {
    const version = /^Version:\s*(\d+\.\d+(?:\.\d+)?)/mu.exec(text);
    if (version) yield* evidence(exactly(version[1]), "pkg-config", version.index);
    return;
  }
  for (const match of text.matchAll(/^Requires(?:\.private)?:([^\n]*)/gmu)) yield* evidence(rangeOf(modules(match[1]!)), "pkg-config", match.index);
};

const debian: Reader = function* (original) {
  const text = blank(original, /^#[^\n]*/gmu);
  const all = [...text.matchAll(/\blibwebsockets-dev\s*\(\s*(>=|<=|>>|<<|=)\s*(?:\d+:)?(\d+(?:\.\d+){0,2})/gu)];
  const release = rangeOf(all.map(([, operator = "", version = ""]) => ({ operator, version })));
  if (all[0]) yield* evidence(release, "debian", all[0].index);
};

/** The sections of `.gitmodules` that are about libwebsockets. */
const submodules = function* (text: string): Generator<{ readonly section: string; readonly at: number }> {
  let at = 0;
  for (const section of text.split(/^(?=\[)/mu)) {
    if (/^[ \t]*url[ \t]*=[^\n]*\blibwebsockets(?:\.git)?\/?[ \t]*$/mu.test(section)) yield { section, at };
    at += section.length;
  }
};

/** A branch in `.gitmodules`; what is checked out says more, and is a copy like any other. */
const gitmodules: Reader = function* (text) {
  for (const { section, at } of submodules(text)) {
    const branch = /^[ \t]*branch[ \t]*=[ \t]*(\S+)/mu.exec(section);
    if (branch) yield* evidence(taggedAs(branch[1]!), "submodule", at + branch.index);
  }
};

const READERS: readonly (readonly [name: RegExp, reader: Reader])[] = [
  [/^lws_config\.h$/u, lwsConfig],
  [/^CMakeLists\.txt$|\.cmake$/u, cmake],
  [/^configure\.(?:ac|in)$/u, autoconf],
  [/^conanfile\.(?:txt|py)$/u, conan],
  [/^vcpkg\.json$/u, vcpkg],
  [/^meson\.build$/u, meson],
  [/^libwebsockets\.wrap$/u, wrap],
  [/\.pc(?:\.in)?$/u, pkgConfig],
  [/^control(?:\.in)?$/u, debian],
  [/^\.gitmodules$/u, gitmodules],
];

/** Whether a file of this name, without folder, can say something. */
export const isBuildFile = (name: string): boolean => READERS.some(([pattern]) => pattern.test(name));

/** What one file says, in the order of its text. */
export const readVersion = (name: string, text: string): Evidence[] => {
  const reader = READERS.find(([pattern]) => pattern.test(name))?.[1];
  if (reader === undefined || !/websockets|LWS_LIBRARY_VERSION/iu.test(text)) return [];
  return [...reader(text)].map(({ release, source, at }) => ({ release, source, line: lineAt(text, at) }));
};

/** The paths at which `.gitmodules` puts libwebsockets. */
export const submodulePaths = (text: string): string[] =>
  [...submodules(text)].flatMap(({ section }) => /^[ \t]*path[ \t]*=[ \t]*(\S+)/mu.exec(section)?.[1] ?? []);

const isExact = ({ release: { from, to } }: Pick<Evidence, "release">): boolean => to === from;

const within = ({ from }: ReleaseRange, range: ReleaseRange): boolean =>
  compareReleases(from, range.from) >= 0 && (range.to === undefined || compareReleases(from, range.to) <= 0);

/**
 * The one that counts. What is there outranks what is asked for, unless a file nearer by or in the same folder asks for something else; of several
 * demands in one folder the highest counts, as all of them have to hold.
 *
 * @param places evidence by folder, the nearest first
 */
export const choose = <T extends Evidence>(places: readonly (readonly T[])[]): T | undefined => {
  const demandAt = places.findIndex((found) => found.some((one) => !isExact(one)));
  const demand = places[demandAt]
    ?.filter((one) => !isExact(one))
    .reduce((best, one) => (compareReleases(one.release.from, best.release.from) > 0 ? one : best));
  for (const [at, found] of places.entries()) {
    const exact = found.find(
      (one) => isExact(one) && (demand === undefined || at < demandAt || within(one.release, demand.release)),
    );
    if (exact !== undefined) return exact;
  }
  return demand;
};
