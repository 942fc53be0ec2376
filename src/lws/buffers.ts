/**
 * Where a pointer that is handed to the library points, and how much of the same object lies in front of it. Answers only what the program shows:
 * a pointer that comes from elsewhere, or that was moved by a number nobody knows, has no answer.
 */
import type { FunctionNode } from "../analysis/call-graph.js";
import type { FieldShape, FileFacts, RecordFact } from "../analysis/facts.js";
import { byName, type ByName } from "../analysis/name-index.js";
import { optionsOf, type Value } from "../analysis/value.js";
import { GIVES_FRESH_MEMORY, PRE, STARTS_OF_OBJECTS, rolesOf } from "./api/index.js";
import { callbackShape } from "./entry-points.js";
import type { Program, ProgramQuestion } from "./program.js";
import { code } from "./wording.js";

/** Bytes between the beginning of what can be overwritten and the pointer. */
export interface Headroom {
  readonly bytes: number;
  /** What the pointer points to, in words: "a string literal". */
  readonly what: string;
  /** `sizeof` of what is written is its size. */
  readonly isArray?: true;
  /** What lies in front: a member of the same struct. */
  readonly behind?: string;
}

const MAX_DEPTH = 4;
const BYTE = /^(?:const )?(?:(?:un)?signed )?char$|^(?:const )?(?:u?int8_t|uint8|u8|byte|BYTE|guchar|gchar|std::byte|__u8|u_char)$/;

/** The room in front of each thing the pointer may be; `undefined` in place of what cannot be told. */
export const headroomsOf = (program: Program, node: FunctionNode, pointer: Value): readonly (Headroom | undefined)[] =>
  optionsOf(pointer).filter((option) => option.kind !== "number").map((option) => headroom(program, node, option, 0));

function headroom(program: Program, node: FunctionNode, pointer: Value, depth: number): Headroom | undefined {
  if (depth > MAX_DEPTH) return undefined;
  switch (pointer.kind) {
    case "string": return { bytes: 0, what: "a string literal", isArray: true };
    case "offset": {
      const base = headroom(program, node, pointer.base, depth + 1);
      return moved(base, pointer.by);
    }
    case "address": return ofAddress(program, node, pointer.of, depth);
    case "local": return ofVariable(localNamed(node, pointer.name));
    case "entity": {
      const declared = variableNamed(program, node, pointer.name);
      return declared ? ofVariable(declared) : kept(program, pointer.name, depth);
    }
    case "field": return ofField(program, node, pointer, depth);
    case "result": return ofResult(program, node, pointer, depth);
    default: return undefined;
  }
}

const moved = (base: Headroom | undefined, by: number): Headroom | undefined =>
  base === undefined || by < 0 ? undefined : { ...base, bytes: base.bytes + by, what: by === 0 ? base.what : `${by} bytes into ${base.what}` };

function ofVariable(variable: FieldShape | undefined): Headroom | undefined {
  if (!variable || variable.array.length === 0 || variable.pointer > 0 || !BYTE.test(variable.type)) return undefined;
  return { bytes: 0, what: `the beginning of the array ${code(variable.name)}`, isArray: true };
}

function ofAddress(program: Program, node: FunctionNode, of: Value, depth: number): Headroom | undefined {
  if (of.kind === "element") {
    return of.index?.kind === "number" && of.index.value >= 0 ? moved(headroom(program, node, of.base, depth + 1), of.index.value) : undefined;
  }
  if (of.kind === "local" || of.kind === "entity") {
    const variable = of.kind === "local" ? localNamed(node, of.name) : variableNamed(program, node, of.name);
    if (!variable || variable.pointer > 0) return undefined;
    if (variable.array.length > 0) return ofVariable(variable);
    return { bytes: 0, what: `the variable ${code(variable.name)}` };
  }
  return of.kind === "field" ? ofField(program, node, of, depth, true) : undefined;
}

/** A member that is an array lies in its struct; one that is a pointer points to what is stored in it. */
function ofField(program: Program, node: FunctionNode, field: Extract<Value, { kind: "field" }>, depth: number, isAddress = false): Headroom | undefined {
  const records = recordsWith(program, node, field.field);
  if (records.length === 0) return isAddress ? undefined : kept(program, field.field, depth);
  const found = records.map((record): Headroom | "pointer" | undefined => {
    const index = record.fields.findIndex(({ name }) => name === field.field);
    const member = record.fields[index]!;
    const isArray = member.array.length === 1 && member.pointer === 0 && BYTE.test(member.type);
    if (!isArray && (!isAddress || member.pointer > 0 || member.array.length > 0)) return isAddress ? undefined : "pointer";
    const what = `the member ${code(field.field)}`;
    const before = record.fields[index - 1];
    if (before) return isRoom(before) ? undefined : { bytes: 0, what, behind: before.name, ...(isArray && { isArray: true as const }) };
    const room = roomOfObject(program, node, field.base, depth);
    return room === undefined ? undefined : { bytes: 0, what: `${what}, the first of its struct`, ...(isArray && { isArray: true as const }) };
  });
  const [first] = found;
  if (first === "pointer") return found.every((one) => one === "pointer") ? kept(program, field.field, depth) : undefined;
  return first !== undefined && found.every((one) => one !== undefined && one !== "pointer" && one.behind === first.behind) ? first : undefined;
}

