/**
 * The classes of all C++ files together: what a type names, which methods a class has, what the path of a `TypeRef` leads to. A class
 * that two files define differently is one class with two definitions of its methods; who asks takes the nearer one.
 */
import type { FunctionNode } from "./call-graph.js";
import type { FileFacts } from "./facts.js";
import type { TypeRef } from "./type-ref.js";

export interface ClassInfo {
  readonly name: string;
  readonly bases: ReadonlySet<string>;
  readonly fields: ReadonlyMap<string, string>;
  /** Declared or defined, by name: what they return. */
  readonly methods: ReadonlyMap<string, string>;
  readonly definitions: ReadonlyMap<string, readonly FunctionNode[]>;
}

/** Where a name stands. */
export interface Place {
  readonly file: FileFacts;
  /** Namespaces and class around it. */
  readonly scope: string;
}

interface OpenClass {
  readonly name: string;
  readonly bases: Set<string>;
  readonly fields: Map<string, string>;
  readonly methods: Map<string, string>;
  readonly definitions: Map<string, FunctionNode[]>;
}

const MAX_DEPTH = 8;
/** More classes than this under one base: a call through the base says nothing about any one of them. */
const MAX_OVERRIDERS = 4;

const POINTERS = /^(?:std::|boost::)?(?:unique_ptr|shared_ptr|weak_ptr|scoped_ptr|intrusive_ptr|optional|atomic|reference_wrapper|QPointer|QSharedPointer|QScopedPointer|Ref)$/;
const CONTAINERS = /^(?:std::|boost::)?(?:vector|list|deque|array|set|unordered_set|multiset|queue|stack|forward_list|span|initializer_list|QList|QVector)$/;
const MAPS = /^(?:std::|boost::)?(?:map|unordered_map|multimap|unordered_multimap|QMap|QHash)$/;
/** Methods of containers and smart pointers that give what these hold. */
const GIVES_ELEMENT = new Set(["get", "lock", "value", "at", "front", "back", "top", "begin", "end", "cbegin", "cend", "find", "load", "operator->", "data"]);

export class ClassTable {
  readonly #classes = new Map<string, OpenClass>();
  /** By the last part of the name. */
  readonly #byLast = new Map<string, OpenClass[]>();
  readonly #derived = new Map<OpenClass, OpenClass[]>();
  readonly #namespaces = new Set<string>();
  readonly #aliases = new Map<string, string | undefined>();
  readonly #types = new Map<FileFacts, ReadonlyMap<string, string>>();
  readonly #typesAnywhere = new Map<string, string | undefined>();
  readonly #owners = new Map<FunctionNode, OpenClass>();

