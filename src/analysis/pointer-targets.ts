/**
 * What calls through pointers may enter: tables indexed or searched by a value, structs of operations, fields and variables that the project
 * gives few functions. Everything is told from what is stored anywhere; what is not certain has no targets.
 */
import type { CallGraph, CallTarget, FunctionNode } from "./call-graph.js";
import type { AggregateFact, AggregateRow, CallFact, FileFacts } from "./facts.js";
import type { Span } from "../source/span.js";
import { optionsOf, type Value } from "./value.js";
import * as Sets from "./value-set.js";

/** More functions than this in one field: it says nothing about any one call. */
const MAX_TARGETS = 8;
const MAX_PASSING_DEPTH = 4;

export interface HeldFunction {
  readonly node: FunctionNode;
  /** Where it was handed over, when that is in a caller. */
  readonly passed?: { readonly file: string; readonly span: Span };
}

export class PointerTargets {
  /** By `type.field`; the type is empty where nothing told it. */
  readonly #fields = new Map<string, Map<string, Set<FunctionNode>>>();
  /** Members of structs in order, and what type names stand for, where all files agree. */
  readonly #members = new Map<string, readonly string[] | undefined>();
  readonly #aliases = new Map<string, string | undefined>();
  readonly #named = new Map<AggregateFact, readonly AggregateRow[]>();
  /** Variables that hold function pointers, by file and name. */
  readonly #variables = new Map<FileFacts, Map<string, Set<FunctionNode>>>();

