/**
 * What calls through pointers may enter: tables indexed or searched by a value, structs of operations, fields and variables that the project
 * gives few functions. Everything is told from what is stored anywhere; what is not certain has no targets.
 */
import { callOperators, passedOn } from "./call-operators.js";
import { partAssigned, partPut, partTaken, type Part } from "./containers.js";
import type { CallGraph, CallTarget, FunctionNode } from "./call-graph.js";
import type { AggregateFact, AggregateRow, CallFact, FileFacts } from "./facts.js";
import { sameSets } from "./events.js";
import type { Span } from "../source/span.js";
import { optionsOf, type Value } from "./value.js";
import * as Sets from "./value-set.js";

/** More functions than this in one field: it says nothing about any one call. */
const MAX_TARGETS = 8;
/** All that is in a container may be called, one after the other. */
const MAX_HELD = 64;
const MAX_PASSING_DEPTH = 4;

export interface HeldFunction {
  readonly node: FunctionNode;
  /** Where it was handed over, when that is in a caller. */
  readonly passed?: { readonly file: string; readonly span: Span };
  /** The call operator of an object of a known class. */
  readonly isOperator?: true;
}

/** A store that may put a function somewhere. */
interface Giving {
  readonly node: FunctionNode;
  readonly of: "variable" | "class" | "type";
  /** The class, or the type as written, whose field it is. */
  readonly type?: string;
  readonly name: string;
  /** What is stored, where that takes the callers to know. */
  readonly value?: Value;
  readonly functions: readonly FunctionNode[];
}

/** A function that is put into an array or a container. */
interface Filling {
  readonly node: FunctionNode;
  readonly part: Part;
  /** The class whose field the container is, where it is told. */
  readonly owner: string;
  readonly value: Value;
}

interface Givings {
  readonly fillings: readonly Filling[];
  readonly stores: readonly Giving[];
  readonly tables: readonly { readonly type: string; readonly name?: string; readonly position?: number; readonly functions: readonly FunctionNode[] }[];
  readonly variables: readonly { readonly name: string; readonly functions: readonly FunctionNode[] }[];
}

/** Where functions are put in a file. */
function givingsOf(file: FileFacts, graph: CallGraph): Givings {
  const stores: Giving[] = [];
  const fillings: Filling[] = [];
  const fill = (node: FunctionNode, part: Part | undefined, value: Value | undefined): void => {
    const isFunction = part !== undefined && value !== undefined && optionsOf(value).some((option) => option.kind === "param" || (mayBeFunction(option) && graph.functionsOf(file, option).length > 0));
    if (isFunction) fillings.push({ node, part, owner: ownerOf(node, part, graph), value });
  };
  for (const node of graph.nodesOf(file)) {
    for (const call of node.facts.calls) if (call.receiver) fill(node, partPut(call), call.args.at(-1)?.value);
    for (const { value, target, objectRef, objectType } of node.facts.stores) {
      if (target.kind === "element") fill(node, partAssigned(target), value);
      if (target.kind !== "field" && target.kind !== "entity") continue;
      const isPassed = optionsOf(value).some((option) => option.kind === "param");
      const functions = isPassed || !mayBeFunction(value) ? [] : graph.functionsOf(file, value);
      if (!isPassed && functions.length === 0) continue;
      const owner = target.kind === "field" ? graph.classKey(node, objectRef) : undefined;
      const type = owner ?? objectType;
      stores.push({
        node, functions, ...(isPassed && { value }),
        ...(target.kind === "entity" ? { of: "variable", name: target.name } : { of: owner === undefined ? "type" : "class", ...(type !== undefined && { type }), name: target.field }),
      });
    }
  }
  const tables = file.aggregates.flatMap(({ type, rows }) => rows.flatMap(({ fields }) => fields.flatMap(({ name, position, value }) => {
    const functions = mayBeFunction(value) ? graph.functionsOf(file, value) : [];
    return functions.length === 0 ? [] : [{ type, functions, ...(name !== undefined && { name }), ...(position !== undefined && { position }) }];
  })));
  const variables = file.functionPointers.map(({ name, value }) => ({ name, functions: graph.functionsOf(file, value) }));
  return { fillings, stores, tables, variables };
}

/** The class whose field a container is, where it is one of the function's own class. */
function ownerOf(node: FunctionNode, { container }: Part, graph: CallGraph): string {
  const isOwn = container.kind === "field" && container.base.kind === "param" && container.base.index === node.facts.params.length;
  return (isOwn ? graph.classKey(node, { kind: "this" }) : undefined) ?? "";
}

