/** The only door to the parser library: everything else sees the arrays of a `ParsedTree`. */
import type * as TreeSitter from "web-tree-sitter";
import type { Parser, Tree } from "web-tree-sitter";
import type { Language } from "./ast.js";
import { grammarFile } from "./grammar-files.js";

/**
 * A syntax tree in preorder. The children of node `i` are `i + 1`, `after[i + 1]`, … while below `after[i]`.
 * Offsets are those of the text that was parsed.
 */
export interface ParsedTree {
  readonly count: number;
  readonly types: readonly string[];
  readonly fields: readonly (string | null)[];
  readonly type: Uint16Array;
  readonly field: Uint8Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly after: Int32Array;
  /** Nodes that the parser made up or could not read, in preorder. */
  readonly broken: readonly number[];
}

/** Type names of nodes that stand for an error, beside the grammar's own. */
export const ERROR_TYPE = "ERROR";
export const MISSING_TYPE = "MISSING";

/** What a parse may cost, counted in the parser's progress callbacks so that results do not depend on the machine. */
const callbackBudget = (length: number): number => 1000 + Math.ceil((length / 1024) * 200);

interface Loaded {
  readonly parser: Parser;
  readonly types: readonly string[];
  readonly fields: readonly (string | null)[];
  /** Per node type: whether its children are of no interest or cannot exist. */
  readonly isLeaf: Uint8Array;
  /** Per node type: whether it is punctuation or a keyword. */
  readonly isToken: Uint8Array;
}

/** What can occur in the trees of a grammar. */
export interface GrammarDescription {
  readonly types: readonly string[];
  readonly fields: readonly (string | null)[];
  /** By type id: 1 for punctuation and keywords. */
  readonly isToken: Uint8Array;
}

const loaded = new Map<Language, Loaded>();
const loading = new Map<Language, Promise<void>>();
let runtime: Promise<typeof TreeSitter> | undefined;

/** Thrown where a text has to be parsed and the grammar is not there yet: load it and start over. */
export class GrammarMissing extends Error {
  constructor(readonly language: Language) {
    super(`The ${language} grammar is not loaded; await initSyntax() first.`);
  }
}

/** Most runs need no parser, or one of the grammars: its module is loaded with the first. */
async function startRuntime(): Promise<typeof TreeSitter> {
  const library = await import("web-tree-sitter");
  await library.Parser.init();
  return library;
}

/** Node types whose text is read from the source directly. */
const leafTypes = new Set([
  "identifier", "field_identifier", "type_identifier", "statement_identifier", "namespace_identifier", "primitive_type",
  "number_literal", "string_literal", "raw_string_literal", "char_literal", "system_lib_string", "comment",
]);

async function load(language: Language): Promise<void> {
  const library = await (runtime ??= startRuntime());
  const grammar = await library.Language.load(grammarFile(language));
  const parser = new library.Parser();
  parser.setLanguage(grammar);
  const types = Array.from({ length: grammar.nodeTypeCount }, (_, id) => grammar.nodeTypeForId(id) ?? "");
  // The library counts MISSING and ERROR outside of the grammar; here they take the two ids behind it.
  const missing = types.push(MISSING_TYPE) - 1;
  const error = types.push(ERROR_TYPE) - 1;
  const isLeaf = new Uint8Array(types.length);
  const isToken = new Uint8Array(types.length);
  for (let id = 0; id < types.length; id++) {
    if (id === error) continue;
    if (id === missing || !grammar.nodeTypeIsNamed(id)) isToken[id] = 1;
    if (id === missing || leafTypes.has(types[id]!) || !grammar.nodeTypeIsNamed(id)) isLeaf[id] = 1;
  }
  loaded.set(language, { parser, types, fields: grammar.fields, isLeaf, isToken });
}

/** Loads the grammars; at most once each, however often and from wherever it is called. */
export async function loadGrammars(languages: readonly Language[]): Promise<void> {
  await Promise.all(
    languages.map((language) => {
      let pending = loading.get(language);
      if (pending === undefined) {
        pending = load(language);
        loading.set(language, pending);
      }
      return pending;
    }),
  );
}

/** @throws {GrammarMissing} */
export function describeGrammar(language: Language): GrammarDescription {
  const grammar = loaded.get(language);
  if (grammar === undefined) throw new GrammarMissing(language);
  return grammar;
}

/**
 * Parses a text; `undefined` when the effort limit was hit. `detail: "full"` also has what stands inside of literals.
 * @throws {GrammarMissing}
 */
export function parseText(text: string, language: Language, detail: "full" | "lean" = "lean"): ParsedTree | undefined {
  const grammar = loaded.get(language);
  if (grammar === undefined) throw new GrammarMissing(language);
  let left = callbackBudget(text.length);
  const tree = grammar.parser.parse(text, null, { progressCallback: () => --left < 0 });
  if (tree === null) {
    // Without it the next parse would go on with this text.
    grammar.parser.reset();
    return undefined;
  }
  try {
    return copyTree(tree, grammar, detail);
  } finally {
    tree.delete();
  }
}

/**
 * Copies a tree with as few calls into the parser as possible, since they are what costs: a first child
 * starts where its parent does, and in a lean copy of a tree without errors a token's length is that of
 * its spelling.
 */
function copyTree(tree: Tree, grammar: Loaded, detail: "full" | "lean"): ParsedTree {
  const { types, isToken } = grammar;
  const isLeaf = detail === "full" ? isToken : grammar.isLeaf;
  const isTerse = detail === "lean" && !tree.rootNode.hasError;
  let isFirstChild = false;
  const missing = types.length - 2;
  const error = types.length - 1;
  const cursor = tree.walk();
  let room = 256;
  let type = new Uint16Array(room);
  let field = new Uint8Array(room);
  let start = new Int32Array(room);
  let end = new Int32Array(room);
  let after = new Int32Array(room);
  const broken: number[] = [];
  const open: number[] = [];
  let count = 0;
  try {
    for (;;) {
      if (count === room) {
        room *= 2;
        type = grown(type, new Uint16Array(room));
        field = grown(field, new Uint8Array(room));
        start = grown(start, new Int32Array(room));
        end = grown(end, new Int32Array(room));
        after = grown(after, new Int32Array(room));
      }
      const node = count++;
      let id = cursor.nodeTypeId;
      if (id >= missing) id = error;
      const from = isFirstChild ? start[node - 1]! : cursor.startIndex;
      const isPlain = isTerse && isToken[id] === 1;
      const to = isPlain ? from + types[id]!.length : cursor.endIndex;
      // Only a made-up token is empty, and asking every node costs a call each.
      if (from === to && id !== error && cursor.nodeIsMissing) id = missing;
      if (id >= missing) broken.push(node);
      type[node] = id;
      if (!isPlain) field[node] = cursor.currentFieldId;
      start[node] = from;
      end[node] = to;
      if (isLeaf[id] === 0 && cursor.gotoFirstChild()) {
        open.push(node);
        // The root alone can begin with white space of its own.
        isFirstChild = node > 0;
        continue;
      }
      isFirstChild = false;
      after[node] = count;
      while (!cursor.gotoNextSibling()) {
        const parent = open.pop();
        if (parent === undefined) return { count, types, fields: grammar.fields, type, field, start, end, after, broken };
        cursor.gotoParent();
        after[parent] = count;
      }
    }
  } finally {
    cursor.delete();
  }
}

function grown<A extends { set(from: A): void }>(from: A, to: A): A {
  to.set(from);
  return to;
}
