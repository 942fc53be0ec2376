import type { Report } from "../linter/rule.js";
import { defineRule } from "../linter/rule.js";
import { apiFunction, compareReleases, formatRelease, isEventLibraryExport, isInternal, mayBeInternal, mayHold, rolesOf } from "../lws/api/index.js";
import { closeFix, closeHelp } from "../lws/close-fix.js";
import type { ApiCall, Program } from "../lws/program.js";
import { uniqueReasons } from "../lws/reached.js";
import { code, evidence, groupByEntry, locate, nameReasons } from "../lws/wording.js";

/**
 * Reports calls of functions that belong to the library alone, by table: in no installed header of any release, or only in the one for
 * event library plugins. Needs no reachability; what reaches the call decides about the fix.
 */
export default defineRule({
  id: "no-internal-api",
  category: "correctness",
  summary: "calls of functions that are internal to libwebsockets",
  fixes: ["safe", "suggestion"],
  since: "0.1.0",

  check(file, report) {
    const { program } = file;
    const internal = file.calls((name) => isLibraryName(name) && (mayBeInternal(name) || closes(name)));
    for (const api of internal) {
      if (!closes(api.name) && !isInternal(api.name, program.releaseFor(api))) continue;
      if (program.isEventLibrary(api.node.file) || program.definesMacro(api.node, api.name)) continue;
      if (!api.node.facts.isMacro) {
        report(reportOf(program, api));
        continue;
      }
      // The mistake is in the macro's body; it happens where the macro is used.
      for (const use of program.usesOfMacro(api.node)) {
        report({
          ...locate(use.node, use.call),
          message: messageFor(program, api),
          help: helpFor(program, api),
          related: [{ ...locate(api.node, api.call), message: `called in the expansion of ${code(api.node.facts.name)} here` }],
        });
      }
    }
    for (const { node, access, type } of file.peeks()) {
      report({
        ...locate(node, access),
        message: `the memory of a ${code(type)} is read through a cast: what lies where in it is private to libwebsockets and changes with its release and its options`,
        help: "ask for it with a function that the installed headers declare",
      });
    }
    for (const include of file.privateIncludes()) {
      report({
        file: file.path,
        span: include.span,
        message: `${code(include.path)} is a private header of libwebsockets: what it declares changes with every release and is not exported`,
        help: `include ${code("<libwebsockets.h>")} and use the public API`,
      });
    }
  },
});

const isLibraryName = (name: string): boolean => /^_*(?:lws|libwebsocket)/.test(name) || isEventLibraryExport(name);
const closes = (name: string): boolean => rolesOf(name).closesConnection !== undefined;

function reportOf(program: Program, api: ApiCall): Report {
  const { node, call } = api;
  const place = locate(node, call);
  const group = groupByEntry(api.reached.filter((one) => !one.uncertain))[0];
  const reasons = uniqueReasons(api.reached.filter((one) => !one.uncertain));
  const role = rolesOf(api.name).closesConnection;
  const limited = reasons.length > 0 && group?.selected.ranges.every(([low, high]) => low !== null && high !== null);
  const fix = role && closeFix(program, {
    node,
    variants: api.variants,
    reached: api.reached.map((reached) => ({ reached, ownership: program.ownership(reached.args[role.wsi] ?? { kind: "unknown" }, reached) })),
    wsi: textOf(program, api, role.wsi),
    ...keptStatus(program, api, role.status),
  });
  return {
    ...place,
    message: limited ? `${messageFor(program, api)}; reached on ${nameReasons(reasons)}` : messageFor(program, api),
    help: helpFor(program, api),
    reasons: limited ? reasons.map((reason) => reason.name) : [],
    related: [
      ...(call.viaMacro ? [{ file: node.file.path, span: call.viaMacro, message: `the name comes from this macro` }] : []),
      // The path to the call, told from the callback down; the call itself is where the finding stands.
      ...(group ? pathAbove(group.shown) : []),
    ],
    fixes: fix ? [fix] : [],
  };
}

function pathAbove(reached: ApiCall["reached"][number]): NonNullable<Report["related"]> {
  const all = evidence(reached, "called");
  return all.filter((related) => related.span.start !== reached.call.span.start || related.file !== reached.context.node.file.path);
}

function textOf(program: Program, api: ApiCall, argument: number): string | undefined {
  const arg = api.call.args[argument];
  const text = arg && program.text(api.node.file.path, arg.span);
  return text && !text.includes("\n") ? text : undefined;
}

/** A close status worth keeping: a constant other than "none". */
function keptStatus(program: Program, api: ApiCall, argument: number | undefined): { status?: string } {
  if (argument === undefined) return {};
  const text = textOf(program, api, argument);
  const value = api.call.args[argument]?.value;
  const isConstant = value?.kind === "constant" || (value?.kind === "number" && value.value >= 1000);
  return text && isConstant && !/NOSTATUS|NO_STATUS/.test(text) ? { status: text } : {};
}

function messageFor(program: Program, api: ApiCall): string {
  const name = code(`${api.name}()`);
  if (closes(api.name)) return `${name} is internal to libwebsockets: it closes the connection under the code that is servicing it`;
  const release = program.releaseFor(api);
  const { since, until, internalSince, internalUntil } = apiFunction(api.name)!;
  const isDeclared = since !== undefined && mayHold({ since, until }, release);
  if (isEventLibraryExport(api.name) && isDeclared) return `${name} is exported for event library plugins only`;
  if (since === undefined || isEventLibraryExport(api.name)) return `${name} is internal to libwebsockets: no installed header declares it`;
  const isBefore = internalUntil !== undefined && compareReleases(internalUntil, since) < 0;
  const when = isBefore ? `before ${since}` : internalSince === undefined ? formatRelease(release) : `from ${internalSince} on`;
  return `${name} is internal to libwebsockets ${when}: no installed header declares it there`;
}

const helpFor = (program: Program, api: ApiCall): string =>
  closes(api.name)
    ? `close the callback's own connection with ${code("return -1")}, any other with ${closeHelp(program.releaseFor(api))}`
    : "use the public API that the installed headers declare";
