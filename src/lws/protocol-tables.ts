/** Tables of protocols: what their rows say, and which of them the library takes as a list that a terminator ends. */
import type { FunctionNode } from "../analysis/call-graph.js";
import type { AggregateFact, AggregateRow, FileFacts, FunctionFacts } from "../analysis/facts.js";
import { optionsOf, type Value } from "../analysis/value.js";
import type { Span } from "../source/span.js";
import { CALLBACK_FIELDS, CONTEXT_INFO_TYPE, PROTOCOL_TABLES, SESSION_SIZE_FIELD } from "./api/index.js";
import type { Program } from "./program.js";

export interface ProtocolTable {
  readonly file: FileFacts;
  readonly aggregate: AggregateFact;
}

/** Where a table is handed over as `protocols` of a context or a vhost. */
export interface TableUse {
  readonly file: FileFacts;
  readonly span: Span;
}

/** All tables of protocols that are arrays. */
export function* protocolTables(program: Program): Generator<ProtocolTable> {
  for (const file of program.files) {
    for (const aggregate of file.aggregates) {
      if (aggregate.isArray && PROTOCOL_TABLES.structs.some((name) => name === aggregate.type)) yield { file, aggregate };
    }
  }
}

const CALLBACK = CALLBACK_FIELDS.find(({ calledAs }) => calledAs === "protocol")!;

/** A field of a row: by name, else by position. */
const fieldOf = ({ fields }: AggregateRow, { field, index }: { readonly field: string; readonly index?: number }): AggregateRow["fields"][number] | undefined =>
  fields.find(({ name, position }) => (name === undefined ? index !== undefined && position === index : name === field));

export const callbackOf = (row: AggregateRow): AggregateRow["fields"][number] | undefined => fieldOf(row, CALLBACK);

export const sessionSizeOf = (row: AggregateRow): AggregateRow["fields"][number] | undefined => fieldOf(row, SESSION_SIZE_FIELD);

/** The functions a row may call back. */
export const callbacksOf = (program: Program, { file }: ProtocolTable, row: AggregateRow): readonly FunctionNode[] => {
  const callback = callbackOf(row);
  return callback ? program.graph.functionsOf(file, callback.value) : [];
};

/** Where a table is given to the library as a list that ends with a row without callback. Lists of pointers and plugins' counted tables are not among them. */
export function* listUses(program: Program, { file, aggregate }: ProtocolTable): Generator<TableUse> {
  const isTable = (at: FileFacts, fn: FunctionFacts | undefined, value: Value): boolean =>
    optionsOf(value).some((option) => {
      const named = firstElement(option);
      if (named?.kind === "local") return at === file && fn !== undefined && aggregate.inFunction === fn.name && named.name === aggregate.variable;
      if (named?.kind !== "entity") return false;
      // A static of a function is told by the function's name.
      if (aggregate.inFunction !== undefined) return at === file && named.name === `${aggregate.inFunction}.${aggregate.variable}`;
      return named.name === aggregate.variable && (at === file || isOnlyOne(program, aggregate.variable));
    });
  for (const at of program.files) {
    for (const fn of at.functions) {
      for (const { target, value, objectType, span } of fn.stores) {
        if (target.kind === "field" && target.field === PROTOCOL_TABLES.listField && CONTEXT_INFO_TYPE.test(objectType ?? "") && isTable(at, fn, value)) yield { file: at, span };
      }
    }
    for (const { type, rows, inFunction } of at.aggregates) {
      if (!CONTEXT_INFO_TYPE.test(type)) continue;
      const fn = inFunction === undefined ? undefined : at.functions.find(({ name }) => name === inFunction);
      for (const { fields } of rows) for (const { name, value, span } of fields) if (name === PROTOCOL_TABLES.listField && isTable(at, fn, value)) yield { file: at, span };
    }
  }
}

/** `table` and `&table[0]`. */
function firstElement(value: Value): Value | undefined {
  if (value.kind !== "address") return value;
  const { of } = value;
  return of.kind === "element" && of.index?.kind === "number" && of.index.value === 0 ? of.base : undefined;
}

const isOnlyOne = (program: Program, variable: string): boolean =>
  program.files.flatMap(({ aggregates }) => aggregates).filter((one) => one.variable === variable && one.inFunction === undefined).length === 1;