  constructor(nodes: readonly FunctionNode[], files: readonly FileFacts[]) {
    for (const file of files) {
      if (file.language !== "cpp") continue;
      for (const { name, bases, fields, methods } of file.classes) {
        const own = this.#open(name);
        for (const base of bases) own.bases.add(base);
        for (const field of fields) own.fields.set(field.name, field.type);
        for (const method of methods) own.methods.set(method.name, method.returnType);
      }
      for (const { name, type } of file.aliases) only(this.#aliases, name, type);
      this.#types.set(file, new Map(file.types.map(({ name, type }) => [name, type])));
      for (const { name, type } of file.types) only(this.#typesAnywhere, name, type);
    }
    for (const { facts } of nodes) if (facts.qualifier !== undefined && facts.qualifier !== facts.className) this.#addNamespaces(facts.qualifier);
    for (const name of this.#classes.keys()) this.#addNamespaces(name.slice(0, Math.max(0, name.lastIndexOf("::"))));
    for (const node of nodes) {
      const { className, name, isLambda } = node.facts;
      if (className === undefined) continue;
      const owner = this.#ownerOf(className);
      if (!owner) continue;
      this.#owners.set(node, owner);
      if (isLambda) continue;
      if (!owner.methods.has(name)) owner.methods.set(name, node.facts.returnType);
      const list = owner.definitions.get(name);
      if (list) list.push(node);
      else owner.definitions.set(name, [node]);
    }
    for (const one of this.#classes.values()) {
      for (const base of this.#basesOf(one)) {
        const list = this.#derived.get(base);
        if (list) list.push(one);
        else this.#derived.set(base, [one]);
      }
    }
  }

  /** Another version of a file that declares the same. */
  replace(before: FileFacts, after: FileFacts): void {
    const types = this.#types.get(before);
    this.#types.delete(before);
    if (types) this.#types.set(after, types);
  }

  /** The class a function belongs to, or a lambda is written in; `undefined` for functions of namespaces. */
  ownerOf(node: FunctionNode): ClassInfo | undefined {
    return this.#owners.get(node);
  }

  get all(): Iterable<ClassInfo> {
    return this.#classes.values();
  }

  #open(name: string): OpenClass {
    let found = this.#classes.get(name);
    if (!found) {
      found = { name, bases: new Set(), fields: new Map(), methods: new Map(), definitions: new Map() };
      this.#classes.set(name, found);
      const last = lastPart(name);
      const list = this.#byLast.get(last);
      if (list) list.push(found);
      else this.#byLast.set(last, [found]);
    }
    return found;
  }

  #addNamespaces(qualifier: string): void {
    for (let name = qualifier; name !== ""; name = name.slice(0, Math.max(0, name.lastIndexOf("::")))) {
      if (this.#classes.has(name)) continue;
      this.#namespaces.add(name);
    }
  }

  /** `void C::m()` may stand in a file that names the namespace of `C` by `using`, and `C` may be a namespace. */
  #ownerOf(className: string): OpenClass | undefined {
    const exact = this.#classes.get(className);
    if (exact) return exact;
    const named = (this.#byLast.get(lastPart(className)) ?? []).filter(({ name }) => name.endsWith(`::${className}`) || className.endsWith(`::${name}`));
    if (named.length === 1) return named[0];
    if (this.#namespaces.has(className)) return undefined;
    return named.length === 0 ? this.#open(className) : undefined;
  }

  /** The class that a type names at a place; smart pointers stand for what they point to. */
  named(type: string, place: Place, depth = 0): ClassInfo | undefined {
    const found = this.#named(type, place, depth);
    return found;
  }

  #named(type: string, place: Place, depth = 0): OpenClass | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const { name, args } = takeApart(type);
    if (POINTERS.test(name) && args[0] !== undefined) return this.#named(args[0], place, depth + 1);
    for (let scope = place.scope; ; scope = scope.slice(0, Math.max(0, scope.lastIndexOf("::")))) {
      const found = this.#classes.get(scope === "" ? name : `${scope}::${name}`);
      if (found) return found;
      if (scope === "") break;
    }
    const suffix = (this.#byLast.get(lastPart(name)) ?? []).filter((one) => one.name.endsWith(`::${name}`));
    if (suffix.length === 1) return suffix[0];
    const alias = this.#aliases.get(name) ?? this.#aliases.get(lastPart(name));
    return alias !== undefined && suffix.length === 0 && takeApart(alias).name !== name ? this.#named(alias, place, depth + 1) : undefined;
  }

  /** The type that a path leads to, as written somewhere. */
  typeOf(ref: TypeRef, place: Place, owner: ClassInfo | undefined, depth = 0): string | undefined {
    if (depth > MAX_DEPTH) return undefined;
    switch (ref.kind) {
      case "named": return this.#unaliased(ref.name);
      case "this": return owner?.name;
      case "name": {
        const at = ref.name.lastIndexOf("::");
        const holder = at < 0 ? owner : this.#named(ref.name.slice(0, at), place);
        const plain = at < 0 ? ref.name : ref.name.slice(at + 2);
        const field = holder && this.#fieldOf(holder, plain);
        return this.#unaliased(field ?? this.#types.get(place.file)?.get(plain) ?? this.#typesAnywhere.get(plain));
      }
      case "field": {
        const of = this.typeOf(ref.of, place, owner, depth + 1);
        if (of === undefined) return undefined;
        const { name, args } = takeApart(of);
        if (MAPS.test(name)) return ref.field === "second" ? args[1] : args[0];
        if (/^(?:std::)?pair$/.test(name)) return ref.field === "second" ? args[1] : args[0];
        const holder = this.#named(of, place);
        return holder && this.#unaliased(this.#fieldOf(holder, ref.field));
      }
      case "element": {
        const of = this.typeOf(ref.of, place, owner, depth + 1);
        return of && this.#elementOf(of);
      }
      case "call": {
        if (!ref.of) {
          const method = ref.qualifier === undefined ? owner : this.#named(ref.qualifier, place);
          const returned = method && this.#returned(method, ref.name);
          if (returned !== undefined) return this.#unaliased(returned);
          const plain = this.#types.get(place.file)?.get(`${ref.name}()`) ?? this.#typesAnywhere.get(`${ref.name}()`);
          // `Client(x)` makes one.
          return this.#unaliased(plain ?? (this.#named(ref.name, place) ? ref.name : undefined));
        }
        const of = this.typeOf(ref.of, place, owner, depth + 1);
        if (of === undefined) return undefined;
        const { name } = takeApart(of);
        if (GIVES_ELEMENT.has(ref.name) && (POINTERS.test(name) || CONTAINERS.test(name) || MAPS.test(name))) return this.#elementOf(of);
        const holder = this.#named(of, place);
        return holder && this.#unaliased(this.#returned(holder, ref.name));
      }
    }
  }

  /** The class at the end of a path. */
  classOf(ref: TypeRef, place: Place, owner: ClassInfo | undefined): ClassInfo | undefined {
    const type = this.typeOf(ref, place, owner);
    return type === undefined ? undefined : this.#named(type, place);
  }

  #elementOf(type: string): string {
    const { name, args } = takeApart(type);
    // An iterator of a map stands for the map: `it->second`.
    return (POINTERS.test(name) || CONTAINERS.test(name)) && args[0] !== undefined ? args[0] : type;
  }

  #unaliased(type: string | undefined, depth = 0): string | undefined {
    if (type === undefined || depth > MAX_DEPTH) return type;
    const { name, args } = takeApart(type);
    if (args.length > 0 || this.#classes.has(name)) return type;
    const alias = this.#aliases.get(name) ?? this.#aliases.get(lastPart(name));
    return alias !== undefined && takeApart(alias).name !== name ? this.#unaliased(alias, depth + 1) : type;
  }

  #basesOf(one: OpenClass): OpenClass[] {
    const scope = one.name.slice(0, Math.max(0, one.name.lastIndexOf("::")));
    return [...one.bases].flatMap((base) => {
      const found = this.#lookUp(base, scope);
      return found && found !== one ? [found] : [];
    });
  }

  #lookUp(name: string, within: string): OpenClass | undefined {
    for (let scope = within; ; scope = scope.slice(0, Math.max(0, scope.lastIndexOf("::")))) {
      const found = this.#classes.get(scope === "" ? name : `${scope}::${name}`);
      if (found) return found;
      if (scope === "") break;
    }
    const suffix = (this.#byLast.get(lastPart(name)) ?? []).filter((one) => one.name.endsWith(`::${name}`));
    return suffix.length === 1 ? suffix[0] : undefined;
  }

  #inherited<T>(one: ClassInfo, find: (one: OpenClass) => T | undefined, depth = 0): T | undefined {
    const own = one as OpenClass;
    const found = find(own);
    if (found !== undefined || depth > MAX_DEPTH) return found;
    for (const base of this.#basesOf(own)) {
      const inherited = this.#inherited(base, find, depth + 1);
      if (inherited !== undefined) return inherited;
    }
    return undefined;
  }