/** Whether a member can be meant as room for the header of what follows it, or may end in unused bytes. */
function isRoom({ array, pointer, type }: FieldShape): boolean {
  if (/^(?:const )?(?:struct|union) /.test(type) && pointer === 0) return true;
  return array.length > 0 && pointer === 0 && (array.length > 1 || !BYTE.test(type) || array[0] === null || array[0] === undefined || array[0] >= PRE.used);
}

/** An object that begins where its memory begins: 0. */
function roomOfObject(program: Program, node: FunctionNode, object: Value, depth: number): 0 | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (object.kind === "local" || object.kind === "entity") {
    const variable = object.kind === "local" ? localNamed(node, object.name) : variableNamed(program, node, object.name);
    return variable?.pointer === 0 && variable.array.length === 0 ? 0 : undefined;
  }
  // The session's data, which the library allocates.
  if (object.kind === "param") {
    const shape = callbackShape(node.facts);
    return shape && object.index === shape.reason + 1 ? 0 : undefined;
  }
  return object.kind === "result" && rolesOf(object.callee).allocates ? 0 : undefined;
}

/** What a pointer that is kept somewhere points to, where everything that is ever stored in it is told. */
const kept = (program: Program, name: string, depth: number): Headroom | undefined => program.ask(keptUnder, { name, depth });

const keptUnder: ProgramQuestion<{ readonly name: string; readonly depth: number }, Headroom | undefined> = {
  answer: (program, { name, depth }) => headroomKept(program, name, depth),
  keyOf: ({ name, depth }) => `${depth} ${name}`,
  isSame: (a, b) => a === b || (a?.bytes === b?.bytes && a?.what === b?.what && a?.isArray === b?.isArray && a?.behind === b?.behind),
};

function headroomKept(program: Program, name: string, depth: number): Headroom | undefined {
  const stores = program.storesTo(name).filter(({ store }) => !(store.value.kind === "number" && store.value.value === 0));
  if (stores.length === 0) return undefined;
  const found = stores.flatMap(({ node: where, store }) => optionsOf(store.value).map((option) => headroom(program, where, option, depth + 1)));
  const [first] = found;
  return first && found.every((one) => one?.bytes === first.bytes) ? { bytes: first.bytes, what: `${code(name)}, which holds ${first.what}` } : undefined;
}

function ofResult(program: Program, node: FunctionNode, result: Extract<Value, { kind: "result" }>, depth: number): Headroom | undefined {
  if (rolesOf(result.callee).allocates || GIVES_FRESH_MEMORY.has(result.callee)) return { bytes: 0, what: `the beginning of what ${code(`${result.callee}()`)} gave` };
  const call = program.callAt(node, result.site);
  const method = call?.receiver?.field;
  if (method !== undefined) {
    const starts = STARTS_OF_OBJECTS.find((one) => one.method === method && (one.type === undefined || (call?.receiver?.type !== undefined && one.type.test(call.receiver.type))));
    return starts && { bytes: 0, what: `what ${code(`${method}()`)} gives, the beginning of an object` };
  }
  const expanded = program.expand(result, node.file);
  const callee = program.graph.byName(node.file, result.callee, result.args.length);
  if (expanded === result || expanded.kind === "any" || !callee) return undefined;
  const room = headroom(program, callee, expanded, depth + 1);
  return room && { bytes: room.bytes, what: `what ${code(`${result.callee}()`)} returns, ${room.what}` };
}

const localNamed = ({ facts }: FunctionNode, name: string): FieldShape | undefined => facts.locals.find((local) => local.name === name);

/** A variable at file scope, or one that is static in a function (`f.name`). */
function variableNamed(program: Program, node: FunctionNode, name: string): FieldShape | undefined {
  const { facts, file } = node;
  if (name.startsWith(`${facts.name}.`)) return facts.locals.find((local) => local.isStatic && `${facts.name}.${local.name}` === name);
  const own = file.variables.find((variable) => variable.name === name);
  if (own) return own;
  const all = program.named(variablesIn).of(name);
  const elsewhere = all.find(({ path, variable }) => path !== file.path && !variable.isStatic);
  return elsewhere && all.find(({ path }) => path === elsewhere.path)?.variable;
}

const variablesIn = ({ path, variables }: FileFacts): ByName<{ readonly path: string; readonly variable: FileFacts["variables"][number] }> =>
  byName(variables.map((variable) => [variable.name, { path, variable }] as const));

/** The structs that have a member of this name: those of the file, else those of the headers it includes. */
function recordsWith(program: Program, { file }: FunctionNode, field: string): readonly RecordFact[] {
  const all = program.named(recordsByMember).of(field);
  const own = all.filter((one) => one.file === file);
  return (own.length > 0 ? own : all.filter((one) => program.graph.includes(file, one.file))).map(({ record }) => record);
}

const recordsByMember = (file: FileFacts): ByName<{ readonly file: FileFacts; readonly record: RecordFact }> =>
  byName(file.records.filter(({ name }) => !name.startsWith("union ")).flatMap((record) => [...new Set(record.fields.map(({ name }) => name))].map((name) => [name, { file, record }] as const)));
