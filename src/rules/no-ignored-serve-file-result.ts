import * as Sets from "../analysis/value-set.js";
import type { ReturnFact } from "../analysis/facts.js";
import type { FunctionNode } from "../analysis/call-graph.js";
import { defineRule } from "../linter/rule.js";
import { rolesOf } from "../lws/api/index.js";
import { code, locate } from "../lws/wording.js";

/**
 * Reports what is made of the three-way result of sending a file: below 0 the connection has to be closed, above 0 the file is sent and the
 * transaction over, 0 means that it goes on. Ignoring it leaves dead connections open; closing on every nonzero value closes after success.
 */
export default defineRule({
  id: "no-ignored-serve-file-result",
  category: "suspicious",
  summary: "results of `lws_serve_http_file()` that are ignored, or success taken for failure",
  fixes: [],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const { name, node, call } of file.callsWith("servesFile")) {
      if (node.facts.isMacro || node.facts.incomplete) continue;
      const wrong = call.site.isStatement && !/^\(\s*void\s*\)/.test(program.text(node.file.path, call.site.statement).trim())
        ? `the result of ${code(`${name}()`)} is ignored: below 0 the connection has to be closed`
        : closesAfterSuccess(node, call.span.start) ? `${code(`${name}()`)} gives a number above 0 when the file is sent: the connection is closed after success` : undefined;
      if (wrong === undefined) continue;
      report({
        ...locate(node, call),
        message: wrong,
        help: `write ${code(`if (n < 0 || (n > 0 && lws_http_transaction_completed(wsi))) return -1; return 0;`)}`,
      });
    }
  },
});

/** Whether a nonzero value is returned where the result was found to be above 0, with nothing that ends the transaction on the way. */
const closesAfterSuccess = (node: FunctionNode, site: number): boolean =>
  node.facts.returns.some((fact) => {
    const known = fact.known?.find((one) => one.site === site)?.set;
    return known !== undefined && Sets.hasNumber(known, 1) && !Sets.hasNumber(known, 0) && closes(fact) && !fact.uncertain && !completes(node, fact);
  });

const closes = ({ value }: ReturnFact): boolean => value?.kind === "number" && value.value !== 0;

const completes = ({ facts }: FunctionNode, { before }: ReturnFact): boolean =>
  facts.calls.some(({ span, name }) => before.includes(span.start) && name !== undefined && rolesOf(name).completesTransaction !== undefined);
