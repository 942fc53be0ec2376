/** What a file says about names, and what another version of it says differently. */
import type { FileFacts, FunctionFacts } from "./facts.js";

/** What another version of a file changes about names. */
export interface NameChanges {
  /** Names of functions and macros that are declared otherwise, or no longer, or anew. */
  readonly names: ReadonlySet<string>;
  /** Those of them that other files may mean. */
  readonly external: ReadonlySet<string>;
  readonly includes: boolean;
}

export const isHeader = (path: string): boolean => /\.(h|hh|hpp|hxx|inc)$/i.test(path);

/** Told apart from its namesakes by this, as far as calls can. */
export function headerOf({ name, qualifier, className, isVirtual, isStatic, isMacro, isLambda, returnType, params }: FunctionFacts): string {
  return JSON.stringify([name, qualifier, className, isVirtual, isStatic, isMacro, isLambda, returnType, params]);
}

/** What differs; `undefined` where it is what classes there are, and everything may mean something else. */
export function nameChanges(before: FileFacts, after: FileFacts): NameChanges | undefined {
  if (before.language !== after.language || (after.language === "cpp" && classesIn(before) !== classesIn(after))) return undefined;
  const old = headersIn(before);
  const fresh = headersIn(after);
  const names = new Set<string>();
  const external = new Set<string>();
  for (const name of new Set([...old.keys(), ...fresh.keys()])) {
    const a = old.get(name) ?? [];
    const b = fresh.get(name) ?? [];
    if (a.length === b.length && a.every(({ header }, i) => header === b[i]!.header)) continue;
    names.add(name);
    if (isHeader(after.path) || [...a, ...b].some(({ isExternal }) => isExternal)) external.add(name);
  }
  return { names, external, includes: includesOf(before) !== includesOf(after) };
}

interface Header {
  readonly header: string;
  readonly isExternal: boolean;
}

const headers = new WeakMap<FileFacts, ReadonlyMap<string, readonly Header[]>>();

function headersIn(file: FileFacts): ReadonlyMap<string, readonly Header[]> {
  let known = headers.get(file);
  if (!known) {
    const found = new Map<string, Header[]>();
    for (const one of file.functions) {
      const header = { header: headerOf(one), isExternal: !one.isMacro && !one.isStatic };
      const list = found.get(one.name);
      if (list) list.push(header);
      else found.set(one.name, [header]);
    }
    headers.set(file, (known = found));
  }
  return known;
}

/** Classes, what stands for types, and what belongs to classes and namespaces. */
const classesIn = ({ classes, aliases, types, functions }: FileFacts): string =>
  JSON.stringify([classes, aliases, types, functions.filter(({ qualifier, className }) => qualifier !== undefined || className !== undefined).map(headerOf)]);

const includesOf = ({ includes }: FileFacts): string => includes.map(({ path }) => path).join("\n");

const isName = (text: string): boolean => /^\w+$/.test(text);

const mentioned = new WeakMap<FileFacts, ReadonlySet<string>>();

/** Every text in the facts of a file, and the names in those that are more than a name, as types with a deleter are: whatever it says of a name, the name is among them. */
export function textsIn(file: FileFacts): ReadonlySet<string> {
  let found = mentioned.get(file);
  if (!found) {
    const texts = new Set<string>();
    const seen = new Set<object>();
    const pending: unknown[] = [file];
    while (pending.length > 0) {
      const one = pending.pop();
      if (typeof one === "string") {
        if (texts.has(one)) continue;
        texts.add(one);
        if (!isName(one)) for (const [name] of one.matchAll(/\w+/g)) texts.add(name);
      } else if (typeof one === "object" && one !== null && !seen.has(one)) {
        seen.add(one);
        for (const [key, value] of one instanceof Map ? (one as ReadonlyMap<unknown, unknown>) : one instanceof Set ? (one as ReadonlySet<unknown>).entries() : Object.entries(one)) pending.push(key, value);
      }
    }
    mentioned.set(file, (found = texts));
  }
  return found;
}

const withoutPlaces = (key: string, value: unknown): unknown => (key === "span" || key === "site" ? undefined : value);

/** The variables whose tables, which calls may go through, hold something else in another version, wherever in the file. */
export function changedTables(before: FileFacts, after: FileFacts): ReadonlySet<string> {
  const old = tablesIn(before);
  const fresh = tablesIn(after);
  return new Set([...old.keys(), ...fresh.keys()].filter((name) => old.get(name) !== fresh.get(name)));
}

function tablesIn({ aggregates }: FileFacts): ReadonlyMap<string, string> {
  const tables = new Map<string, string>();
  for (const one of aggregates) tables.set(one.variable, `${tables.get(one.variable) ?? ""}${JSON.stringify(one, withoutPlaces)}`);
  return tables;
}
