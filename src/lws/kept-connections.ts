/** Connections that a program keeps longer than a callback runs, and what forgets or uses them. */
import type { CallGraph, FunctionNode } from "../analysis/call-graph.js";
import { admit } from "../analysis/contexts.js";
import type { CallFact, FileFacts, StoreFact } from "../analysis/facts.js";
import { byName, type ByName } from "../analysis/name-index.js";
import { keyOf, optionsOf, substitute, type Value } from "../analysis/value.js";
import * as Sets from "../analysis/value-set.js";
import { CONNECT_FAILS, CONNECT_TARGET_FIELD, apiFunction, reasonByName, rolesOf, type CallbackReason } from "./api/index.js";
import type { LwsEntryPoint } from "./entry-points.js";
import { keptObjectOf } from "./kept-objects.js";
import { isLogging } from "./later-uses.js";
import { endsOf, lifecyclesOf, notices, servedReasons } from "./lifecycles.js";
import { isLibraryCall } from "./program-index.js";
import type { FileInProgram, Program, ProgramQuestion } from "./program.js";
import { reachedFrom } from "./reached.js";
import { reasonsIn } from "./reasons.js";
import { sameList } from "../dataflow/answers.js";

type Store = Pick<StoreFact, "span" | "guard">;

export interface Use {
  readonly node: FunctionNode;
  readonly call: CallFact;
}

export interface KeptConnection {
  readonly node: FunctionNode;
  readonly store: Store;
  /** The variable as it is spelled there. */
  readonly name: string;
  readonly target: Value;
  /** The callback that would have to forget it. */
  readonly entry: LwsEntryPoint;
  /** The closing reasons in which it does not. */
  readonly missing: readonly CallbackReason[];
  /** C++: where the object is made that it is a member of. */
  readonly made?: Use;
  /** Calls that use it when it may be gone. */
  readonly uses: readonly Use[];
}

interface Kept {
  readonly node: FunctionNode;
  readonly store: Store;
  readonly target: Value;
  readonly entry: LwsEntryPoint;
  readonly missing: readonly CallbackReason[];
  readonly made?: Use;
  /** What connecting gave, as the rest of the function may still know it. */
  readonly result?: Value;
  /** The reasons of connections of its kind. */
  readonly served: readonly CallbackReason[];
}

/** What callbacks and connecting calls in a file put into variables that live on, where no closing reason is noticed and something uses it later. */
export function keptConnections({ program, path }: FileInProgram): readonly KeptConnection[] {
  return [...program.ask(keptIn, path)].flatMap(([key, own]) => {
    // A member of an object is one place in all files: the first file tells of it.
    const all = objectPlace(own.node, own.target) === undefined ? [own] : program.ask(keptInObjects, "").get(key)!;
    if (all[0] !== own) return [];
    const kept = all.reduce(merged);
    const uses: Use[] = [];
    for (const { node, call } of callsWith(program, kept)) {
      const known = uses.at(-1);
      if ((known?.node !== node || known.call.span.start !== call.span.start) && usesLater(program, kept, node, call)) uses.push({ node, call });
    }
    return uses.length === 0 ? [] : [{ ...kept, name: nameIn(program, kept), uses }];
  });
}

/** One place with all the reasons in which it is not forgotten. */
const merged = (a: Kept, b: Kept): Kept => ({ ...a, missing: [...new Set([...a.missing, ...b.missing])] });

/** What is kept in a file, by place. */
const keptIn: ProgramQuestion<string, ReadonlyMap<string, Kept>> = {
  answer: (program, path) => {
    const found = new Map<string, Kept>();
    for (const node of program.in(program.fileAt(path)!).nodes) {
      for (const store of node.facts.stores) {
        for (const kept of [...byCallback(program, node, store), ...byConnect(program, node, store)]) {
          const key = objectPlace(kept.node, kept.target) ?? `${entityOf(kept.target)?.includes(".") === false ? path : kept.node.id}:${keyOf(kept.target)}`;
          const known = found.get(key);
          if (kept.missing.length > 0) found.set(key, known ? merged(known, kept) : kept);
        }
      }
    }
    return found;
  },
  isSame: (a, b) => a.size === 0 && b.size === 0,
};

