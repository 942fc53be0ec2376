import { defineRule } from "../linter/rule.js";
import { SESSION_IS_NULL, SESSION_MAY_BE_GIVEN, type CallbackReason } from "../lws/api/index.js";
import type { LwsEntryPoint } from "../lws/entry-points.js";
import { reachedFrom } from "../lws/reached.js";
import { code, nameReasons, reasonsIn, registration } from "../lws/wording.js";
import type { AccessFact } from "../analysis/facts.js";
import { substitute } from "../analysis/value.js";
import * as Sets from "../analysis/value-set.js";
import type { Program } from "../lws/program.js";
import { givesSessions } from "../lws/protocol-tables.js";

interface Found {
  readonly path: string;
  readonly access: AccessFact;
  readonly reasons: readonly CallbackReason[];
  readonly every: boolean;
}

/**
 * Reports the session's data followed where it is certainly NULL: in front of the switch of a registered callback, which is called for PROTOCOL_INIT as
 * well, or in one of those reasons. Silent behind a test of the pointer, for the address of a member, and where a reference is bound.
 */
export default defineRule({
  id: "no-invalid-user-pointer",
  category: "correctness",
  summary: "the session's data followed in a reason that has none",
  fixes: [],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const entry of file.entries) {
      if (entry.kind !== "protocol" || !entry.registration) continue;
      // The first place of each set of reasons: those that follow would not be reached.
      const told = new Set<CallbackReason>();
      for (const { path, access, reasons, every } of accesses(program, entry).sort((a, b) => a.access.span.start - b.access.span.start)) {
        if (reasons.every((reason) => told.has(reason))) continue;
        for (const reason of reasons) told.add(reason);
        report({
          file: path,
          span: access.span,
          message: `${every ? "this runs for every reason, and " : ""}the session's data is ${code("NULL")} on ${nameReasons(reasons)}, which comes before there is a connection: it is followed here`,
          help: "follow it in the reasons of a connection alone, or test it first",
          reasons: reasons.map(({ name }) => name),
          related: registration(entry),
        });
      }
    }
  },
});

function accesses(program: Program, entry: LwsEntryPoint): Found[] {
  const found: Found[] = [];
  const isGiven = givesSessions(program);
  const isNull = ({ name }: CallbackReason): boolean => SESSION_IS_NULL.includes(name) && !(isGiven && name === SESSION_MAY_BE_GIVEN);
  for (const node of [...program.functionsReachedFrom(entry)].sort((a, b) => a.id - b.id)) {
    if (node.facts.incomplete) continue;
    for (const access of node.facts.accesses) {
      if (!access.mayBeNull || access.isAddress || access.uncertain || access.pointer.kind !== "param") continue;
      for (const { entry: from, selected, args } of reachedFrom(program, node, access.guard)) {
        const pointer = substitute(access.pointer, args);
        if (from !== entry || pointer.kind !== "param" || pointer.index !== entry.user) continue;
        const reasons = reasonsIn(selected).filter(isNull);
        if (reasons.length > 0) found.push({ path: node.file.path, access, reasons, every: Sets.isAll(selected) });
      }
    }
  }
  return found;
}
