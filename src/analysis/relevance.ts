/** Which functions are worth entering: those from which something can be reached that somebody asks about. */
import type { CallGraph, Derivation, FunctionNode } from "./call-graph.js";
import type { CallFact } from "./facts.js";

/** What somebody asks about. */
export interface Interest {
  /** Names of calls. Functions that cannot reach one are not entered, */
  readonly isInteresting: (name: string) => boolean;
  /** unless somebody asks about the function for another reason. */
  readonly isWatched?: (node: FunctionNode) => boolean;
}

/** What one file has to be entered for. */
interface FileInterest {
  readonly certain: ReadonlySet<FunctionNode>;
  /** Calls of other functions, where it depends on what pointers and listeners to events the program has. */
  readonly open: readonly { readonly node: FunctionNode; readonly call: CallFact }[];
  /** The last answer to these, and when it was given. */
  last?: { readonly revision: number; readonly nodes: ReadonlySet<FunctionNode> };
}

export class Relevance {
  #relevant: ReadonlySet<FunctionNode> | undefined;
  readonly #interestIn: Derivation<FileInterest>;

  constructor(
    readonly graph: CallGraph,
    { isInteresting, isWatched = () => false }: Interest,
  ) {
    this.#interestIn = (file) => {
      const certain = new Set<FunctionNode>();
      const open: { node: FunctionNode; call: CallFact }[] = [];
      for (const node of graph.nodesOf(file)) {
        const { loops, calls } = node.facts;
        // What a value is called through is not known yet.
        const isCertain = loops.length > 0 || isWatched(node) || calls.some((call) =>
          call.name !== undefined ? isInteresting(call.name) : !call.receiver?.ref && graph.namedTargets(node, call).length === 0);
        if (isCertain) certain.add(node);
        else if (file.language === "cpp") for (const call of calls) if (graph.namedTargets(node, call).length === 0) open.push({ node, call });
      }
      return { certain, open };
    };
  }

  /** The functions from which anything of interest can be reached, by name edges, backwards to a fixpoint. What changed since the last time is touched. */
  functions(): ReadonlySet<FunctionNode> {
    const { graph } = this;
    const relevant = new Set<FunctionNode>();
    for (const file of graph.files) {
      const interest = graph.derived(this.#interestIn, file);
      for (const node of interest.certain) relevant.add(node);
      if (interest.open.length === 0) continue;
      if (interest.last?.revision !== graph.pointersRevision) {
        const nodes = interest.open.filter(({ node, call }) => graph.targetsOf(node, call, call.target).length > 0).map(({ node }) => node);
        interest.last = { revision: graph.pointersRevision, nodes: new Set(nodes) };
      }
      for (const node of interest.last.nodes) relevant.add(node);
    }
    // What is added while the loop runs is visited as well.
    for (const node of relevant) for (const caller of graph.callersOf(node)) relevant.add(caller.node);
    const before = this.#relevant;
    if (before) {
      for (const node of relevant) if (!before.has(node)) graph.touch(node);
      for (const node of before) if (!relevant.has(node)) graph.touch(node);
    }
    return (this.#relevant = relevant);
  }
}
