import { defineRule } from "../linter/rule.js";
import { STANDS_IN, rolesOf, type CallRoles, type CallbackReason } from "../lws/api/index.js";
import type { Reached } from "../lws/program.js";
import { reachedFrom } from "../lws/reached.js";
import { code, evidence, groupByEntry, locate, nameReasons, reasonsIn, registration, steps } from "../lws/wording.js";
import { substitute } from "../analysis/value.js";
import * as Sets from "../analysis/value-set.js";
import type { ValueSet } from "../analysis/value-set.js";

/** What only a connection can be asked for; the other roles are about the context, or harmless. */
const ON_CONNECTIONS = [
  "writes", "checksChoke", "requestsWriteable", "setsTimeout", "setsCloseReason", "socketOf", "readsHeader", "setsTimer", "servesFile", "answersRequest", "completesTransaction",
  "controlsFlow",
] as const satisfies readonly (keyof CallRoles)[];

/**
 * Reports the stand-in that some reasons pass for a connection, where it is stored or used as one. Silent for what its context, virtual host and
 * protocol are asked for, and where the code is not known to be for these reasons.
 */
export default defineRule({
  id: "no-fake-wsi",
  category: "correctness",
  summary: "the stand-in of PROTOCOL_INIT and the like kept or used as a connection",
  fixes: [],
  since: "0.1.0",

  check(file, report) {
    for (const role of ON_CONNECTIONS) {
      for (const api of file.callsWith(role)) {
        const { wsi } = rolesOf(api.name)[role] as { readonly wsi: number };
        const reached = api.reached.filter((one) => !one.uncertain && one.entry.kind === "protocol" && isOwn(one, wsi) && standingIn(one.selected).length > 0);
        for (const { shown, selected } of groupByEntry(reached)) {
          const reasons = standingIn(selected);
          const first = steps(shown)[0]!;
          report({
            ...locate(first.node, first.call),
            message: `${code(`${api.name}()`)} gets no connection on ${nameReasons(reasons)}: what is passed there stands in for one and has only a context, a virtual host and a protocol`,
            help: "use the connections that other reasons brought, or a timer of the context",
            reasons: reasons.map(({ name }) => name),
            related: evidence(shown, `${code(`${api.name}()`)} is called`),
          });
        }
      }
    }
    reportStores(file, report);
  },
});

const isOwn = ({ args, entry }: Reached, wsi: number): boolean => args[wsi]?.kind === "param" && args[wsi].index === entry.wsi;

const standingIn = (selected: ValueSet): readonly CallbackReason[] => (Sets.isFinite(selected) ? reasonsIn(selected).filter(STANDS_IN) : []);

const reportStores: (...args: Parameters<ReturnType<typeof defineRule>["check"]>) => void = ({ program, nodes }, report) => {
  for (const node of nodes) {
    for (const store of node.facts.stores) {
      if (store.value.kind !== "param") continue;
      for (const { entry, selected, args } of reachedFrom(program, node, store.guard)) {
        const value = substitute(store.value, args);
        const reasons = standingIn(selected);
        if (entry.kind !== "protocol" || value.kind !== "param" || value.index !== entry.wsi || reasons.length === 0) continue;
        report({
          file: node.file.path,
          span: store.span,
          message: `what is kept here on ${nameReasons(reasons)} is no connection: it stands in for one, and is gone when the callback returns`,
          help: `keep ${code("lws_get_context(wsi)")} or ${code("lws_get_vhost(wsi)")} instead`,
          reasons: reasons.map(({ name }) => name),
          related: registration(entry),
        });
      }
    }
  }
};
