import type { AccessFact, FieldShape } from "../analysis/facts.js";
import type { FunctionNode } from "../analysis/call-graph.js";
import { admit } from "../analysis/contexts.js";
import { membersIn, Sizes } from "../analysis/sizes.js";
import { optionsOf, type Value } from "../analysis/value.js";
import { isNone } from "../analysis/value-set.js";
import { defineRule, type Report } from "../linter/rule.js";
import { SESSION_REASONS, type CallbackReason } from "../lws/api/index.js";
import type { LwsEntryPoint } from "../lws/entry-points.js";
import type { Program, ProgramQuestion } from "../lws/program.js";
import { callbacksOf, givesSessions, protocolTables, sessionSizeOf } from "../lws/protocol-tables.js";
import { code, list, nameReasons, reasonsIn } from "../lws/wording.js";

/**
 * Reports sessions whose memory is smaller than what the callback uses: no memory at all, where the callback follows `user` without looking, or
 * too little for the struct it takes it for. Silent where the program gives sessions data of its own, and where sizes cannot be told.
 */
export default defineRule({
  id: "valid-session-data",
  category: "correctness",
  summary: "session data that is missing, or smaller than the struct its callback uses",
  fixes: ["suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    const sizes = new Sizes((type) => program.ask(membersOf, type));
    const givesOwn = program.hasCallsWith("setsSession") || givesSessions(program);
    for (const table of protocolTables(file)) {
      for (const row of table.aggregate.rows) {
        const given = sessionSizeOf(row);
        const [callback, another] = callbacksOf(program, table, row);
        if (!given || !callback || another) continue;
        const entry = program.entriesIn(callback.file).find(({ node, kind }) => node === callback && kind === "protocol");
        if (!entry || callback.facts.incomplete) continue;
        const use = firstWrongUse(program, entry, given.value, sizes, givesOwn);
        if (!use) continue;
        const { access, reasons, type } = use;
        const isNothing = given.value.kind === "number" && given.value.value === 0;
        report({
          file: table.file.path,
          span: given.span,
          message: isNothing
            ? `sessions have no memory, and ${code(`${callback.facts.name}()`)} follows ${code("user")}, which is NULL, on ${nameReasons(reasons)}`
            : `sessions have ${sizeText(given.value)}, and ${code(`${callback.facts.name}()`)} uses them as ${code(type)}, which is larger`,
          help: `give sessions ${code(`sizeof(${type})`)}`,
          reasons: reasons.map(({ name }) => name),
          related: [{ file: callback.file.path, span: access.span, message: `${code("user")} is followed here as ${code(type)}, reached on ${nameReasons(reasons)}` }],
          fixes: fixesFor(program, table.file.path, given.span, type, callback),
        });
      }
    }
  },
});

/** The members of a struct, where all files agree. */
const membersOf: ProgramQuestion<string, readonly FieldShape[] | undefined> = {
  answer: (program, type) => {
    const [first, ...others] = program.named(membersIn).of(type);
    return first && others.every((one) => one.key === first.key) ? first.fields : undefined;
  },
  isSame: (a, b) => JSON.stringify(a) === JSON.stringify(b),
};

interface WrongUse {
  readonly access: AccessFact;
  readonly reasons: readonly CallbackReason[];
  readonly type: string;
}

function firstWrongUse(program: Program, entry: LwsEntryPoint, given: Value, sizes: Sizes, givesOwn: boolean): WrongUse | undefined {
  const { node, user } = entry;
  const context = program.contextsOf(node).find((one) => one.entry === entry && one.via === undefined);
  if (!context || user === undefined) return undefined;
  for (const access of node.facts.accesses) {
    const { pointer, type } = access;
    if (pointer.kind !== "param" || pointer.index !== user || type === undefined || access.uncertain || !sizes.isKnown(type)) continue;
    const selected = admit(access.guard, context);
    // Where a session's data is certainly meant; what stands outside of all cases runs for these as well.
    const reasons = selected && !isNone(selected) ? reasonsIn(selected).filter((reason) => SESSION_REASONS.has(reason.name)) : [];
    if (reasons.length === 0) continue;
    if (isTooSmall(given, type, access, sizes, givesOwn)) return { access, reasons, type };
  }
  return undefined;
}

function isTooSmall(given: Value, type: string, access: AccessFact, sizes: Sizes, givesOwn: boolean): boolean {
  return optionsOf(given).every((value) => {
    if (value.kind === "number") return value.value === 0 ? access.mayBeNull && !givesOwn : !givesOwn && value.value < sizes.of(type).min;
    return value.kind === "sizeof" && value.type !== type && sizes.of(value.type).max < sizes.of(type).min;
  });
}

const sizeText = (value: Value): string =>
  list(optionsOf(value).map((one) => (one.kind === "number" ? `${one.value} ${one.value === 1 ? "byte" : "bytes"}` : one.kind === "sizeof" ? code(`sizeof(${one.type})`) : "other memory")), "or");

function fixesFor(program: Program, file: string, span: Report["span"], type: string, callback: FunctionNode): NonNullable<Report["fixes"]> {
  const text = program.text(file, span);
  // A struct of the callback's file can only be named behind its definition: in the same file that is where the table stands.
  if (callback.file.path !== file || !/^(?:\d+|sizeof\b.*)$/s.test(text) || type.includes("@")) return [];
  const record = callback.file.records.some(({ name }) => name === type);
  return record ? [{ kind: "suggestion", title: `Give sessions ${code(`sizeof(${type})`)}`, edits: [{ file, span, newText: `sizeof(${type})` }] }] : [];
}