/** What is kept in members of objects that functions are given, in the order of files. */
const keptInObjects: ProgramQuestion<"", ReadonlyMap<string, readonly Kept[]>> = {
  answer: (program) => {
    const found = new Map<string, Kept[]>();
    for (const path of program.paths) {
      for (const [key, kept] of program.ask(keptIn, path)) {
        if (objectPlace(kept.node, kept.target) === undefined) continue;
        const list = found.get(key);
        if (list) list.push(kept);
        else found.set(key, [kept]);
      }
    }
    return found;
  },
  isSame: (a, b) => a.size === b.size && [...a].every(([key, all]) => sameList(all, b.get(key) ?? [])),
};

/** As it is spelled: what is assigned to, or for `i.pwsi = &x` what the address is taken of. */
function nameIn(program: Program, { node, store: { span }, target }: Kept): string {
  const text = program.text(node.file.path, { start: span.start, end: span.end + 200 });
  const taken = new RegExp(String.raw`\b${CONNECT_TARGET_FIELD}\s*=\s*&\s*([\w.>-]+)`).exec(text)?.[1];
  return taken ?? (target.kind === "unknown" ? "" : program.text(node.file.path, span));
}

/** `g_wsi = wsi`: the connection that the callback was called for. */
function byCallback(program: Program, node: FunctionNode, store: StoreFact): readonly Kept[] {
  // A connection is a pointer; what has no declared type may be one.
  if (!optionsOf(store.value).some((value) => value.kind === "param" && (node.facts.params[value.index]?.pointer ?? 1) > 0)) return [];
  return program.contextsOf(node).flatMap((context) => {
    const selected = admit(store.guard, context);
    const entry = context.entry as LwsEntryPoint;
    const value = substitute(store.value, context.args);
    if (!selected || entry.kind !== "protocol" || value.kind !== "param" || value.index !== entry.wsi || !Sets.isFinite(selected)) return [];
    const place = substitute(store.target, context.args);
    // A member of an object that is kept is told by the object's class.
    const made = livesOn(place) ? undefined : keptObjectOf(node, store.target, context, livesOn);
    const target = made ? store.target : place;
    if (!made && !livesOn(place)) return [];
    const reasons = reasonsIn(selected).filter((reason) => reason.wsi === "live" && !reason.dying);
    const release = program.releaseOf(node.file);
    const kinds = lifecyclesOf(reasons);
    const missing = kinds.flatMap((kind) => {
      const { ends, alternatives } = endsOf(kind, release);
      return alternatives.some((reason) => isNoticed(program, entry, reason)) ? [] : ends.filter((reason) => !isNoticed(program, entry, reason));
    });
    return [{ node, store, target, entry, missing, ...(made && { made }), served: kinds.flatMap((kind) => kind.reasons.flatMap((name) => reasonByName(`LWS_CALLBACK_${name}`) ?? [])) }];
  });
}

/** `g_wsi = lws_client_connect_via_info(&i)`, `i.pwsi = &g_wsi`, where one callback alone can be the client's. */
function byConnect(program: Program, node: FunctionNode, store: StoreFact): readonly Kept[] {
  const isTarget = store.target.kind === "field" && store.target.field === CONNECT_TARGET_FIELD && store.value.kind === "address";
  const isResult = optionsOf(store.value).every((value) => value.kind === "result" && rolesOf(value.callee).opensConnection === true);
  if (!isTarget && !isResult) return [];
  const target = store.value.kind === "address" && isTarget ? store.value.of : store.target;
  // Whatever a function is given was there before the connection, and nothing but a closing reason could tell it of the end.
  if (!livesOn(target) && objectPlace(node, target) === undefined) return [];
  const here = program.entriesIn(node.file);
  const clients = here.some(({ kind }) => kind === "protocol") ? clientsAmong(program, here) : program.ask(allClients, "");
  const [client] = clients;
  if (!client || clients.length > 1) return [];
  const { entry } = client;
  const kinds = lifecyclesOf(client.reasons.filter((reason) => !reason.dying));
  const closing = kinds.flatMap((kind) => {
    const { ends, alternatives } = endsOf(kind, program.releaseOf(node.file));
    return alternatives.some((reason) => isNoticed(program, entry, reason)) ? [] : ends;
  });
  const failing = reasonByName(`LWS_CALLBACK_${CONNECT_FAILS}`)!;
  const destroyed = reasonByName("LWS_CALLBACK_WSI_DESTROY")!;
  const missing = isNoticed(program, entry, destroyed) ? [] : [...new Set([failing, ...closing])].filter((reason) => !isNoticed(program, entry, reason));
  const served = kinds.flatMap((kind) => kind.reasons.flatMap((name) => reasonByName(`LWS_CALLBACK_${name}`) ?? []));
  return [{ node, store, target, entry, missing, served, ...(isResult && { result: store.value }) }];
}

