/** Which reason of a callback reaches which call of the library, drawn; red where a finding says that it is wrong. */
import type { CallbackMap } from "../../analyzer.js";
import type { Diagnostic, Location } from "../../diagnostics/diagnostic.js";
import { fullRuleId } from "../../diagnostics/rule-id.js";
import { lineOf } from "./excerpt.js";
import { placeText, type View } from "./finding.js";
import { escape, plain } from "./markup.js";

/** What stands on the right: a call of the library, or a finding about the callback itself. */
interface Target {
  readonly label: string;
  readonly where: Location;
  /** What speaks of it. */
  readonly findings: readonly Diagnostic[];
}

interface Row {
  readonly label: string;
  readonly short: string;
  readonly edges: readonly { readonly target: number; readonly findings: readonly Diagnostic[] }[];
}

const PREFIX = /^LWS_CALLBACK_/u;
const OTHERS: Readonly<Record<CallbackMap["kind"], string>> = {
  protocol: "any other reason",
  timer: "each time it fires",
  ss: "each time it is called",
  thread: "in its thread",
  signal: "in the signal",
};

const isSame = (a: Location, b: Location): boolean => a.file === b.file && a.span.start === b.span.start;

/** Whether a finding is about this call, on the way through the callback. */
const isAbout = (diagnostic: Diagnostic, { at, from }: CallbackMap["calls"][number]): boolean =>
  isSame(diagnostic, at) || (from.some((one) => isSame(diagnostic, one)) && diagnostic.related.some((related) => isSame(related, at)));

const holdsFor = ({ reasons }: Diagnostic, reason: string | undefined, named: ReadonlySet<string | undefined>): boolean =>
  reasons.length === 0 || (reason === undefined ? reasons.some((one) => !named.has(one)) : reasons.includes(reason));

const functionOf = ({ function: name, file }: Diagnostic, map: CallbackMap): boolean => name === map.name && file === map.file;