/** The members of each struct of a file, in order. */
const membersOf = ({ records }: FileFacts): readonly { readonly name: string; readonly members: readonly string[]; readonly key: string }[] =>
  records.map(({ name, fields }) => {
    const members = fields.map((field) => field.name);
    return { name, members, key: members.join() };
  });

/** Whether a value can be the address of a function, by its kind. */
const mayBeFunction = ({ kind }: Value): boolean => kind === "entity" || kind === "address" || kind === "any" || kind === "field" || kind === "lambda";

interface Table {
  readonly file: FileFacts;
  readonly aggregate: AggregateFact;
}

/** Tables at file scope. */
const tablesOf = (file: FileFacts): readonly Table[] => file.aggregates.filter((one) => one.inFunction === undefined).map((aggregate) => ({ file, aggregate }));

const tableTypesOf = (file: FileFacts): readonly string[] => [...new Set(file.aggregates.map(({ type }) => type))];

type Given = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<FunctionNode>>>;
const NOTHING: ReadonlyMap<string, ReadonlySet<FunctionNode>> = new Map();

/** What is read of all that functions are given to, by name. */
const fieldKey = (field: string): string => `field ${field}`;
const containerKey = (container: string): string => `container ${container}`;
const ANY_CONTAINER = "containers";
const variablesKey = (path: string): string => `variables ${path}`;
export const tableKey = (variable: string): string => `table ${variable}`;

export class PointerTargets {
  /** By field and type; the type is empty where nothing told it. */
  readonly #fields = new Map<string, Map<string, Set<FunctionNode>>>();
  /** Members of structs in order, and what type names stand for, where all files agree. */
  readonly #members = new Map<string, readonly string[] | undefined>();
  readonly #aliases = new Map<string, string | undefined>();
  readonly #named = new Map<AggregateFact, readonly AggregateRow[]>();
  /** Variables that hold function pointers, by file and name. */
  readonly #variables = new Map<string, Map<string, Set<FunctionNode>>>();
  /** Functions in arrays and containers, by the field, or by the variable with its file, then by owner and index. */
  readonly #held = new Map<string, Map<string, Set<FunctionNode>>>();
  /** By name: all tables at file scope. */
  #tables: ReadonlyMap<string, readonly Table[]> | undefined;

