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
  readonly file: string;
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

  check(program, report) {
    const byEntry = new Map<LwsEntryPoint, Found[]>();
    for (const [entry, found] of accesses(program)) byEntry.set(entry, [...(byEntry.get(entry) ?? []), found]);
    for (const [entry, all] of byEntry) {
      // The first place of each set of reasons: those that follow would not be reached.
      const told = new Set<CallbackReason>();
      for (const { file, access, reasons, every } of all.sort((a, b) => a.access.span.start - b.access.span.start)) {
        if (reasons.every((reason) => told.has(reason))) continue;
        for (const reason of reasons) told.add(reason);
        report({
          file,
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

function* accesses(program: Program): Generator<readonly [LwsEntryPoint, Found]> {
  const isGiven = givesSessions(program);
  const isNull = ({ name }: CallbackReason): boolean => SESSION_IS_NULL.includes(name) && !(isGiven && name === SESSION_MAY_BE_GIVEN);
  for (const node of program.graph.nodes) {
    if (node.facts.incomplete) continue;
    for (const access of node.facts.accesses) {
      if (!access.mayBeNull || access.isAddress || access.uncertain || access.pointer.kind !== "param") continue;
      for (const { entry, selected, args } of reachedFrom(program, node, access.guard)) {
        const pointer = substitute(access.pointer, args);
        if (entry.kind !== "protocol" || !entry.registration || pointer.kind !== "param" || pointer.index !== entry.user) continue;
        const reasons = reasonsIn(selected).filter(isNull);
        if (reasons.length > 0) yield [entry, { file: node.file.path, access, reasons, every: Sets.isAll(selected) }];
      }
    }
  }
}
