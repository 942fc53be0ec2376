/** What has to be known of a grammar to show its trees to ESLint. */
import type { Language } from "../syntax/ast.js";
import { describeGrammar, MISSING_TYPE } from "../syntax/tree-sitter.js";

/** Every file's root has this type, also where the grammar recognises nothing and answers `ERROR`. */
export const ROOT_TYPE = "translation_unit";

export interface Grammar {
  /** Field names by id, as nodes have them for properties. */
  readonly fields: readonly (string | null)[];
  /** Whether nodes of this type id are nodes in their own right, not punctuation or keywords. */
  isNamed(typeId: number): boolean;
  /** Whether nodes of this type can have a field more than once; its property is then an array, however many there are. */
  isMultiple(type: string, fieldId: number): boolean;
  /** For ESLint: where the children of each type of node are found. */
  readonly visitorKeys: Readonly<Record<string, string[]>>;
}

/** The same for all nodes, so that `:nth-child` counts named children and nothing else. */
const keys = ["children", "comments"];

/**
 * Fields that can occur more than once, by node type. The compiled grammar does not tell;
 * `test/eslint/syntax-tree.test.ts` compares this with the grammar's `node-types.json`.
 */
export const multipleFields: Readonly<Record<Language, Readonly<Record<string, readonly string[]>>>> = {
  c: {
    declaration: ["declarator"],
    field_declaration: ["declarator"],
    type_definition: ["declarator"],
    initializer_pair: ["designator"],
    gnu_asm_clobber_list: ["register"],
    gnu_asm_goto_list: ["label"],
    gnu_asm_input_operand_list: ["operand"],
    gnu_asm_output_operand_list: ["operand"],
  },
  cpp: {
    constraint_conjunction: ["left", "right"],
    constraint_disjunction: ["left", "right"],
    declaration: ["declarator"],
    field_declaration: ["declarator", "default_value"],
    type_definition: ["declarator"],
    initializer_pair: ["designator"],
    qualified_identifier: ["name"],
    requires_clause: ["constraint"],
    gnu_asm_clobber_list: ["register"],
    gnu_asm_goto_list: ["label"],
    gnu_asm_input_operand_list: ["operand"],
    gnu_asm_output_operand_list: ["operand"],
  },
};

/** `type` is what ESLint and esquery read a node's own type from, whatever else they are told. */
const propertyName = (field: string | null): string | null => (field === "type" ? "typeNode" : field);

const grammars = new Map<Language, Grammar>();

/** The grammar must have been loaded. */
export function grammarOf(language: Language): Grammar {
  let grammar = grammars.get(language);
  if (grammar === undefined) {
    grammar = createGrammar(language);
    grammars.set(language, grammar);
  }
  return grammar;
}

function createGrammar(language: Language): Grammar {
  const { types, fields, isToken } = describeGrammar(language);
  const multiple = new Map(
    Object.entries(multipleFields[language]).map(([type, names]) => [type, new Set(names.map((name) => fields.indexOf(name)))]),
  );
  const visitorKeys: Record<string, string[]> = { [ROOT_TYPE]: keys };
  types.forEach((type, id) => {
    if (isToken[id] === 0 || type === MISSING_TYPE) visitorKeys[type] = keys;
  });
  return {
    fields: fields.map(propertyName),
    isNamed: (id) => isToken[id] === 0 || types[id] === MISSING_TYPE,
    isMultiple: (type, id) => multiple.get(type)?.has(id) ?? false,
    visitorKeys,
  };
}