  constructor(readonly graph: CallGraph) {
    for (const file of graph.files) {
      for (const { name, members, key } of graph.derived(membersOf, file)) agreed(this.#members, name, members, key);
      for (const { name, type } of file.aliases) agreed(this.#aliases, name, type, type);
    }
    for (const file of graph.files) {
      for (const giving of graph.derived(givingsOf, file).stores) {
        this.#give(file, giving, giving.value ? this.#functionsPassed(giving.node, giving.value, 0) : giving.functions);
      }
      for (const { node, part, owner, value } of graph.derived(givingsOf, file).fillings) {
        const functions = this.#functionsPassed(node, value, 0);
        if (functions.length > 0) put(this.#held, heldKey(file, part), `${owner} ${part.index}`, functions);
      }
    }
    for (const file of graph.files) {
      const { tables, variables } = graph.derived(givingsOf, file);
      for (const { type, name, position, functions } of tables) {
        const field = name ?? (position === undefined ? undefined : this.#membersOf(type)?.[position]);
        if (field !== undefined) put(this.#fields, field, this.#typeKey(file, type), functions);
      }
      for (const { name, functions } of variables) put(this.#variables, file.path, name, functions);
    }
  }

  #give(file: FileFacts, { of, type, name }: Giving, functions: readonly FunctionNode[]): void {
    if (functions.length === 0) return;
    if (of === "variable") put(this.#variables, file.path, name, functions);
    else put(this.#fields, name, of === "class" ? type! : this.#typeKey(file, type), functions);
  }

  /**
   * The fields and variables that hold other functions than in another version; `undefined` where types have other names, or structs other members that
   * tables do not name.
   */
  differences(other: PointerTargets): ReadonlySet<string> | undefined {
    if (!isSameMap(this.#aliases, other.#aliases)) return undefined;
    const types = new Set(this.graph.files.flatMap((file) => this.graph.derived(tableTypesOf, file)));
    if ([...types].some((type) => this.#membersOf(type)?.join() !== other.#membersOf(type)?.join())) return undefined;
    const found = new Set<string>();
    const compare = (a: Given, b: Given, keyOf: (name: string) => string): void => {
      for (const name of new Set([...a.keys(), ...b.keys()])) if (!sameSets(a.get(name) ?? NOTHING, b.get(name) ?? NOTHING)) found.add(keyOf(name));
    };
    compare(this.#fields, other.#fields, fieldKey);
    compare(this.#variables, other.#variables, variablesKey);
    compare(this.#held, other.#held, containerKey);
    if ((this.#held.size === 0) !== (other.#held.size === 0)) found.add(ANY_CONTAINER);
    return found;
  }

  targetsOf(caller: FunctionNode, call: CallFact, target: Value): readonly CallTarget[] {
    return optionsOf(target).flatMap((option): readonly CallTarget[] => {
      const held = this.#byContainer(caller, option);
      if (held.length > 0) return held;
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

  #membersOf(type: string): readonly string[] | undefined {
    return this.#members.get(this.#aliases.get(type) ?? type);
  }

  /** The rows of a table with the names of members that another file declares. */
  #rowsOf(table: AggregateFact): readonly AggregateRow[] {
    let rows = this.#named.get(table);
    if (!rows) {
      const members = this.#membersOf(table.type);
      rows = members ? table.rows.map((row) => withNames(row, members)) : table.rows;
      this.#named.set(table, rows);
    }
    return rows;
  }

  /** `table[i](…)`. */
  #byIndex(caller: FunctionNode, value: Extract<Value, { kind: "element" }>): readonly CallTarget[] {
    const table = this.#tableOf(caller, value.base);
    if (!table) return [];
    return table.aggregate.rows.flatMap((row) => {
      const where = value.index && row.index !== undefined ? { value: value.index, set: Sets.ofNumber(row.index) } : undefined;
      return row.fields.flatMap((field) => this.graph.functionsOf(table.file, field.value)).map((node) => ({ node, ...(where && { where }) }));
    });
  }

  /** `if (table[i].key == x) table[i].handler(…)`, also over a pointer into the table. */
  #bySearch(caller: FunctionNode, call: CallFact, value: Extract<Value, { kind: "field" }>): readonly CallTarget[] {
    for (const base of optionsOf(value.base)) {
      const array = base.kind === "element" ? base.base : base;
      const table = this.#tableOf(caller, array);
      if (!table?.aggregate.isArray) continue;
      const index = base.kind === "element" ? base.index : undefined;
      const key = call.equal.find(([left]) => left.kind === "field" && left.field !== value.field && optionsOf(left.base).some((one) => this.#tableOf(caller, one.kind === "element" ? one.base : one)?.aggregate === table.aggregate));
      return this.#rowsOf(table.aggregate).flatMap((row) => {
        const functions = fieldOf(row, value.field).flatMap((held) => this.graph.functionsOf(table.file, held));
        const wanted = key?.[0].kind === "field" ? constantOf(fieldOf(row, key[0].field)[0]) : undefined;
        const where = key && wanted ? { value: key[1], set: wanted } : index && row.index !== undefined ? { value: index, set: Sets.ofNumber(row.index) } : undefined;
        return functions.map((node) => ({ node, ...(where && { where }) }));
      });
    }
    return [];
  }

  #byField(type: string, field: string): readonly CallTarget[] {
    this.graph.readPointer(fieldKey(field));
    const types = this.#fields.get(field);
    if (!types) return [];
    // Without the type on either side, only a name that is used once in the project is safe.
    const found = type !== "" ? new Set([...(types.get(type) ?? []), ...(types.size === 1 ? (types.get("") ?? []) : [])]) : types.size === 1 ? [...types.values()][0]! : new Set<FunctionNode>();
    return found.size <= MAX_TARGETS ? [...found].map((node) => ({ node })) : [];
  }

  /** What was put into the array or container that a value comes out of. */
  #byContainer(caller: FunctionNode, value: Value): readonly CallTarget[] {
    if (this.#held.size === 0) {
      this.graph.readPointer(ANY_CONTAINER);
      return [];
    }
    const part = partTaken(value, (site) => caller.facts.calls.find((call) => call.span.start === site));
    if (!part) return [];
    this.graph.readPointer(containerKey(heldKey(caller.file, part)));
    const held = this.#held.get(heldKey(caller.file, part));
    if (!held) return [];
    const owner = ownerOf(caller, part, this.graph);
    const owners = new Set([...held.keys()].map((key) => key.slice(0, key.lastIndexOf(" "))));
    if (owner === "" && owners.size > 1) return [];
    const found = new Set<FunctionNode>();
    const all = new Set<FunctionNode>();
    for (const [key, functions] of held) {
      const at = key.lastIndexOf(" ");
      const index = key.slice(at + 1);
      if (owner !== "" && key.slice(0, at) !== owner && key.slice(0, at) !== "") continue;
      for (const node of functions) {
        all.add(node);
        if (part.index === "any" || index === "any" || index === String(part.index)) found.add(node);
      }
    }
    // Which one of several has the name is not known.
    if (part.index === "named" && all.size > 1) return [];
    return found.size <= MAX_HELD ? [...found].map((node) => ({ node })) : [];
  }

  #byVariable(file: FileFacts, name: string): readonly CallTarget[] {
    this.graph.readPointer(variablesKey(file.path));
    const here = this.#variables.get(file.path)?.get(name);
    return here && here.size <= MAX_TARGETS ? [...here].map((node) => ({ node })) : [];
  }

  /** The table a value denotes: a file-scope array, one of the caller's own, or the only one of that name elsewhere. */
  #tableOf({ file, facts }: FunctionNode, value: Value): Table | undefined {
    const here = (matches: (one: AggregateFact) => boolean): Table | undefined => {
      const aggregate = file.aggregates.find(matches);
      return aggregate && { file, aggregate };
    };
    if (value.kind === "local") return here((one) => one.variable === value.name && one.inFunction === facts.name);
    if (value.kind !== "entity") return undefined;
    const dot = value.name.lastIndexOf(".");
    if (dot >= 0) return here((one) => one.inFunction === value.name.slice(0, dot) && one.variable === value.name.slice(dot + 1));
    const own = here((one) => one.inFunction === undefined && one.variable === value.name);
    if (own) return own;
    const elsewhere = this.#tablesNamed(value.name);
    return elsewhere.length === 1 ? elsewhere[0] : undefined;
  }

  #tablesNamed(name: string): readonly Table[] {
    this.graph.readPointer(tableKey(name));
    if (!this.#tables) {
      const tables = new Map<string, Table[]>();
      for (const file of this.graph.files) {
        for (const table of this.graph.derived(tablesOf, file)) {
          const list = tables.get(table.aggregate.variable);
          if (list) list.push(table);
          else tables.set(table.aggregate.variable, [table]);
        }
      }
      this.#tables = tables;
    }
    return this.#tables.get(name) ?? [];
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
    const stored = ({ file }: Table, values: readonly Value[]): HeldFunction[] =>
      values.flatMap((one) => this.graph.functionsOf(file, one)).map((found) => ({ node: found }));
    return optionsOf(value).flatMap((option): readonly HeldFunction[] => {
      const direct = this.graph.functionsOf(node.file, option);
      if (direct.length > 0) return direct.map((found) => ({ node: found }));
      const handedOn = depth < MAX_PASSING_DEPTH ? passedOn(option) : undefined;
      if (handedOn) return this.held(node, handedOn, depth + 1);
      const operators = callOperators(this.graph, node, option);
      if (operators.length > 0) return operators.map((found) => ({ node: found, isOperator: true as const }));
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
          const held = table && this.#rowsOf(table.aggregate).flatMap((row) => (row.fields.some(({ name }) => name !== undefined) ? fieldOf(row, option.field) : row.fields.map((one) => one.value)));
          if (table && held) return stored(table, held);
          this.graph.readPointer(fieldKey(option.field));
          const types = [...(this.#fields.get(option.field)?.values() ?? [])];
          return types.length === 1 ? [...types[0]!].map((found) => ({ node: found })) : [];
        }
        case "element": {
          const table = this.#tableOf(node, option.base);
          return table ? stored(table, table.aggregate.rows.flatMap((row) => row.fields.map((one) => one.value))) : [];
        }
        case "entity":
          this.graph.readPointer(variablesKey(node.file.path));
          return [...(this.#variables.get(node.file.path)?.get(option.name) ?? [])].map((found) => ({ node: found }));
        case "deref": return this.held(node, option.base, depth);
        default: return [];
      }
    });
  }
}

const heldKey = (file: FileFacts, { container }: Part): string => (container.kind === "field" ? container.field : `${container.name} ${file.path}`);
const isSameMap = <K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>): boolean => a.size === b.size && [...a].every(([key, value]) => b.has(key) && b.get(key) === value);

function put(index: Map<string, Map<string, Set<FunctionNode>>>, outer: string, inner: string, functions: readonly FunctionNode[]): void {
  let known = index.get(outer);
  if (!known) index.set(outer, (known = new Map<string, Set<FunctionNode>>()));
  const set = known.get(inner);
  if (!set) known.set(inner, new Set(functions));
  else for (const node of functions) set.add(node);
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
