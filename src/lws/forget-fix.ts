/** Makes a callback forget a connection when it closes. */
import type { Fix } from "../diagnostics/diagnostic.js";
import { inCases } from "./case-edit.js";
import type { KeptConnection } from "./kept-connections.js";
import { distinguishedReasons } from "./lifecycles.js";
import type { Program } from "./program.js";
import { code, list } from "./wording.js";

/**
 * All that one callback keeps and does not forget, in one fix: half of it done would look as if the callback took note of the end. Only what can be
 * spelled in the callback as it is where it is set: at file scope, above the callback.
 */
export function forgetFix(program: Program, kept: KeptConnection, all: readonly KeptConnection[]): readonly Fix[] {
  const { entry } = kept;
  const callback = entry.node;
  const source = program.sourceOf(callback.file.path);
  const [wsi, reason] = [entry.wsi, entry.selector].map((index) => (index === undefined ? undefined : callback.facts.params[index]?.name));
  if (!source || !wsi || !reason || callback.facts.incomplete) return [];
  const spelled = all.filter((one) => one.entry === entry && canSpell(source.text, one));
  if (!spelled.includes(kept)) return [];
  const empty = callback.file.language === "cpp" ? "nullptr" : "NULL";
  const lines = new Map<string, string[]>();
  for (const { name, missing } of spelled) {
    for (const one of missing) lines.set(one.name, [...(lines.get(one.name) ?? []), `if (${name} == ${wsi})`, `\t${name} = ${empty};`]);
  }
  const edits = inCases(source, callback, reason, lines, new Set(distinguishedReasons(entry).map((one) => one.name)));
  return edits ? [{ kind: "suggestion", title: `Forget ${list([...new Set(spelled.map(({ name }) => code(name)))])} when the connection closes`, edits }] : [];
}

function canSpell(text: string, { entry: { node: callback }, name, node, target }: KeptConnection): boolean {
  if (callback.file !== node.file || !/^[\w.>-]+$/.test(name)) return false;
  const root = /^\w+/.exec(name)![0];
  const declared = new RegExp(String.raw`\b${root}\b`).exec(text);
  return isNamed(target, root) && declared !== null && declared.index < callback.facts.span.start;
}

/** Whether a place begins with a variable at file scope of this name. */
const isNamed = (target: KeptConnection["target"], root: string): boolean =>
  target.kind === "entity" ? target.name === root : target.kind === "field" ? isNamed(target.base, root) : false;
