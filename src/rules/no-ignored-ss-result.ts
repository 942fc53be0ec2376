import type { Fix } from "../diagnostics/diagnostic.js";
import { defineRule } from "../linter/rule.js";
import { RESULT_MATTERS, STREAM_OK, STREAM_DESTROY, STREAM_RETURN_TYPE, mayHold, rolesOf } from "../lws/api/index.js";
import { leftover } from "../lws/close-fix.js";
import { hasDirective, replaceStatement } from "../lws/edits.js";
import type { ApiCall, Program } from "../lws/program.js";
import { handlerOf, returnName } from "../lws/streams.js";
import { code, locate } from "../lws/wording.js";

/** Reports calls on a Secure Stream whose result is dropped. Silent where it is cast to void, and before the release that asks for it. */
export default defineRule({
  id: "no-ignored-ss-result",
  category: "suspicious",
  summary: "the result of a call on a Secure Stream dropped",
  fixes: ["suggestion"],
  yieldsTo: ["no-cross-thread-call"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.calls((name) => name in RESULT_MATTERS)) {
      const { node, call, name } = api;
      if (!call.site.isStatement || node.facts.isMacro || !mayHold(RESULT_MATTERS[name]!, program.releaseFor(api)) || /^\(\s*void\s*\)/.test(program.text(node.file.path, call.site.statement))) continue;
      const asks = rolesOf(name).asksStream !== undefined && !name.includes('metadata');
      report({
        ...locate(node, call),
        message: asks
          ? `the result of ${code(`${name}()`)} is dropped: it may be ${code(STREAM_DESTROY)}, and the stream stays then`
          : `the result of ${code(`${name}()`)} is dropped: it fails when memory is short or a name is unknown`,
        help: asks ? `return the result from the handler, or destroy the stream elsewhere when it is ${code(STREAM_DESTROY)}` : "test the result",
        related: [],
        fixes: asks ? fixesFor(program, api) : [],
      });
    }
  },
});

function fixesFor(program: Program, { node, call, variants }: ApiCall): readonly Fix[] {
  const source = program.sourceOf(node.file.path);
  const { site } = call;
  const isHandler = program.entriesIn(node.file).some((entry) => entry.node === node && handlerOf(entry) !== undefined);
  if (!source || !isHandler || !STREAM_RETURN_TYPE.test(node.facts.returnType) || node.facts.incomplete || call.viaMacro || hasDirective(source, site.statement)) return [];
  const goesOn = variants.every((variant) => variant.site.leadsToReturn?.every((value) => value !== undefined && returnName(value) === STREAM_OK));
  if (!goesOn) return [];
  return [{ kind: "suggestion", title: "Return the result", edits: [replaceStatement(source, site.statement, [`return ${program.text(node.file.path, call.span)};`], site.needsBraces), ...leftover(source, site)] }];
}