interface Client {
  readonly entry: LwsEntryPoint;
  readonly reasons: readonly CallbackReason[];
}

/** Callbacks that serve clients' connections. */
const clientsAmong = (program: Program, entries: readonly LwsEntryPoint[]): readonly Client[] =>
  entries.filter(({ kind }) => kind === "protocol")
    .map((entry) => ({ entry, reasons: servedReasons(program, entry).filter(({ side }) => side === "client") })).filter(({ reasons }) => reasons.length > 0);

const allClients: ProgramQuestion<"", readonly Client[]> = {
  answer: (program) => clientsAmong(program, program.entries),
  isSame: (a, b) => a.length === b.length && a.every(({ entry, reasons }, i) => entry === b[i]!.entry && sameList(reasons, b[i]!.reasons)),
};

/** By the callback; the last reason of all goes to the first protocol, whichever that is. */
const isNoticed = (program: Program, entry: LwsEntryPoint, reason: CallbackReason): boolean =>
  reason.name === "LWS_CALLBACK_WSI_DESTROY" ? program.ask(noticedByAny, reason) : program.ask(noticed(reason), entry);

const noticedByAny: ProgramQuestion<CallbackReason, boolean> = {
  answer: (program, reason) => program.entries.some((one) => one.kind === "protocol" && program.ask(noticed(reason), one)),
};

const noticedOn = new Map<CallbackReason, ProgramQuestion<LwsEntryPoint, boolean>>();

function noticed(reason: CallbackReason): ProgramQuestion<LwsEntryPoint, boolean> {
  let question = noticedOn.get(reason);
  if (!question) noticedOn.set(reason, (question = { answer: (program, entry) => notices(program, entry, reason) }));
  return question;
}

/** A call of the library that is no logging, with what it is handed. */
interface Passing extends Use {
  /** Among the calls of the function. */
  readonly index: number;
}

/** What tells a place: the type for a member of an object that a function is given. */
const placeKey = (node: FunctionNode, place: Value): string => objectPlace(node, place) ?? keyOf(place);

/** By what is passed; elements of one array are the same thing. */
const passedIn = (file: FileFacts, graph: CallGraph): ByName<Passing> =>
  byName(graph.nodesOf(file).flatMap((node) => node.facts.calls.flatMap((call, index) => {
    if (call.name === undefined || apiFunction(call.name) === undefined || isLogging(call.name) || !isLibraryCall(graph, node, call)) return [];
    const keys = new Set(call.args.flatMap(({ value }) => optionsOf(value).filter(mayBeKept).map((one) => placeKey(node, withoutIndex(one)))));
    return [...keys].map((key) => [key, { node, call, index }] as const);
  })));

const mayBeKept = ({ kind }: Value): boolean => kind === "param" || kind === "entity" || kind === "field" || kind === "element" || kind === "deref" || kind === "result";

