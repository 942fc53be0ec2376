import { defineRule, type Report } from "../linter/rule.js";
import { apiFunction, compareReleases, REPLACED_BY_INFO, REPLACEMENTS, releaseAfter } from "../lws/api/index.js";
import type { ApiCall, Program } from "../lws/program.js";
import { code, locate } from "../lws/wording.js";

/**
 * Reports calls of functions that no release in question has any more. Names from before 1.6 count only where somebody says a newer release:
 * alone they say that the program is for an old one. Branches for older releases are not compiled and so not reported.
 */
export default defineRule({
  id: "no-removed-api",
  category: "suspicious",
  summary: "calls of functions that the release in use no longer has",
  fixes: ["safe"],
  outdated: true,
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    for (const api of file.calls(isGoneSomewhere)) {
      const gone = goneSince(program, api);
      if (gone === undefined || api.node.facts.isMacro) continue;
      const member = REPLACED_BY_INFO[api.name];
      const instead = REPLACEMENTS[api.name]?.instead;
      report({
        ...locate(api.node, api.call),
        message: `libwebsockets has no ${code(`${api.name}()`)} since ${gone}`,
        help: instead !== undefined ? `use ${code(`${instead}()`)}` : member !== undefined ? `set ${code(`info.${member}`)} when the context is created` : "take it out: nothing came in its place",
        fixes: fixesFor(api),
      });
    }
  },
});

const isGoneSomewhere = (name: string): boolean => {
  const found = apiFunction(name);
  return found?.until !== undefined && found.kind !== "internal";
};

/** The first release without the function, where all releases in question come after the last one that has it. */
function goneSince(program: Program, { name, node }: ApiCall): string | undefined {
  const { until } = apiFunction(name)!;
  const release = program.releaseOf(node.file);
  const isOldName = name.startsWith("libwebsocket");
  if (isOldName && release.assumed === true) return undefined;
  return until !== undefined && compareReleases(release.from, releaseAfter(until) ?? until) >= 0 ? releaseAfter(until) : undefined;
}

function fixesFor({ name, node, call }: ApiCall): NonNullable<Report["fixes"]> {
  const replacement = REPLACEMENTS[name];
  if (replacement?.isRename !== true || call.viaMacro || node.facts.incomplete) return [];
  return [{ kind: "safe", title: `Use ${code(replacement.instead)}`, edits: [{ file: node.file.path, span: call.calleeSpan, newText: replacement.instead }] }];
}