/** Findings that belong to a callback, whichever call they are about. */
export const findingsOf = (map: CallbackMap, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  diagnostics.filter((diagnostic) => functionOf(diagnostic, map) || map.calls.some((call) => isAbout(diagnostic, call)));

const layout = (map: CallbackMap, diagnostics: readonly Diagnostic[]): { readonly targets: readonly Target[]; readonly rows: readonly Row[] } => {
  const calls = map.calls.map(({ name, at }, index) => ({
    label: `${name}()`,
    where: at,
    findings: diagnostics.filter((diagnostic) => isAbout(diagnostic, map.calls[index]!)),
  }));
  const told = new Set(calls.flatMap(({ findings }) => findings));
  const own = diagnostics
    .filter((diagnostic) => !told.has(diagnostic) && functionOf(diagnostic, map) && diagnostic.reasons.length > 0)
    .map((diagnostic) => ({ label: fullRuleId(diagnostic.ruleId), where: diagnostic, findings: [diagnostic] }));
  const targets = [...calls, ...own];
  const named = new Set(map.reasons.map(({ reason }) => reason));
  const edgesOf = ({ reason, calls: reached }: CallbackMap["reasons"][number]): Row["edges"] =>
    targets.flatMap(({ findings }, target) => {
      const wrong = findings.filter((diagnostic) => holdsFor(diagnostic, reason, named));
      return (target < calls.length ? reached.includes(target) : wrong.length > 0) ? [{ target, findings: wrong }] : [];
    });
  // Reasons that lead to the same places share a row.
  const rows = new Map<string, { names: string[]; edges: Row["edges"] }>();
  for (const reason of map.reasons) {
    const edges = edgesOf(reason);
    const key = edges.map(({ target, findings }) => `${target}${findings.length > 0 ? "!" : ""}`).join(",");
    const name = reason.reason ?? OTHERS[map.kind];
    const known = rows.get(key);
    if (known === undefined) rows.set(key, { names: [name], edges });
    else known.names.push(name);
  }
  return {
    targets,
    rows: [...rows.values()].map(({ names, edges }) => {
      const short = names.map((name) => name.replace(PREFIX, ""));
      return { label: names.join(", "), short: short.length > 2 ? `${short.slice(0, 2).join(", ")} +${short.length - 2}` : short.join(", "), edges };
    }),
  };
};

const CHARACTER = 7.3;
const LINE = 26;
const GAP = 150;
const PAD = 10;

const clipped = (text: string, limit: number): string => (text.length > limit ? `${text.slice(0, limit - 1)}…` : text);

/** `file.c:12`, without the folder. */
const shortPlace = ({ file, span }: Location, view: View): string => `${file.slice(file.lastIndexOf("/") + 1)}:${lineOf(view.source(file), span.start)}`;

const drawing = (rows: readonly Row[], targets: readonly Target[], title: string, view: View): string => {
  const order = [...new Set(rows.flatMap(({ edges }) => edges.map(({ target }) => target)))];
  const left = rows.map(({ short }) => clipped(short, 44));
  const right = order.map((target) => ({ name: clipped(targets[target]!.label, 40), place: clipped(shortPlace(targets[target]!.where, view), 32) }));
  const leftWidth = Math.max(60, ...left.map((text) => text.length * CHARACTER)) + 2 * PAD;
  const rightWidth = Math.max(60, ...right.map(({ name, place }) => (name.length + place.length + 2) * CHARACTER)) + 2 * PAD;
  const height = Math.max(rows.length, order.length) * LINE + 4;
  const width = leftWidth + GAP + rightWidth;
  const middle = (index: number, count: number): number => ((index + 0.5) * (height - 4)) / count + 2;
  const yOf = (target: number): number => middle(order.indexOf(target), order.length);
  const wrongOf = (target: number): boolean => rows.some(({ edges }) => edges.some((edge) => edge.target === target && edge.findings.length > 0));
  // What is wrong is drawn last, so that no other line hides it.
  const lines = rows
    .flatMap(({ edges }, row) => edges.map((edge) => ({ ...edge, y: middle(row, rows.length), isWrong: edge.findings.length > 0 })))
    .sort((a, b) => Number(a.isWrong) - Number(b.isWrong))
    .map(({ target, y, isWrong }) => {
      const [x, far, z] = [leftWidth, leftWidth + GAP, yOf(target)];
      return `<path class="${isWrong ? "wrong" : "fine"}" d="M${x} ${y}C${x + GAP / 2} ${y} ${far - GAP / 2} ${z} ${far} ${z}"/>`;
    });
  const box = (x: number, y: number, w: number, isWrong: boolean): string =>
    `<rect class="${isWrong ? "wrong" : "fine"}" x="${x + 1}" y="${y - LINE / 2 + 3}" width="${w - 2}" height="${LINE - 6}" rx="4"/>`;
  const reasons = rows.map(({ edges, label }, row) => {
    const y = middle(row, rows.length);
    return `<g><title>${escape(label)}</title>${box(0, y, leftWidth, edges.some(({ findings }) => findings.length > 0))}<text x="${PAD}" y="${y + 4}">${escape(left[row]!)}</text></g>`;
  });
  const ends = order.map((target, index) => {
    const y = middle(index, order.length);
    const isWrong = wrongOf(target);
    const { name, place } = right[index]!;
    return `<g>${box(leftWidth + GAP, y, rightWidth, isWrong)}<text x="${leftWidth + GAP + PAD}" y="${y + 4}">${escape(name)} <tspan class="place">${escape(place)}</tspan></text></g>`;
  });
  const round = (markup: string): string => markup.replace(/\d+\.\d{2,}/gu, (number) => Number(number).toFixed(1));
  return round(`<svg role="img" aria-label="${plain(title)}" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" width="${Math.ceil(width)}" height="${Math.ceil(height)}">${lines.join("")}${reasons.join("")}${ends.join("")}</svg>`);
};

const table = (rows: readonly Row[], targets: readonly Target[], view: View): string => {
  const cell = ({ target, findings }: Row["edges"][number]): string => {
    const { label, where } = targets[target]!;
    const links = findings.map((diagnostic) => ` <a href="#${view.idOf(diagnostic)}" class="wrong">wrong: ${escape(fullRuleId(diagnostic.ruleId))}</a>`);
    return `<li><code>${escape(label)}</code> <span class="where">${escape(placeText(where, view))}</span>${links.join("")}</li>`;
  };
  const body = rows.map(({ label, edges }) => {
    const names = label.split(", ").map((name) => `<code>${escape(name)}</code>`).join(", ");
    return `<tr><th scope="row">${names}</th><td>${edges.length === 0 ? "nothing of the library" : `<ul>${edges.map(cell).join("")}</ul>`}</td></tr>`;
  });
  return `<details><summary>As a table</summary><table><thead><tr><th scope="col">Reason</th><th scope="col">reaches</th></tr></thead><tbody>${body.join("")}</tbody></table></details>`;
};

const KINDS: Readonly<Record<CallbackMap["kind"], string>> = {
  protocol: "protocol callback",
  timer: "timer callback",
  ss: "Secure Streams handler",
  thread: "thread",
  signal: "signal handler",
};

/** @param id names the element */
export const reasonMap = (map: CallbackMap, diagnostics: readonly Diagnostic[], view: View, id: string): string => {
  const { targets, rows } = layout(map, diagnostics);
  const busy = rows.filter(({ edges }) => edges.length > 0);
  const idle = rows.filter(({ edges }) => edges.length === 0).flatMap(({ label }) => label.split(", "));
  const mine = findingsOf(map, diagnostics);
  const links = mine.map((diagnostic) => `<li><a href="#${view.idOf(diagnostic)}">${escape(fullRuleId(diagnostic.ruleId))}</a> <span class="where">line ${lineOf(view.source(diagnostic.file), diagnostic.span.start)}</span></li>`);
  const quiet = idle.length === 0 ? "" : `<p class="quiet">Without a call of the library: ${idle.map((name) => `<code>${escape(name)}</code>`).join(", ")}</p>`;
  const title = `What ${map.name}() reaches of the library, by reason`;
  return (
    `<section class="map" id="${id}" tabindex="-1" aria-labelledby="${id}-title"><h3 id="${id}-title"><code>${escape(map.name)}()</code> <span class="kind">${KINDS[map.kind]}</span></h3>` +
    `<p class="meta"><span class="where">${escape(placeText(map, view))}</span></p>${links.length > 0 ? `<ul class="links">${links.join("")}</ul>` : ""}` +
    `${busy.length > 0 ? `<div class="drawing">${drawing(busy, targets, title, view)}</div>${table(rows, targets, view)}` : ""}${quiet}</section>`
  );
};