/** The calls that pass what is kept, by its variable or as the rest of the function still knows it, in the order of functions and calls. */
function callsWith(program: Program, kept: Kept): readonly Passing[] {
  const { node, target, result } = kept;
  const passed = program.named(passedIn);
  const place = objectPlace(node, target);
  const byPlace = place === undefined
    ? passed.of(keyOf(withoutIndex(target))).filter((one) => sees(kept, one.node))
    : passed.of(place).filter((one) => meanTheSame(node, one.node, place));
  const byResult = result ? optionsOf(result).flatMap((one) => passed.of(keyOf(one))).filter((one) => one.node === node) : [];
  return [...new Set([...byPlace, ...byResult])].sort((a, b) => a.node.id - b.node.id || a.index - b.index);
}

/** Whether two functions mean the same type by its name: not where each file has a definition of its own. */
function meanTheSame({ file }: FunctionNode, other: FunctionNode, place: string): boolean {
  const type = place.slice(0, place.indexOf(".")).replace(/^class /, "");
  const defines = ({ records, classes }: FunctionNode["file"]): boolean => records.some(({ name }) => name === type) || classes.some(({ name }) => name === type);
  return file === other.file || !defines(file) || !defines(other.file);
}

/** A member of an object that a function is given, told by the object's type: the same place in each function that is given such an object. */
function objectPlace(node: FunctionNode, target: Value): string | undefined {
  if (target.kind === "param") {
    const { params, className } = node.facts;
    const declared = params[target.index];
    if (!declared) return target.index === params.length && className !== undefined ? `class ${className}` : undefined;
    return declared.pointer === 1 && !/^(?:const )?(?:void|char)$/.test(declared.type) ? declared.type.replace(/^const /, "") : undefined;
  }
  if (target.kind !== "field") return undefined;
  const base = objectPlace(node, target.base);
  return base === undefined ? undefined : `${base}.${target.field}`;
}

/** Whether a call that passes what is kept comes at a time when the connection may be gone: not in the connection's own callbacks. */
function usesLater(program: Program, kept: Kept, node: FunctionNode, call: CallFact): boolean {
  const reached = reachedFrom(program, node, call.guard);
  if (reached.length === 0) {
    if (node !== kept.node) return program.graph.callersOf(node).some((caller) => caller.node !== kept.node) || program.graph.callersOf(node).length === 0;
    const before = (call.flow?.before ?? []).map((site) => program.callAt(node, site)?.name);
    return before.some((name) => name !== undefined && rolesOf(name).servicesLoop !== undefined);
  }
  return reached.some(({ entry, selected }) => {
    if (entry.kind !== "protocol" || entry.node !== kept.entry.node) return true;
    if (Sets.isAll(selected)) return false;
    const reasons = reasonsIn(selected);
    const isServer = kept.served.some(({ side }) => side === "server");
    // Of several connections to a server another one may be the one that is kept.
    return reasons.some((reason) => reason.wsi === "fake" || (!reason.dying && (isServer || !kept.served.includes(reason)) && reason.side !== "client" && reason.side !== "both"));
  });
}

/** Whether a function can mean the same variable by the name. */
function sees({ node, target }: Kept, other: FunctionNode): boolean {
  const name = entityOf(target);
  if (name === undefined) return other.file === node.file;
  if (name.includes(".")) return other === node;
  const declared = node.file.variables.find((variable) => variable.name === name);
  return other.file === node.file || (declared !== undefined && !declared.isStatic && !other.file.variables.some((variable) => variable.name === name && variable.isStatic));
}

/** Whether a place is at file scope, or hangs on something there, or belongs to the context or the virtual host. */
function livesOn(target: Value): boolean {
  switch (target.kind) {
    case "entity": return true;
    case "field": case "element": case "deref": return livesOn(target.base);
    case "result": return rolesOf(target.callee).applicationOf !== undefined;
    default: return false;
  }
}

function entityOf(target: Value): string | undefined {
  return target.kind === "entity" ? target.name : target.kind === "field" || target.kind === "element" || target.kind === "deref" ? entityOf(target.base) : undefined;
}

/** Elements of one array are the same place. */
const withoutIndex = (value: Value): Value =>
  value.kind === "element" ? { kind: "element", base: withoutIndex(value.base) } : value.kind === "field" ? { ...value, base: withoutIndex(value.base) } : value;

