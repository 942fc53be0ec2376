/** Tables of protocols: what their rows say, and which of them the library takes as a list that a terminator ends. */
import type { FunctionNode } from "../analysis/call-graph.js";
import type { AggregateFact, AggregateRow, FileFacts } from "../analysis/facts.js";
import { byName, type ByName } from "../analysis/name-index.js";
import { optionsOf, type Value } from "../analysis/value.js";
import type { Span } from "../source/span.js";
import { CALLBACK_FIELDS, CONTEXT_INFO_TYPE, PROTOCOL_TABLES, SESSION_SIZE_FIELD } from "./api/index.js";
import type { FileInProgram, Program } from "./program.js";

export interface ProtocolTable {
  readonly file: FileFacts;
  readonly aggregate: AggregateFact;
}

/** Where a table is handed over as `protocols` of a context or a vhost. */
export interface TableUse {
  readonly file: FileFacts;
  readonly span: Span;
}

/** All tables of protocols in a file that are arrays. */
export const protocolTables = ({ facts }: FileInProgram): readonly ProtocolTable[] =>
  facts.aggregates.filter(({ isArray, type }) => isArray && PROTOCOL_TABLES.structs.some((name) => name === type)).map((aggregate) => ({ file: facts, aggregate }));

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
export function listUses(program: Program, { file, aggregate }: ProtocolTable): readonly TableUse[] {
  const { variable, inFunction } = aggregate;
  // Most names of tables are used in many files, each for a table of its own.
  if (inFunction === undefined && program.named(tablesIn).of(variable).length === 1) return program.named(listsIn).of(variable).filter(({ isLocal }) => !isLocal);
  const here = program.graph.derived(listsIn, file);
  const named = here.get(variable) ?? [];
  if (inFunction === undefined) return named.filter(({ isLocal }) => !isLocal);
  // A static of a function is told by the function's name.
  return [...named.filter((list) => list.isLocal && list.inFunction === inFunction), ...(here.get(`${inFunction}.${variable}`) ?? []).filter(({ isLocal }) => !isLocal)];
}

/** Whether any info that opens connections carries data for them. */
export const givesSessions = (program: Program): boolean => program.storingFunctions("userdata").size > 0 || USER_DATA.some((field) => program.named(userDataIn).has(field));

const USER_DATA = ["userdata", "opaque_user_data"];

const userDataIn = ({ aggregates }: FileFacts): ByName<true> =>
  byName(aggregates.flatMap(({ rows }) => rows.flatMap(({ fields }) => fields.flatMap(({ name }) => (name !== undefined && USER_DATA.includes(name) ? [[name, true] as const] : [])))));

/** A list of protocols as it is handed over, by the name of the variable. */
interface ProtocolList extends TableUse {
  readonly isLocal: boolean;
  readonly inFunction: string | undefined;
}

function listsIn(file: FileFacts): ByName<ProtocolList> {
  const found: (readonly [string, ProtocolList])[] = [];
  const note = (inFunction: string | undefined, value: Value, span: Span): void => {
    const names = new Set<string>();
    for (const option of optionsOf(value)) {
      const named = firstElement(option);
      if ((named?.kind !== "local" && named?.kind !== "entity") || names.has(`${named.kind} ${named.name}`)) continue;
      names.add(`${named.kind} ${named.name}`);
      found.push([named.name, { file, span, isLocal: named.kind === "local", inFunction }]);
    }
  };
  for (const { name, stores } of file.functions) {
    for (const { target, value, objectType, span } of stores) {
      if (target.kind === "field" && target.field === PROTOCOL_TABLES.listField && CONTEXT_INFO_TYPE.test(objectType ?? "")) note(name, value, span);
    }
  }
  for (const { type, rows, inFunction } of file.aggregates) {
    if (!CONTEXT_INFO_TYPE.test(type)) continue;
    for (const { fields } of rows) for (const { name, value, span } of fields) if (name === PROTOCOL_TABLES.listField) note(inFunction, value, span);
  }
  return byName(found);
}

const tablesIn = (file: FileFacts): ByName<AggregateFact> =>
  byName(file.aggregates.flatMap((one) => (one.inFunction === undefined ? [[one.variable, one] as const] : [])));

/** `table` and `&table[0]`. */
function firstElement(value: Value): Value | undefined {
  if (value.kind !== "address") return value;
  const { of } = value;
  return of.kind === "element" && of.index?.kind === "number" && of.index.value === 0 ? of.base : undefined;
}