  #fieldOf(one: ClassInfo, field: string): string | undefined {
    return this.#inherited(one, ({ fields }) => fields.get(field));
  }

  #returned(one: ClassInfo, method: string): string | undefined {
    return this.#inherited(one, ({ methods }) => methods.get(method));
  }

  hasField(one: ClassInfo, field: string): boolean {
    return this.#fieldOf(one, field) !== undefined;
  }

  /** Whether a class, or a base of it, has a method of this name, defined at hand or not. */
  hasMethod(one: ClassInfo, method: string): boolean {
    return this.#returned(one, method) !== undefined;
  }

  derivesFrom(one: ClassInfo, isBase: (name: string) => boolean, depth = 0): boolean {
    const own = one as OpenClass;
    return [...own.bases].some(isBase) || (depth < MAX_DEPTH && this.#basesOf(own).some((base) => this.derivesFrom(base, isBase, depth + 1)));
  }

  /** The method that a call on an object of this class enters: its own or an inherited one. */
  method(one: ClassInfo, name: string): readonly FunctionNode[] {
    return this.#inherited(one, ({ definitions }) => definitions.get(name)) ?? [];
  }

  /** Those, and what classes below define instead, where these are few and the method can be overridden at all. */
  methodOrOverriders(one: ClassInfo, name: string): readonly FunctionNode[] {
    const found = this.method(one, name);
    const below = this.#below(one as OpenClass).flatMap(({ definitions }) => definitions.get(name) ?? []);
    const overriders = found.some(({ facts }) => facts.isVirtual) || below.some(({ facts }) => facts.isVirtual) || found.length === 0 ? below : [];
    return overriders.length > MAX_OVERRIDERS ? found : [...new Set([...found, ...overriders])];
  }

  #below(one: OpenClass, depth = 0): OpenClass[] {
    if (depth > MAX_DEPTH) return [];
    return (this.#derived.get(one) ?? []).flatMap((child) => [child, ...this.#below(child, depth + 1)]);
  }

  /** The type of what a container holds; `undefined` for other types. */
  heldBy(type: string): string | undefined {
    const { name, args } = takeApart(type);
    return MAPS.test(name) ? args[1] : CONTAINERS.test(name) ? args[0] : undefined;
  }

  /** What runs when an object of this type ends: destructors, deleters, and those of what it holds by value. */
  destructors(type: string, place: Place, depth = 0): readonly FunctionNode[] {
    if (depth > 4) return [];
    const { name, args } = takeApart(this.#unaliased(type) ?? type);
    if (/^(?:std::|boost::)?(?:unique_ptr|shared_ptr|scoped_ptr|optional)$/.test(name) && args[0] !== undefined) {
      const deleter = args[1] === undefined ? undefined : this.#named(args[1], place);
      return deleter ? (deleter.definitions.get("operator()") ?? []) : args[1] === undefined ? this.destructors(args[0], place, depth + 1) : [];
    }
    const own = this.#named(type, place);
    if (!own) return [];
    // What it only points to lives on.
    const held = [...own.fields.values()].filter((field) => !/[*&]$/.test(field) && (/\b(?:unique_ptr|optional)\s*</.test(field) || this.#classes.has(field)));
    return [
      ...(own.definitions.get(`~${lastPart(own.name)}`) ?? []),
      ...held.flatMap((field) => this.destructors(field, place, depth + 1)),
      ...this.#basesOf(own).flatMap((base) => this.destructors(base.name, place, depth + 1)),
    ];
  }
}

function only(map: Map<string, string | undefined>, name: string, type: string): void {
  if (!map.has(name)) map.set(name, type);
  else if (map.get(name) !== type) map.set(name, undefined);
}

const lastPart = (name: string): string => name.slice(name.lastIndexOf("::") < 0 ? 0 : name.lastIndexOf("::") + 2);

/** `const std::map<K, V> &` into `std::map` and its arguments. */
function takeApart(type: string): { readonly name: string; readonly args: readonly string[] } {
  const plain = type.replace(/\b(?:const|volatile|struct|class|union|enum|typename)\b/g, " ").replace(/[&*]+\s*$/, "").replace(/^\s*::/, "").trim();
  const open = plain.indexOf("<");
  if (open < 0) return { name: plain.replace(/\s+/g, ""), args: [] };
  const args: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let i = open; i < plain.length; i++) {
    const c = plain[i];
    if (c === "<" || c === "(") depth++;
    else if (c === ">" || c === ")") depth--;
    if ((c === "," && depth === 1) || (c === ">" && depth === 0)) {
      args.push(plain.slice(from, i).trim());
      from = i + 1;
      if (depth === 0) break;
    }
  }
  return { name: plain.slice(0, open).replace(/\s+/g, ""), args };
}
