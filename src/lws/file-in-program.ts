/** One file of a program: what rules look at. What they want to know about that, they ask of the program. */
import type { FunctionNode } from "../analysis/call-graph.js";
import type { AccessFact, FileFacts, LoopFact } from "../analysis/facts.js";
import { byName, type ByName } from "../analysis/name-index.js";
import type { Span } from "../source/span.js";
import type { ApiCall } from "./api-calls.js";
import { rolesOf, type CallRoles } from "./api/index.js";
import { isLoopEntry, type LwsEntryPoint } from "./entry-points.js";
import { isPrivateHeader } from "./private-headers.js";
import type { Program } from "./program.js";
import type { Reached, ReachedWait } from "./reached.js";

export type OutsideKind = "thread" | "signal";

export class FileInProgram {
  constructor(
    readonly program: Program,
    readonly facts: FileFacts,
  ) {}

  get path(): string {
    return this.facts.path;
  }

  /** The functions and macros of the file. */
  get nodes(): readonly FunctionNode[] {
    return this.program.graph.nodesOf(this.facts);
  }

  /** The functions of the file that are called from outside. */
  get entries(): readonly LwsEntryPoint[] {
    return this.program.entriesIn(this.facts);
  }

  /** Calls of library functions with a role, in the order of offsets. */
  callsWith(role: keyof CallRoles): readonly ApiCall[] {
    return this.program.apiCallsIn(this.facts).withRole(role);
  }

  /** Calls of library functions whose name satisfies the predicate. Calls of the project's own functions of that name are not among them. */
  calls(wanted: (name: string) => boolean): readonly ApiCall[] {
    return this.program.apiCallsIn(this.facts).all.filter(({ name }) => wanted(name));
  }

  /** Library calls that a thread or a signal handler of the file reaches, by entry point. */
  callsOutsideLoop(kind: OutsideKind): ReadonlyMap<LwsEntryPoint, readonly Reached[]> {
    return new Map(this.entries.flatMap((entry) => {
      const reached = entry.kind === kind ? this.program.libraryCallsFrom(entry) : [];
      return reached.length === 0 ? [] : [[entry, reached] as const];
    }));
  }

  /** Loops that wait, as callbacks reach them. */
  get waits(): readonly ReachedWait[] {
    return this.nodes.flatMap((node) => this.program.propagation.arrivals.at(node).loops as readonly ReachedWait[]).filter(({ entry }) => isLoopEntry(entry));
  }

  /** Loops over which the library's service function is called. */
  get serviceLoops(): readonly LoopFact[] {
    return this.nodes.flatMap((node) => node.facts.loops.filter((loop) => loop.calls.some((name) => rolesOf(name).servicesLoop)));
  }

  /** Includes of headers that only the library's own sources may use. */
  privateIncludes(): readonly { readonly span: Span; readonly path: string }[] {
    return this.program.isEventLibrary(this.facts) ? [] : this.facts.includes.filter(({ path }) => isPrivateHeader(path));
  }

  /** Places that read objects of the library, whose layout no installed header tells, under another type. */
  *peeks(): Generator<{ readonly node: FunctionNode; readonly access: AccessFact; readonly type: string }> {
    const declared = this.program.named(declaredIn);
    for (const node of this.nodes) {
      if (node.facts.isMacro || this.program.isEventLibrary(this.facts)) continue;
      const seen = new Set<number>();
      for (const access of node.facts.accesses) {
        // What the project declares with its members is its own.
        if (access.castFrom === undefined || seen.has(access.span.start) || declared.has(access.castFrom)) continue;
        seen.add(access.span.start);
        yield { node, access, type: access.castFrom };
      }
    }
  }
}

/** The types that a file declares with their members. */
const declaredIn = ({ records, classes }: FileFacts): ByName<true> => byName([...records, ...classes].map(({ name }) => [name, true] as const));
