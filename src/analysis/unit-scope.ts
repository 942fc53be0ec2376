/** What file-scope names mean, asked by the local phase. */
import type { Expr, FunctionDef, TranslationUnit, TypeName, VarDecl } from "../syntax/ast.js";
import { walk } from "./walk.js";

/** Constants of the library whose header is not there; the engine knows none itself. */
export interface ConstantTable {
  valueOf(name: string): number | undefined;
}

export type Meaning =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "alias"; readonly expr: Expr; readonly definition: { readonly start: number; readonly end: number } }
  | { readonly kind: "constant" }
  | { readonly kind: "entity" };

const WELL_KNOWN = new Map<string, number>([["NULL", 0], ["nullptr", 0], ["true", 1], ["false", 0], ["TRUE", 1], ["FALSE", 0]]);
const LOOKS_LIKE_CONSTANT = /^_*[A-Z][A-Z0-9_]*$/;

interface ClassScope {
  readonly bases: readonly string[];
  readonly fields: Map<string, { readonly type: TypeName; readonly isStatic: boolean }>;
  readonly methods: Set<string>;
}

/** What was asked of a scope, each question once, with the answer. */
export type Questions = ReadonlyMap<string, unknown>;

/** Names of one kind. Keeps account of what is asked, while somebody wants to know. */
class Names<T> {
  readonly #entries = new Map<string, T>();

  constructor(
    readonly kind: string,
    readonly log: { asked: Map<string, unknown> | undefined },
  ) {}

  set(name: string, entry: T): void {
    this.#entries.set(name, entry);
  }

  get(name: string): T | undefined {
    const entry = this.#entries.get(name);
    this.log.asked?.set(`${this.kind} ${name}`, entry);
    return entry;
  }

  has(name: string): boolean {
    const isThere = this.#entries.has(name);
    this.log.asked?.set(`${this.kind}? ${name}`, isThere);
    return isThere;
  }

  /** The names that end so. */
  ending(end: string): readonly string[] {
    const names = [...this.#entries.keys()].filter((name) => name.endsWith(end));
    this.log.asked?.set(`${this.kind}* ${end}`, names);
    return names;
  }

  answer(how: string, name: string): unknown {
    return how === "" ? this.get(name) : how === "?" ? this.has(name) : this.ending(name);
  }
}

export class UnitScope {
  readonly #log: { asked: Map<string, unknown> | undefined } = { asked: undefined };
  readonly #macros = new Names<{ expr: Expr | undefined; start: number; end: number }>("macro", this.#log);
  readonly #enums = new Names<number | undefined>("enum", this.#log);
  readonly #variables = new Names<VarDecl>("variable", this.#log);
  readonly #functions = new Names<true>("function", this.#log);
  readonly #macroFunctions = new Names<ReadonlySet<number>>("call", this.#log);
  readonly #structs = new Names<Map<string, TypeName>>("struct", this.#log);
  readonly #typedefs = new Names<TypeName>("typedef", this.#log);
  /** C++: by class with its namespaces. */
  readonly #classes = new Names<ClassScope>("class", this.#log);
  /** Names that code of the file changes. */
  readonly #changed = new Names<true>("changed", this.#log);
  #knowsChanged = false;

  constructor(
    readonly unit: TranslationUnit,
    readonly constants: ConstantTable,
    readonly changedIn: (fn: FunctionDef) => Iterable<string> = namesChangedIn,
  ) {
    for (const macro of unit.objectMacros) {
      this.#macros.set(macro.name, { expr: macro.value, start: macro.span.start, end: macro.span.end });
    }
    for (const { name, bases, fields } of unit.classes) {
      this.#classes.set(name, { bases, fields: new Map(fields.map((field) => [field.name, field])), methods: new Set() });
    }
    for (const { className, name } of [...unit.functions, ...unit.prototypes]) if (className !== undefined) this.#classes.get(className)?.methods.add(name);
    for (const variable of unit.variables) {
      if (variable.className !== undefined && !variable.isStatic) continue;
      const known = this.#variables.get(variable.name);
      if (!known || (!known.init && variable.init)) this.#variables.set(variable.name, variable);
    }
    for (const fn of unit.functions) {
      if (fn.macro) this.#macroFunctions.set(fn.name, assignedParams(fn));
      else if (fn.className === undefined && !fn.lambda) this.#functions.set(fn.name, true);
    }
    for (const prototype of unit.prototypes) if (prototype.className === undefined) this.#functions.set(prototype.name, true);
    for (const struct of unit.structs) {
      this.#structs.set(struct.name, new Map(struct.fields.map((field) => [field.name, field.type])));
    }
    for (const typedef of unit.typedefs) this.#typedefs.set(typedef.name, typedef.type);
    for (const constant of unit.enumConstants) {
      const given = constant.value ? this.#constantOf(constant.value) : undefined;
      const before = constant.previous === undefined ? -1 : this.#enums.get(constant.previous);
      this.#enums.set(constant.name, constant.value ? given : before === undefined ? undefined : before + 1);
    }
  }

