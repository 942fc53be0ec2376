import type { Fix } from "../diagnostics/diagnostic.js";
import { defineRule } from "../linter/rule.js";
import { COMPLETE_TRANSACTION, FINAL_WRITE, RESPONSE_REASONS, isPublic, rolesOf } from "../lws/api/index.js";
import { returnsToLibrary } from "../lws/entry-points.js";
import type { ApiCall, Program, Reached } from "../lws/program.js";
import { isCertain } from "../lws/reached.js";
import type { Returned } from "../lws/returned.js";
import { zerosAfter } from "../lws/what-follows.js";
import { code, evidence, groupByEntry, locate, nameReasons, otherWays, reasonsIn, steps } from "../lws/wording.js";
import { optionsOf, type Value } from "../analysis/value.js";
import { isFinite } from "../analysis/value-set.js";

/**
 * Reports a response that is sent to its end, by the final write or as a whole, after which the callback returns 0 and never says that the transaction is
 * complete. Silent where another callback is asked for, where the result is returned, and where something unknown is called or returned.
 */
export default defineRule({
  id: "require-transaction-completed",
  category: "suspicious",
  summary: "a response that is sent and never completed: the connection takes no further request",
  fixes: ["suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const role of ["writes", "answersRequest"] as const) {
      for (const api of file.callsWith(role)) {
        const ends = api.reached.flatMap((reached) => {
          const zeros = endsResponse(program, api, role, reached) ? zerosAfter(program, api, reached, ["completesTransaction", "servesFile", "answersRequest"]) : [];
          return zeros.length > 0 ? [{ reached, zeros }] : [];
        });
        for (const group of groupByEntry(ends.map(({ reached }) => reached))) {
          const first = steps(group.shown)[0]!;
          const reasons = reasonsIn(group.selected);
          const what = role === "writes" ? `${code(FINAL_WRITE.name)} ends the response` : `${code(`${api.name}()`)} sends the whole response`;
          report({
            ...locate(first.node, first.call),
            message: `${what} on ${nameReasons(reasons)}, and the callback returns 0 without ${code(`${COMPLETE_TRANSACTION}()`)}: the connection takes no further request`,
            help: `end with ${code(`if (${COMPLETE_TRANSACTION}(wsi)) return -1;`)}, or return -1 to close`,
            reasons: reasons.map(({ name }) => name),
            related: [...evidence(group.shown, "the response is sent"), ...otherWays(group)],
            fixes: ends.length === api.reached.length ? fixesFor(program, api, ends.flatMap(({ zeros }) => zeros), role) : [],
          });
        }
      }
    }
  },
});

function endsResponse(program: Program, { name }: ApiCall, role: "writes" | "answersRequest", one: Reached): boolean {
  if (!isCertain(one) || !returnsToLibrary(one.entry) || !isFinite(one.selected)) return false;
  const reasons = reasonsIn(one.selected);
  if (reasons.length === 0 || !reasons.every((reason) => RESPONSE_REASONS.includes(reason.name))) return false;
  const roles = rolesOf(name);
  if (program.ownership(one.args[roles[role]!.wsi] ?? { kind: "unknown" }, one) !== "own") return false;
  if (role === "answersRequest") return true;
  const kind = roles.writes!.kind === undefined ? undefined : one.args[roles.writes!.kind];
  return kind !== undefined && optionsOf(kind).every(isFinal);
}

const isFinal = (value: Value): boolean => (value.kind === "number" ? value.value === FINAL_WRITE.value : value.kind === "constant" && value.name === FINAL_WRITE.name);

/** In the returns of 0 that stand behind the response whatever happened before. */
function fixesFor(program: Program, { node, call, name }: ApiCall, zeros: readonly Returned[], role: "writes" | "answersRequest"): readonly Fix[] {
  const wsi = call.args[rolesOf(name)[role]!.wsi];
  const places = [...new Map(zeros.map((one) => [one.fact.span.start, one])).values()];
  const isPlain = ({ context, fact, entry }: Returned): boolean =>
    context.node === entry.node && fact.always.includes(call.span.start) && /^return\s*\(?0\)?\s*;$/.test(program.text(node.file.path, fact.span));
  if (!wsi || call.viaMacro || node.facts.incomplete || !places.every(isPlain) || !isPublic(COMPLETE_TRANSACTION, program.releaseOf(node.file))) return [];
  const newText = `return ${COMPLETE_TRANSACTION}(${program.text(node.file.path, wsi.span)}) ? -1 : 0;`;
  return [{ kind: "suggestion", title: "Complete the transaction", edits: places.map(({ fact }) => ({ file: node.file.path, span: fact.span, newText })) }];
}
