/**
 * The tree that selectors and users' own rules see: the grammar's nodes, made when they are touched from the flat
 * arrays of a `ParsedTree`. Nothing is parsed before somebody looks below the root.
 */
import type { LineIndex } from "../source/line-index.js";
import type { ParsedTree } from "../syntax/tree-sitter.js";
import { ROOT_TYPE, type Grammar } from "./grammar.js";

export interface SourceLocation {
  start: { line: number; column: number };
  end: { line: number; column: number };
}

/** Where the nodes of one file come from. */
export interface TreeSource {
  readonly text: string;
  readonly lines: LineIndex;
  readonly grammar: Grammar;
  /** Parses the text; `undefined` when the parser gave up. Called once, and only when somebody looks below the root. */
  parse(): ParsedTree | undefined;
}

/**
 * A node or token of the grammar. Beside what is declared here, it has a property for each field of the grammar: a node, or
 * an array of nodes where the grammar allows several. The field `type` is called `typeNode`, since `type` is the type of the node itself.
 */
export class SyntaxNode {
  readonly type: string;
  readonly range: [number, number];
  readonly parent: SyntaxNode | null;
  readonly #tree: SyntaxTree;
  readonly #index: number;
  #loc: SourceLocation | undefined;
  #children: readonly SyntaxNode[] | undefined;
  #comments: readonly SyntaxNode[] | undefined;
  #tokens: readonly SyntaxNode[] | undefined;

  constructor(tree: SyntaxTree, index: number, type: string, range: [number, number], parent: SyntaxNode | null) {
    this.#tree = tree;
    this.#index = index;
    this.type = type;
    this.range = range;
    this.parent = parent;
  }

  /** Lines and columns both count from 1, as everywhere in this package. */
  get loc(): SourceLocation {
    return (this.#loc ??= this.#tree.locate(this.range));
  }

  get text(): string {
    return this.#tree.source.text.slice(this.range[0], this.range[1]);
  }

  /** Named nodes without comments, so that a comment does not change who is whose sibling or first child. */
  get children(): readonly SyntaxNode[] {
    return (this.#children ??= this.#tree.childrenOf(this, this.#index, "node"));
  }

  get comments(): readonly SyntaxNode[] {
    return (this.#comments ??= this.#tree.childrenOf(this, this.#index, "comment"));
  }

  /** Punctuation and keywords. They are reached through here and through fields such as `operator`, never visited. */
  get tokens(): readonly SyntaxNode[] {
    return (this.#tokens ??= this.#tree.childrenOf(this, this.#index, "token"));
  }

  /** Lets selectors compare a field with a text: `call_expression[function="lws_close_free_wsi"]`. */
  toString(): string {
    return this.text;
  }

  /** Read by the field properties of `SyntaxTree`'s node classes. */
  static field(node: SyntaxNode, field: number): SyntaxNode | SyntaxNode[] | undefined {
    return node.#tree.fieldOf(node, node.#index, field);
  }
}

type Kind = "node" | "comment" | "token";
type NodeClass = new (...args: ConstructorParameters<typeof SyntaxNode>) => SyntaxNode;

const nodeClasses = new WeakMap<Grammar, NodeClass>();

/** One class per grammar, with a getter per field: own properties would cost memory on every node, used or not. */
function nodeClassOf(grammar: Grammar): NodeClass {
  let nodeClass = nodeClasses.get(grammar);
  if (nodeClass === undefined) {
    nodeClass = class GrammarNode extends SyntaxNode {};
    grammar.fields.forEach((name, id) => {
      if (name === null) return;
      Object.defineProperty(nodeClass!.prototype, name, {
        enumerable: true,
        configurable: true,
        get(this: SyntaxNode) {
          return SyntaxNode.field(this, id);
        },
      });
    });
    nodeClasses.set(grammar, nodeClass);
  }
  return nodeClass;
}

export class SyntaxTree {
  readonly root: SyntaxNode;
  readonly #nodes: (SyntaxNode | undefined)[];
  readonly #class: NodeClass;
  #parsed: ParsedTree | undefined;

  constructor(readonly source: TreeSource) {
    this.#class = nodeClassOf(source.grammar);
    // The parser's root leaves out blanks at both ends of the file; for ESLint it is the whole text.
    this.root = new this.#class(this, 0, ROOT_TYPE, [0, source.text.length], null);
    this.#nodes = [this.root];
  }

  get #arrays(): ParsedTree {
    return (this.#parsed ??= this.source.parse() ?? emptyTree);
  }

  locate([start, end]: readonly [number, number]): SourceLocation {
    const { lines } = this.source;
    return { start: lines.positionAt(start), end: lines.positionAt(end) };
  }

  /** Number of nodes that the parser could not read or had to make up. */
  get errorCount(): number {
    return this.#arrays.broken.length;
  }

  #kindOf(index: number): Kind {
    const { grammar } = this.source;
    const { type, types } = this.#arrays;
    const id = type[index]!;
    if (types[id] === "comment") return "comment";
    return grammar.isNamed(id) ? "node" : "token";
  }

  /** Nodes are made once: selectors compare them by identity. */
  #nodeAt(index: number, parent: SyntaxNode): SyntaxNode {
    const { type, types, start, end } = this.#arrays;
    return (this.#nodes[index] ??= new this.#class(this, index, types[type[index]!]!, [start[index]!, end[index]!], parent));
  }

  childrenOf(node: SyntaxNode, index: number, kind: Kind): readonly SyntaxNode[] {
    const { after, count } = this.#arrays;
    const result: SyntaxNode[] = [];
    if (count === 0) return result;
    for (let child = index + 1; child < after[index]!; child = after[child]!) {
      if (this.#kindOf(child) === kind) result.push(this.#nodeAt(child, node));
    }
    return result;
  }

  fieldOf(node: SyntaxNode, index: number, id: number): SyntaxNode | SyntaxNode[] | undefined {
    const { after, field, count } = this.#arrays;
    const isMultiple = this.source.grammar.isMultiple(node.type, id);
    const result: SyntaxNode[] = [];
    if (count > 0) {
      for (let child = index + 1; child < after[index]!; child = after[child]!) {
        // The grammar's fields also cover the commas and parentheses inside of what they name.
        if (field[child] !== id || (isMultiple && this.#kindOf(child) !== "node")) continue;
        const found = this.#nodeAt(child, node);
        if (!isMultiple) return found;
        result.push(found);
      }
    }
    return isMultiple ? result : undefined;
  }

  /** Enters (1) and leaves (2) all nodes and comments in source order. Lazy: the root is entered before anything is parsed. */
  *walk(): Generator<{ node: SyntaxNode; phase: 1 | 2 }, void, void> {
    yield { node: this.root, phase: 1 };
    const { after, count } = this.#arrays;
    const open: SyntaxNode[] = [this.root];
    const ends: number[] = [count];
    for (let index = 1; index < count; index++) {
      while (index >= ends.at(-1)!) {
        ends.pop();
        yield { node: open.pop()!, phase: 2 };
      }
      if (this.#kindOf(index) === "token") continue;
      const node = this.#nodeAt(index, open.at(-1)!);
      yield { node, phase: 1 };
      open.push(node);
      ends.push(after[index]!);
    }
    while (open.length > 0) yield { node: open.pop()!, phase: 2 };
  }
}

const none = new Int32Array(0);
/** What stands below the root when the parser gave up. */
const emptyTree: ParsedTree = {
  count: 0,
  types: [],
  fields: [],
  type: new Uint16Array(0),
  field: new Uint8Array(0),
  start: none,
  end: none,
  after: none,
  broken: [],
};