  constructor(readonly graph: CallGraph) {
    for (const { records, aliases } of graph.files) {
      for (const record of records) {
        const fields = record.fields.map(({ name }) => name);
        agreed(this.#members, record.name, fields, fields.join());
      }
      for (const { name, type } of aliases) agreed(this.#aliases, name, type, type);
    }
    for (const node of graph.nodes) {
      for (const store of node.facts.stores) {
        const functions = this.#functionsPassed(node, store.value, 0);
        if (functions.length === 0) continue;
        if (store.target.kind === "field") this.#addField(graph.classKey(node, store.objectRef) ?? this.#typeKey(node.file, store.objectType), store.target.field, functions);
        else if (store.target.kind === "entity") this.#addVariable(node.file, store.target.name, functions);
      }
    }
    for (const file of graph.files) {
      for (const aggregate of file.aggregates) {
        for (const row of this.#rowsOf(aggregate)) {
          for (const field of row.fields) {
            const functions = graph.functionsOf(file, field.value);
            if (field.name !== undefined && functions.length > 0) this.#addField(this.#typeKey(file, aggregate.type), field.name, functions);
          }
        }
      }
      for (const pointer of file.functionPointers) {
        this.#addVariable(file, pointer.name, graph.functionsOf(file, pointer.value));
      }
    }
  }

  targetsOf(caller: FunctionNode, call: CallFact, target: Value): readonly CallTarget[] {
    return optionsOf(target).flatMap((option) => {
      switch (option.kind) {
        case "element": return this.#byIndex(caller, option);
        case "field": {
          const searched = this.#bySearch(caller, call, option);
          return searched.length > 0 ? searched : this.#byField(this.graph.classKey(caller, call.receiver?.ref) ?? this.#typeKey(caller.file, call.receiver?.type), option.field);
        }
        case "deref": return this.targetsOf(caller, call, option.base);
        case "entity": return this.#byVariable(caller.file, option.name);
        default: return [];
      }
    });
  }

  /** One name for one type; one without a tag belongs to its file. */
  #typeKey(file: FileFacts, type = ""): string {
    return type.includes("@") ? `${type} ${file.path}` : (this.#aliases.get(type) ?? type);
  }

  /** The rows of a table with the names of members that another file declares. */
  #rowsOf(table: AggregateFact): readonly AggregateRow[] {
    let rows = this.#named.get(table);
    if (!rows) {
      const members = this.#members.get(this.#aliases.get(table.type) ?? table.type);
      rows = members ? table.rows.map((row) => withNames(row, members)) : table.rows;
      this.#named.set(table, rows);
    }
    return rows;
  }

  /** `table[i](…)`. */
  #byIndex(caller: FunctionNode, value: Extract<Value, { kind: "element" }>): readonly CallTarget[] {
    const table = this.#tableOf(caller, value.base);
    if (!table) return [];
    return table.rows.flatMap((row) => {
      const where = value.index && row.index !== undefined ? { value: value.index, set: Sets.ofNumber(row.index) } : undefined;
      return row.fields.flatMap((field) => this.graph.functionsOf(this.#fileOf(table, caller.file), field.value)).map((node) => ({ node, ...(where && { where }) }));
    });
  }

  /** `if (table[i].key == x) table[i].handler(…)`, also over a pointer into the table. */
  #bySearch(caller: FunctionNode, call: CallFact, value: Extract<Value, { kind: "field" }>): readonly CallTarget[] {
    for (const base of optionsOf(value.base)) {
      const array = base.kind === "element" ? base.base : base;
      const table = this.#tableOf(caller, array);
      if (!table?.isArray) continue;
      const index = base.kind === "element" ? base.index : undefined;
      const key = call.equal.find(([left]) => left.kind === "field" && left.field !== value.field && optionsOf(left.base).some((one) => this.#tableOf(caller, one.kind === "element" ? one.base : one) === table));
      return this.#rowsOf(table).flatMap((row) => {
        const functions = fieldOf(row, value.field).flatMap((held) => this.graph.functionsOf(this.#fileOf(table, caller.file), held));
        const wanted = key?.[0].kind === "field" ? constantOf(fieldOf(row, key[0].field)[0]) : undefined;
        const where = key && wanted ? { value: key[1], set: wanted } : index && row.index !== undefined ? { value: index, set: Sets.ofNumber(row.index) } : undefined;
        return functions.map((node) => ({ node, ...(where && { where }) }));
      });
    }
    return [];
  }

  #byField(type: string, field: string): readonly CallTarget[] {
    const types = this.#fields.get(field);
    if (!types) return [];
    // Without the type on either side, only a name that is used once in the project is safe.
    const found = type !== "" ? new Set([...(types.get(type) ?? []), ...(types.size === 1 ? (types.get("") ?? []) : [])]) : types.size === 1 ? [...types.values()][0]! : new Set<FunctionNode>();
    return found.size <= MAX_TARGETS ? [...found].map((node) => ({ node })) : [];
  }

  #byVariable(file: FileFacts, name: string): readonly CallTarget[] {
    const here = this.#variables.get(file)?.get(name);
    return here && here.size <= MAX_TARGETS ? [...here].map((node) => ({ node })) : [];
  }

  /** The table a value denotes: a file-scope array, one of the caller's own, or the only one of that name elsewhere. */
  #tableOf(caller: FunctionNode, value: Value): AggregateFact | undefined {
    const { file } = caller;
    if (value.kind === "local") return file.aggregates.find((one) => one.variable === value.name && one.inFunction === caller.facts.name);
    if (value.kind !== "entity") return undefined;
    const dot = value.name.lastIndexOf(".");
    if (dot >= 0) return file.aggregates.find((one) => one.inFunction === value.name.slice(0, dot) && one.variable === value.name.slice(dot + 1));
    const here = file.aggregates.find((one) => one.inFunction === undefined && one.variable === value.name);
    if (here) return here;
    const elsewhere = this.graph.files.flatMap((other) => other.aggregates.filter((one) => one.inFunction === undefined && one.variable === value.name));
    return elsewhere.length === 1 ? elsewhere[0] : undefined;
  }

