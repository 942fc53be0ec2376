/** Links the facts of all files: which function a call may enter. A wrong link is worse than none, so ambiguity ends silently. */
import type { CallFact, FileFacts, FunctionFacts } from "./facts.js";
import { PointerTargets, type HeldFunction } from "./pointer-targets.js";
import { optionsOf, type Value } from "./value.js";
import type { ValueSet } from "./value-set.js";

export interface FunctionNode {
  readonly id: number;
  readonly file: FileFacts;
  readonly facts: FunctionFacts;
}

export class CallGraph {
  readonly nodes: readonly FunctionNode[];
  readonly #local = new Map<FileFacts, Map<string, FunctionNode[]>>();
  readonly #external = new Map<string, FunctionNode[]>();
  readonly #headerMacros = new Map<string, FunctionNode[]>();
  readonly #byIndex = new Map<FileFacts, FunctionNode[]>();
  readonly #pointers: PointerTargets;

  constructor(readonly files: readonly FileFacts[]) {
    const nodes: FunctionNode[] = [];
    for (const file of files) {
      const local = new Map<string, FunctionNode[]>();
      const inOrder: FunctionNode[] = [];
      for (const facts of file.functions) {
        const node: FunctionNode = { id: nodes.length, file, facts };
        nodes.push(node);
        inOrder.push(node);
        if (facts.isLambda) continue;
        append(local, facts.name, node);
        if (facts.isMacro) {
          if (isHeader(file.path)) append(this.#headerMacros, facts.name, node);
        } else if (!facts.isStatic) {
          append(this.#external, facts.name, node);
        }
      }
      this.#local.set(file, local);
      this.#byIndex.set(file, inOrder);
    }
    this.nodes = nodes;
    this.#pointers = new PointerTargets(this);
  }

  /** The function a name means at a place in `file`; `argumentCount` tells namesakes apart where it is known. */
  byName(file: FileFacts, name: string, argumentCount?: number): FunctionNode | undefined {
    const here = this.#local.get(file)?.get(name);
    if (here) return pick(here, argumentCount);
    const elsewhere = this.#external.get(name);
    const included = elsewhere ? undefined : this.#headerMacros.get(name)?.filter((node) => includes(file, node.file.path));
    const candidates = elsewhere ?? included;
    if (!candidates) return undefined;
    if (candidates.length === 1) return candidates[0];
    const fitting = candidates.filter((node) => fits(node, argumentCount));
    return fitting.length > 1 ? nearest(file.path, fitting) : fitting[0];
  }

  /** Whether the project itself defines a function of this name that a call in `file` could mean. */
  definesFunction(file: FileFacts, name: string): boolean {
    if (this.#local.get(file)?.get(name)?.some((node) => !node.facts.isMacro)) return true;
    return this.#external.has(name);
  }

  /** The functions a value may be the address of, told by the value alone. */
  functionsOf(file: FileFacts, value: Value, argumentCount?: number): readonly FunctionNode[] {
    const found: FunctionNode[] = [];
    for (const option of optionsOf(value)) {
      const target = option.kind === "address" ? option.of : option;
      if (target.kind === "entity") {
        const node = this.byName(file, target.name, argumentCount);
        if (node && !node.facts.isMacro) found.push(node);
      } else if (target.kind === "lambda") {
        const node = this.#byIndex.get(file)?.[target.functionIndex];
        if (node) found.push(node);
      }
    }
    return found;
  }

  /** The functions that a value handed on may be: also out of variables, fields and tables, and of parameters that callers pass functions for. */
  functionsHeld(node: FunctionNode, value: Value): readonly HeldFunction[] {
    return this.#pointers.held(node, value);
  }

  nodesOf(file: FileFacts): readonly FunctionNode[] {
    return this.#byIndex.get(file) ?? [];
  }

  /** The functions a call may enter; `target` is what the callee evaluates to in the caller's context. */
  targetsOf(caller: FunctionNode, call: CallFact, target: Value | undefined): readonly CallTarget[] {
    if (call.name !== undefined) {
      const node = this.byName(caller.file, call.name, call.args.length);
      return node ? [{ node }] : [];
    }
    if (!target) return [];
    const direct = this.functionsOf(caller.file, target, call.args.length);
    if (direct.length > 0) return direct.map((node) => ({ node }));
    return this.#pointers.targetsOf(caller, call, target).filter(({ node }) => fits(node, call.args.length));
  }
}

export interface CallTarget {
  readonly node: FunctionNode;
  /** The target is entered only where this value, in terms of the caller's parameters, is in the set: a table indexed or searched by it. */
  readonly where?: { readonly value: Value; readonly set: ValueSet };
}

function append<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

const isHeader = (path: string): boolean => /\.(h|hh|hpp|hxx|inc)$/i.test(path);

const includes = (file: FileFacts, header: string): boolean =>
  file.path === header || file.includes.some((include) => header.endsWith(include.path.replace(/^(\.\.?\/)+/, "")));

const fits = (node: FunctionNode, argumentCount: number | undefined): boolean =>
  argumentCount === undefined || node.facts.params.length === argumentCount;

/** Same name twice in one file: two configurations of one function, or a macro beside a function. */
function pick(candidates: readonly FunctionNode[], argumentCount: number | undefined): FunctionNode | undefined {
  return candidates.length === 1 ? candidates[0] : (candidates.find((node) => fits(node, argumentCount)) ?? candidates[0]);
}

/**
 * Repositories hold several programs with functions of the same names, each in a folder of its own: the definition that shares most folders
 * with the caller, if it is the only one that does.
 */
function nearest(from: string, candidates: readonly FunctionNode[]): FunctionNode | undefined {
  const folders = from.split("/").slice(0, -1);
  const shared = candidates.map(({ file }) => {
    const other = file.path.split("/").slice(0, -1);
    const length = folders.findIndex((folder, i) => folder !== other[i]);
    return length === -1 ? folders.length : length;
  });
  const most = Math.max(...shared);
  const best = candidates.filter((_, i) => shared[i] === most);
  return best.length === 1 ? best[0] : undefined;
}