  /** What is asked of the scope meanwhile. */
  questionsOf<T>(work: () => T): { readonly result: T; readonly questions: Questions } {
    const questions = new Map<string, unknown>();
    this.#log.asked = questions;
    const result = work();
    this.#log.asked = undefined;
    return { result, questions };
  }

  /** The answer to a question that another scope was asked. */
  answer(question: string): unknown {
    const at = question.indexOf(" ");
    const word = question.slice(0, at);
    const how = /[?*]$/.exec(word)?.[0] ?? "";
    const kind = word.slice(0, word.length - how.length);
    const names = [this.#macros, this.#enums, this.#variables, this.#functions, this.#macroFunctions, this.#structs, this.#typedefs, this.#classes, this.#changed].find((one) => one.kind === kind);
    if (names === this.#changed) this.#learnChanged();
    return names?.answer(how, question.slice(at + 1));
  }

  meaningOf(name: string): Meaning {
    const macro = this.#macros.get(name);
    if (macro?.expr) return { kind: "alias", expr: macro.expr, definition: { start: macro.start, end: macro.end } };
    const known = this.constants.valueOf(name) ?? WELL_KNOWN.get(name);
    if (this.#enums.has(name)) {
      const value = this.#enums.get(name) ?? known;
      return value === undefined ? { kind: "constant" } : { kind: "number", value };
    }
    const variable = this.#variables.get(name);
    if (variable) {
      const fixed = this.#fixedValue(variable);
      return fixed === undefined ? { kind: "entity" } : { kind: "number", value: fixed };
    }
    if (this.#functions.has(name)) return { kind: "entity" };
    if (known !== undefined) return { kind: "number", value: known };
    return LOOKS_LIKE_CONSTANT.test(name) ? { kind: "constant" } : { kind: "entity" };
  }

  /** The value of a static variable that no code of the file can change: `static const int kill = LWS_TO_KILL_SYNC;`. */
  #fixedValue(variable: VarDecl): number | undefined {
    if (!variable.isStatic || !variable.init || variable.type.array.length > 0 || variable.type.pointer > 0) return undefined;
    this.#learnChanged();
    return this.#changed.has(variable.name) ? undefined : this.#constantOf(variable.init);
  }

  #learnChanged(): void {
    if (this.#knowsChanged) return;
    this.#knowsChanged = true;
    for (const fn of this.unit.functions) for (const name of this.changedIn(fn)) this.#changed.set(name, true);
  }

  /** The name a callee stands for after object-like macros that only rename; the name itself otherwise. */
  calleeOf(name: string): { readonly name: string; readonly viaMacro?: { readonly start: number; readonly end: number } } {
    let current = name;
    let via: { start: number; end: number } | undefined;
    for (let steps = 0; steps < 8; steps++) {
      const macro = this.#macros.get(current);
      if (macro?.expr?.kind !== "name" || macro.expr.name === current) break;
      current = macro.expr.name;
      via = { start: macro.start, end: macro.end };
    }
    return via ? { name: current, viaMacro: via } : { name: current };
  }

  /** What a name is as a member of a class, of its bases or of a class around it, where this file declares it. */
  memberOf(className: string, name: string, depth = 0): "field" | "static" | "method" | undefined {
    const own = this.#classes.get(className);
    const field = own?.fields.get(name);
    if (field) return field.isStatic ? "static" : "field";
    if (own?.methods.has(name)) return "method";
    if (depth > 8) return undefined;
    for (const base of own?.bases ?? []) {
      const found = this.#classNamed(base, className);
      const inherited = found && this.memberOf(found, name, depth + 1);
      if (inherited) return inherited;
    }
    const around = className.lastIndexOf("::");
    return around > 0 ? this.memberOf(className.slice(0, around), name, depth + 1) : undefined;
  }

  /** Whether this file says what a name is outside of any class. */
  isFileScope(name: string): boolean {
    return this.#functions.has(name) || this.#variables.has(name) || this.#enums.has(name) || this.#macros.has(name) || this.#macroFunctions.has(name);
  }

  #classNamed(written: string, within: string): string | undefined {
    const name = written.replace(/^(?:struct|class|union) /, "").replace(/<.*$/s, "").trim();
    for (let scope = within; ; scope = scope.slice(0, Math.max(0, scope.lastIndexOf("::")))) {
      const full = scope === "" ? name : `${scope}::${name}`;
      if (this.#classes.has(full)) return full;
      if (scope === "") return undefined;
    }
  }

  #classFields(written: string): ReadonlyMap<string, { readonly type: TypeName }> | undefined {
    const name = written.replace(/^(?:struct|class|union) /, "");
    const exact = this.#classes.get(name);
    if (exact) return exact.fields;
    const named = this.#classes.ending(`::${name}`);
    return named.length === 1 ? this.#classes.get(named[0]!)?.fields : undefined;
  }

  variable(name: string): VarDecl | undefined {
    return this.#variables.get(name);
  }

  /** Indices of the arguments a macro of this file assigns to; `undefined` for names that are no macro here. */
  assignedByMacro(name: string): ReadonlySet<number> | undefined {
    return this.#macroFunctions.get(name);
  }

  isFunction(name: string): boolean {
    return this.#functions.has(name);
  }

  /** The base type with this file's typedefs undone, one name for one type. */
  resolveType(type: TypeName): TypeName {
    let current = type;
    for (let steps = 0; steps < 8; steps++) {
      const target = this.#typedefs.get(current.base);
      if (!target || target.base === current.base) break;
      const isUnnamed = /^(?:struct|union|class)$/.test(target.base);
      current = {
        base: isUnnamed ? current.base : target.base,
        pointer: current.pointer + target.pointer,
        array: [...current.array, ...target.array],
        isFunctionPointer: current.isFunctionPointer || target.isFunctionPointer,
      };
      if (isUnnamed) break;
    }
    return current;
  }

  /** Member names of a struct in order; empty where the file does not define it. */
  fieldNames(structName: string): readonly string[] {
    return [...(this.#structs.get(structName) ?? this.#classFields(structName) ?? new Map<string, unknown>()).keys()];
  }

  fieldType(structName: string, field: string): TypeName | undefined {
    return this.#structs.get(structName)?.get(field) ?? this.#classFields(structName)?.get(field)?.type;
  }

  /** Number of a constant expression made of literals, enumerators and macros; `undefined` where it is not one. */
  #constantOf(expr: Expr, depth = 0): number | undefined {
    if (depth > 8) return undefined;
    switch (expr.kind) {
      case "number": case "char": return expr.value;
      case "cast": return this.#constantOf(expr.operand, depth + 1);
      case "unary": {
        const value = this.#constantOf(expr.operand, depth + 1);
        if (value === undefined) return undefined;
        return expr.op === "-" ? -value : expr.op === "~" ? ~value : expr.op === "+" ? value : expr.op === "!" ? Number(!value) : undefined;
      }
      case "binary": {
        const left = this.#constantOf(expr.left, depth + 1);
        const right = this.#constantOf(expr.right, depth + 1);
        return left === undefined || right === undefined ? undefined : foldBinary(expr.op, left, right);
      }
      case "name": {
        if (this.#enums.has(expr.name)) return this.#enums.get(expr.name);
        const macro = this.#macros.get(expr.name)?.expr;
        if (macro) return this.#constantOf(macro, depth + 1);
        return this.constants.valueOf(expr.name) ?? WELL_KNOWN.get(expr.name);
      }
      default: return undefined;
    }
  }
}

/** Names that are assigned, counted, have their address taken or are given to a macro anywhere in a function. */
export function namesChangedIn(fn: FunctionDef): ReadonlySet<string> {
  const names = new Set<string>();
  const note = (expr: Expr): void => {
    if (expr.kind === "name") names.add(expr.name);
  };
  for (const { body } of fn.variants) {
    walk(body, {
      expr: (expr) => {
        if (expr.kind === "assign") note(expr.target);
        else if (expr.kind === "update" || (expr.kind === "unary" && expr.op === "&")) note(expr.operand);
        else if (expr.kind === "call" && expr.callee.kind === "name" && LOOKS_LIKE_CONSTANT.test(expr.callee.name)) expr.args.forEach(note);
      },
    });
  }
  return names;
}

function assignedParams(fn: FunctionDef): ReadonlySet<number> {
  const assigned = new Set<number>();
  for (const { params, body } of fn.variants) {
    const note = (target: Expr): void => {
      const index = target.kind === "name" ? params.findIndex((param) => param.name === target.name) : -1;
      if (index >= 0) assigned.add(index);
    };
    walk(body, {
      expr: (expr) => {
        if (expr.kind === "assign") note(expr.target);
        else if (expr.kind === "update" || (expr.kind === "unary" && expr.op === "&")) note(expr.operand);
      },
    });
  }
  return assigned;
}

/** Integer arithmetic on known operands; `undefined` for operators that do not fold (and for division by zero). */
export function foldBinary(op: string, a: number, b: number): number | undefined {
  switch (op) {
    case "+": return a + b;
    case "-": return a - b;
    case "*": return a * b;
    case "/": return b === 0 ? undefined : Math.trunc(a / b);
    case "%": return b === 0 ? undefined : a % b;
    case "|": return a | b;
    case "&": return a & b;
    case "^": return a ^ b;
    case "<<": return b >= 0 && b < 31 ? a * 2 ** b : undefined;
    case ">>": return b >= 0 && b < 31 ? a >> b : undefined;
    default: return undefined;
  }
}