  #fileOf(table: AggregateFact, otherwise: FileFacts): FileFacts {
    return this.graph.files.find((file) => file.aggregates.includes(table)) ?? otherwise;
  }

  /** The functions a stored value is, also where it is a parameter that callers pass functions for. */
  #functionsPassed(node: FunctionNode, value: Value, depth: number): readonly FunctionNode[] {
    return optionsOf(value).flatMap((option) => {
      if (option.kind !== "param") return this.graph.functionsOf(node.file, option);
      if (depth >= MAX_PASSING_DEPTH) return [];
      return this.graph.callersOf(node).flatMap(({ node: caller, call }) => {
        const passed = call.args[option.index]?.value;
        return passed ? this.#functionsPassed(caller, passed, depth + 1) : [];
      });
    });
  }

  /** All functions a value handed on may be, however many: each of them is used as the receiver uses it. */
  held(node: FunctionNode, value: Value, depth = 0): readonly HeldFunction[] {
    const stored = (table: AggregateFact, values: readonly Value[]): HeldFunction[] =>
      values.flatMap((one) => this.graph.functionsOf(this.#fileOf(table, node.file), one)).map((found) => ({ node: found }));
    return optionsOf(value).flatMap((option): readonly HeldFunction[] => {
      const direct = this.graph.functionsOf(node.file, option);
      if (direct.length > 0) return direct.map((found) => ({ node: found }));
      switch (option.kind) {
        case "param":
          return depth >= MAX_PASSING_DEPTH ? [] : this.graph.callersOf(node).flatMap(({ node: caller, call }) => {
            const arg = call.args[option.index];
            const found = arg ? this.held(caller, arg.value, depth + 1) : [];
            return found.map((one) => ({ passed: { file: caller.file.path, span: arg!.span }, ...one }));
          });
        case "field": {
          const table = this.#tableOf(node, option.base.kind === "element" ? option.base.base : option.base);
          // Members of a struct without a name have none here: any function of the row is the one.
          const held = table && this.#rowsOf(table).flatMap((row) => (row.fields.some(({ name }) => name !== undefined) ? fieldOf(row, option.field) : row.fields.map((one) => one.value)));
          if (table && held) return stored(table, held);
          const types = [...(this.#fields.get(option.field)?.values() ?? [])];
          return types.length === 1 ? [...types[0]!].map((found) => ({ node: found })) : [];
        }
        case "element": {
          const table = this.#tableOf(node, option.base);
          return table ? stored(table, table.rows.flatMap((row) => row.fields.map((one) => one.value))) : [];
        }
        case "entity": return [...(this.#variables.get(node.file)?.get(option.name) ?? [])].map((found) => ({ node: found }));
        case "deref": return this.held(node, option.base, depth);
        // `std::bind(f, …)`
        case "result": return /^bind(?:_front)?$/.test(option.callee) && option.args[0] ? this.held(node, option.args[0], depth) : [];
        default: return [];
      }
    });
  }

  #addField(type: string, field: string, functions: readonly FunctionNode[]): void {
    let types = this.#fields.get(field);
    if (!types) this.#fields.set(field, (types = new Map<string, Set<FunctionNode>>()));
    types.set(type, new Set([...(types.get(type) ?? []), ...functions]));
  }

  #addVariable(file: FileFacts, name: string, functions: readonly FunctionNode[]): void {
    let names = this.#variables.get(file);
    if (!names) this.#variables.set(file, (names = new Map<string, Set<FunctionNode>>()));
    names.set(name, new Set([...(names.get(name) ?? []), ...functions]));
  }
}

const withNames = (row: AggregateRow, members: readonly string[]): AggregateRow => ({
  ...row,
  fields: row.fields.map((field) => {
    const name = field.name ?? (field.position === undefined ? undefined : members[field.position]);
    return name === undefined ? field : { ...field, name };
  }),
});

/** Keeps what every file says of a name, and nothing where they differ. */
function agreed<T>(map: Map<string, T | undefined>, name: string, value: T, key: string): void {
  const known = map.get(name);
  if (!map.has(name)) map.set(name, value);
  else if (known !== undefined && String(known) !== key) map.set(name, undefined);
}

const fieldOf = (row: AggregateRow, name: string): readonly Value[] => row.fields.filter((field) => field.name === name).map((field) => field.value);

const constantOf = (value: Value | undefined): Sets.ValueSet | undefined =>
  value?.kind === "number" ? Sets.ofNumber(value.value) : value?.kind === "constant" ? Sets.ofName(value.name) : undefined;
