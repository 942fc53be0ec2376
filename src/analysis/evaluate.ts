/** What an expression evaluates to in a state, where assignments go, and what a condition says about parameters. */
import type { CallExpr, Expr, FunctionDef, NewExpr, Param, TypeName, VarDecl } from "../syntax/ast.js";
import { typeAsName } from "../syntax/type-name.js";
import type { CallResults } from "./assumptions.js";
import type { Surroundings } from "./surroundings.js";
import type { TypeRef } from "./type-ref.js";
import { ENTRY_ENV, isTied, withLocal, withTies, type Env } from "./state.js";
import { foldBinary, type UnitScope } from "./unit-scope.js";
import * as V from "./value.js";
import { UNKNOWN, numberValue, type Value } from "./value.js";
import * as Sets from "./value-set.js";
import type { ValueSet } from "./value-set.js";

/** What a condition tests: it holds exactly when `value` is in `set`. */
export interface Test {
  readonly value: Value;
  readonly set: ValueSet;
}

export class Evaluator {
  /** What members count as parameters, by the key of the place. */
  selectors: ReadonlyMap<string, Value> | undefined;
  readonly #locals = new Map<string, VarDecl>();
  readonly #params = new Map<string, number>();
  readonly #slots = new Map<string, number>();
  /** Index of the first value behind the parameters: `this`, then what a lambda captures. */
  readonly #firstBound: number;
  readonly #initials = new Map<string, Value>();
  readonly #equations = new Map<Expr, readonly [Value, Value]>();
  readonly #arguments = new Map<CallExpr, { readonly env: Env; readonly values: readonly Value[] }>();
  readonly #results = new Map<CallExpr, { readonly args: readonly Value[]; readonly value: Value }[]>();
  readonly #labels = new Map<Expr, ValueSet | undefined>();
  readonly #objects = new Map<string, Value>();

  constructor(
    readonly scope: UnitScope,
    readonly fn: FunctionDef,
    readonly params: readonly Param[],
    locals: readonly VarDecl[],
    /** Locals whose address leaves the function's sight: their value is never tracked. */
    readonly escaped: ReadonlySet<string>,
    /** Names that the body assigns to directly. */
    readonly assigned: ReadonlySet<string>,
    readonly results: CallResults,
    readonly around: Surroundings = { hasThis: false, captures: [] },
    /** What lambdas written in this function are bound to. */
    readonly boundBy: (functionIndex: number) => readonly { readonly name: string }[] = () => [],
  ) {
    params.forEach((param, index) => param.name && this.#params.set(param.name, index));
    this.#firstBound = (fn.variants[0]?.params ?? params).length;
    around.captures.forEach(({ name }, index) => this.#params.set(name, this.#firstBound + 1 + index));
    for (const local of locals) if (!this.#locals.has(local.name)) this.#locals.set(local.name, local);
    let slots = 0;
    for (const name of [...this.#locals.keys(), ...this.#params.keys()]) if (!this.#slots.has(name)) this.#slots.set(name, this.#canBeTracked(name) ? slots++ : -1);
  }

  #paramType(index: number): TypeName {
    return (this.params[index] ?? this.around.captures[index - this.#firstBound - 1])?.type ?? { base: "", pointer: 0, array: [], isFunctionPointer: false };
  }

  /** The object a method works on. */
  get self(): Value {
    return this.around.hasThis ? V.paramValue(this.#firstBound) : UNKNOWN;
  }

  get localNames(): Iterable<string> {
    return this.#locals.keys();
  }

  isLocal(name: string): boolean {
    return this.#slots.has(name);
  }

  /** Where a state keeps what a local or parameter holds; -1 where its value is not tracked, and for other names. */
  slotOf(name: string): number {
    return this.#slots.get(name) ?? -1;
  }

  isTracked(name: string): boolean {
    return this.slotOf(name) >= 0;
  }

  #canBeTracked(name: string): boolean {
    const local = this.#locals.get(name);
    if (local) return !local.isStatic && !local.isExtern && local.type.array.length === 0 && !this.escaped.has(name);
    return !this.escaped.has(name);
  }

  /** The value a name has when nothing is known of assignments. */
  #initial(name: string): Value {
    let value = this.#initials.get(name);
    if (!value) this.#initials.set(name, (value = this.#makeInitial(name)));
    return value;
  }

  #makeInitial(name: string): Value {
    const local = this.#locals.get(name);
    if (local) {
      if (local.isExtern) return V.entityValue(name);
      if (local.isStatic) return V.entityValue(`${this.fn.name}.${name}`);
      return { kind: "local", name, type: local.type.base };
    }
    const index = this.#params.get(name);
    // A parameter whose address is taken keeps its value as long as nothing assigns to its name.
    if (index !== undefined) return this.escaped.has(name) && this.assigned.has(name) ? { kind: "local", name, type: this.#paramType(index).base } : V.paramValue(index);
    return V.entityValue(name);
  }

  nameValue(name: string, env: Env, depth = 0): Value {
    const slot = this.#slots.get(name);
    if (slot !== undefined) return slot >= 0 ? (env.locals[slot] ?? this.#initial(name)) : held(this.#initial(name), env);
    const member = this.#member(name);
    if (member) return held(member, env);
    const meaning = this.scope.meaningOf(name);
    switch (meaning.kind) {
      case "number": return numberValue(meaning.value);
      case "constant": return V.constantNamed(name);
      case "alias": return depth > 6 ? UNKNOWN : this.eval(meaning.expr, env, depth + 1);
      case "entity": return held(V.entityValue(name), env);
    }
  }

  /** What a name alone means in a function of a class: `this`, a field, a method; `undefined` where it is nothing of the class. */
  #member(name: string): Value | undefined {
    if (name === "this") return this.self;
    const { className, hasThis } = this.around;
    if (className === undefined) return undefined;
    switch (this.scope.memberOf(className, name)) {
      case "field": return hasThis ? V.field(this.self, name) : UNKNOWN;
      case "static": return V.entityValue(name);
      case "method": return V.entityValue(`${className}::${name}`);
      default: break;
    }
    // Declared in a header that is not at hand here: constants look different, and so do functions that are called.
    if (!hasThis || this.scope.isFileScope(name) || this.scope.meaningOf(name).kind !== "entity") return undefined;
    return V.implicitField(this.self, name, className);
  }

  /** `C::x`: constants of the file and of the library keep their values, everything else is told by its whole name. */
  #qualified(qualifier: string, name: string, env: Env, depth: number): Value {
    const meaning = this.scope.meaningOf(name);
    if (qualifier === "" || meaning.kind === "number" || name.startsWith("LWS_")) return meaning.kind === "entity" ? V.entityValue(name) : this.nameValue(name, env, depth);
    return V.entityValue(`${qualifier}::${name}`);
  }

  /** The value of an expression whose calls and assignments have already taken effect in `env`. */
  eval(expr: Expr, env: Env, depth = 0): Value {
    if (depth > 40) return UNKNOWN;
    const next = depth + 1;
    switch (expr.kind) {
      case "name": return expr.qualifier === undefined ? this.nameValue(expr.name, env, next) : this.#qualified(expr.qualifier, expr.name, env, next);
      case "number": case "char": return expr.value === undefined ? UNKNOWN : numberValue(expr.value);
      case "string": return V.STRING;
      case "call": {
        const args = this.argumentsOf(expr, env, next);
        // What is moved or forwarded is still the same thing.
        if (expr.callee.kind === "name" && expr.callee.qualifier === "std" && args.length === 1 && (expr.callee.name === "move" || expr.callee.name === "forward")) return args[0]!;
        let results = this.#results.get(expr);
        if (!results) this.#results.set(expr, (results = []));
        const known = results.find((one) => one.args.every((arg, i) => arg === args[i]));
        if (known) return known.value;
        const callee = expr.callee.kind === "name" ? this.scope.calleeOf(expr.callee.name).name : "";
        const value = V.bounded({ kind: "result", callee, args, site: expr.span.start });
        results.push({ args, value });
        return value;
      }
      case "member": case "index": return this.#load(expr, env, next);
      case "unary":
        switch (expr.op) {
          case "&": {
            const of = this.place(expr.operand, env, next);
            if (!of) return UNKNOWN;
            if (of.kind === "entity" && (this.scope.isFunction(of.name) || of.name.includes("::"))) return of;
            return V.address(of);
          }
          case "*": return this.#load(expr, env, next);
          case "!": {
            const test = this.test(expr.operand, env, next);
            return { kind: "test", of: test.value, set: Sets.complement(test.set) };
          }
          default: {
            const value = this.eval(expr.operand, env, next);
            if (value.kind !== "number") return UNKNOWN;
            return numberValue(expr.op === "-" ? -value.value : expr.op === "~" ? ~value.value : value.value);
          }
        }
      case "binary": return this.#binary(expr, env, next);
      case "assign": {
        if (expr.op !== "=") return UNKNOWN;
        const target = expr.target.kind === "name" && this.isTracked(expr.target.name) ? expr.target : expr.value;
        return this.eval(target, env, next);
      }
      case "conditional": {
        const test = this.test(expr.condition, env, next);
        const known = decide(test);
        const yes = (): Value => this.eval(expr.whenTrue ?? expr.condition, env, next);
        if (known !== undefined) return known ? yes() : this.eval(expr.whenFalse, env, next);
        return V.anyOf([yes(), this.eval(expr.whenFalse, env, next)]);
      }
      case "cast": return this.eval(expr.operand, env, next);
      case "comma": return this.eval(expr.right, env, next);
      case "sizeof": return this.#sizeof(expr, next);
      case "new": return this.#made(expr, expr.args, env, next);
      case "compound-literal": return expr.isConstruction ? this.#made(expr, expr.initializer.items.map(({ value }) => value), env, next) : UNKNOWN;
      case "lambda": {
        const captures = this.boundBy(expr.functionIndex);
        if (captures.length === 0 && !this.around.hasThis) return { kind: "lambda", functionIndex: expr.functionIndex };
        return V.bounded({ kind: "lambda", functionIndex: expr.functionIndex, bound: [this.self, ...captures.map(({ name }) => this.nameValue(name, env, next))] });
      }
      default: return UNKNOWN;
    }
  }

  /** C++: an object that is made, as the result of a call of its constructor. */
  #made({ type, span }: Pick<NewExpr, "type" | "span">, args: readonly Expr[], env: Env, depth: number): Value {
    return V.bounded({ kind: "result", callee: typeAsName(type.base, span).name, args: args.map((arg) => this.eval(arg, env, depth)), site: span.start });
  }

  /** What a call is given; worked out once for as long as the same state asks. */
  argumentsOf(call: CallExpr, env: Env, depth = 0): readonly Value[] {
    const asked = this.#arguments.get(call);
    if (asked?.env === env) return asked.values;
    const values = call.args.map((arg) => this.eval(arg, env, depth));
    this.#arguments.set(call, { env, values });
    return values;
  }

  #sizeof({ type, operand }: Extract<Expr, { kind: "sizeof" }>, depth: number): Value {
    // What reads as a type may be a variable: `sizeof(buf)`.
    const named = type?.pointer === 0 && this.isLocal(type.base) ? ({ kind: "name", name: type.base, span: { start: 0, end: 0 } } as const) : operand;
    const known = named && this.typeOf(named);
    // And what reads as a variable may be a type, of this file or of a header.
    const assumed = named?.kind === "name" && !known ? { base: named.name, pointer: 0, array: [], isFunctionPointer: false } : type;
    const whole = known ?? (assumed && this.scope.resolveType(assumed));
    if (!whole || whole.base === "" || whole.isFunctionPointer) return UNKNOWN;
    if (whole.array.length === 0) return { kind: "sizeof", type: `${whole.base}${"*".repeat(whole.pointer)}` };
    const [size] = whole.array;
    const count = size && this.eval(size, ENTRY_ENV, depth);
    const isBytes = whole.array.length === 1 && whole.pointer === 0 && BYTE_TYPE.test(whole.base);
    return isBytes && count?.kind === "number" ? count : UNKNOWN;
  }

  #binary(expr: Extract<Expr, { kind: "binary" }>, env: Env, depth: number): Value {
    if (expr.op === "&&" || expr.op === "||") {
      const left = this.test(expr.left, env, depth);
      const leftKnown = decide(left);
      if (leftKnown !== undefined && leftKnown === (expr.op === "||")) return numberValue(Number(leftKnown));
      const right = this.test(expr.right, env, depth);
      if (leftKnown !== undefined) return { kind: "test", of: right.value, set: right.set };
      if (!V.sameValue(left.value, right.value) || left.value.kind === "unknown") return UNKNOWN;
      const set = expr.op === "&&" ? Sets.intersect(left.set, right.set) : Sets.union(left.set, right.set);
      return { kind: "test", of: left.value, set };
    }
    const test = this.#comparison(expr, env, depth);
    if (test) {
      const known = decide(test);
      return known === undefined ? { kind: "test", of: test.value, set: test.set } : numberValue(Number(known));
    }
    const left = this.eval(expr.left, env, depth);
    const right = this.eval(expr.right, env, depth);
    if (left.kind === "number" && right.kind === "number") {
      const folded = foldBinary(expr.op, left.value, right.value);
      return folded === undefined ? UNKNOWN : numberValue(folded);
    }
    if (right.kind === "number" && (expr.op === "+" || expr.op === "-")) return V.plus(left, expr.op === "+" ? right.value : -right.value);
    if (left.kind === "number" && expr.op === "+") return V.plus(right, left.value);
    return UNKNOWN;
  }

  /** `a == CONSTANT` and its relatives as a test of the other side; `undefined` for other operators. */
  #comparison(expr: Extract<Expr, { kind: "binary" }>, env: Env, depth: number): Test | undefined {
    if (!COMPARISONS.has(expr.op)) return undefined;
    return comparisonOf(expr.op, this.eval(expr.left, env, depth), this.eval(expr.right, env, depth));
  }

  /** What a condition tests. For conditions nothing can be said about, a test of the unknown value. */
  test(expr: Expr, env: Env, depth = 0): Test {
    const comparison = expr.kind === "binary" && depth <= 40 ? this.#comparison(expr, env, depth + 2) : undefined;
    return comparison ? decided(comparison) : normalized({ value: this.eval(expr, env, depth + 1), set: Sets.NONZERO });
  }

  /** The state in which the condition has the given truth; `undefined` where it cannot have it. */
  refine(condition: Expr, truth: boolean, env: Env): Env | undefined {
    if (condition.kind !== "binary" || !COMPARISONS.has(condition.op)) return this.#restrictTo(this.test(condition, env), truth, env, plainName(withoutNot(condition)));
    const left = this.eval(condition.left, env);
    const right = this.eval(condition.right, env);
    const isEqual = condition.op === (truth ? "==" : "!=");
    const equated = isEqual ? this.#alias(left, right, this.#equated(condition, left, right, env)) : env;
    const test = decided(comparisonOf(condition.op, left, right));
    const name = plainName(condition.left) ?? plainName(condition.right);
    const isTested = name !== undefined && this.isLocal(name) && V.sameValue(this.nameValue(name, env), test.value);
    return this.#restrictTo(test, truth, equated, isTested ? name : undefined);
  }

  #restrictTo({ value, set }: Test, truth: boolean, env: Env, variable: string | undefined): Env | undefined {
    return this.#restrict(value, truth ? set : Sets.complement(set), env, variable);
  }

  /** Where memory is found to hold a parameter (`if (s->conn == wsi)`), it holds it from here on. */
  #alias(left: Value, right: Value, env: Env): Env {
    const [memory, param] = right.kind === "param" ? [left, right] : [right, left];
    if (param.kind !== "param" || !(memory.kind === "field" || memory.kind === "entity" || memory.kind === "element")) return env;
    return { ...env, memory: new Map(env.memory).set(V.keyOf(memory), param) };
  }

  /** Two values that are no constants and that the branch finds equal, one of them from a table. */
  #equated(condition: Expr, left: Value, right: Value, env: Env): Env {
    let pair = this.#equations.get(condition);
    if (!pair) {
      pair = isTableField(left) ? [left, right] : isTableField(right) ? [right, left] : undefined;
      if (!pair) return env;
      this.#equations.set(condition, pair);
    }
    return env.equal.includes(pair) ? env : { ...env, equal: [...env.equal, pair] };
  }

  /** The state in which a switch on `subject` goes to one of `labels`, or to none of them. */
  refineCase(subject: Expr, labels: readonly { readonly value: Expr; readonly high?: Expr }[], inside: boolean, env: Env): Env | undefined {
    let set = Sets.NONE;
    for (const label of labels) {
      const low = this.#labelSet(label.value);
      if (!low) {
        // A label that cannot be read may be anything: it excludes nothing and admits everything.
        if (inside) return env;
        continue;
      }
      const lowNumber = Sets.single(low);
      const high = label.high && this.#labelSet(label.high);
      const highNumber = high && Sets.single(high);
      set = Sets.union(set, typeof highNumber === "number" && typeof lowNumber === "number" ? Sets.ofRange(lowNumber, highNumber) : low);
    }
    const test = normalized({ value: this.eval(subject, env), set: inside ? set : Sets.complement(set) });
    return this.#restrict(test.value, test.set, env, plainName(subject));
  }

  /** What a label stands for, which no state changes. */
  #labelSet(label: Expr): ValueSet | undefined {
    if (!this.#labels.has(label)) this.#labels.set(label, constantSet(this.eval(label, ENTRY_ENV)));
    return this.#labels.get(label);
  }

  #restrict(value: Value, set: ValueSet, env: Env, variable: string | undefined): Env | undefined {
    switch (value.kind) {
      case "param": {
        const before = env.guards.get(value.index) ?? Sets.ALL;
        const after = Sets.intersect(before, set);
        if (Sets.isNone(after)) return undefined;
        return Sets.equals(before, after) ? env : { ...env, guards: new Map(env.guards).set(value.index, after) };
      }
      case "any": {
        const slot = variable === undefined ? -1 : this.slotOf(variable);
        if (isTied(env, slot)) return withTies(env, slot, (option) => this.#restrict(option, set, env, undefined) !== undefined);
        const possible = value.options.filter((option) => this.#restrict(option, set, env, undefined));
        if (possible.length === 0) return undefined;
        if (possible.length === 1) {
          const only = possible[0]!;
          const narrowed = slot >= 0 ? withLocal(env, slot, only) : env;
          return this.#restrict(only, set, narrowed, undefined);
        }
        return slot >= 0 ? withLocal(env, slot, V.anyOf(possible)) : env;
      }
      case "result": {
        const before = env.known.get(value.site) ?? Sets.ALL;
        const after = Sets.intersect(before, set);
        if (Sets.isNone(after)) return undefined;
        const assumption = this.results.assumptionOf(value.callee, set);
        const assumes = assumption && !env.assumes.includes(assumption) ? [...env.assumes, assumption] : env.assumes;
        const known = Sets.equals(before, after) ? env.known : new Map(env.known).set(value.site, after);
        return known === env.known && assumes === env.assumes ? env : { ...env, known, assumes };
      }
      default:
        return Sets.isNone(Sets.intersect(V.setOf(value), set)) ? undefined : env;
    }
  }

  /** The place an lvalue denotes, as a structural value that ignores assignments to the place itself. */
  place(expr: Expr, env: Env, depth = 0): Value | undefined {
    if (depth > 40) return undefined;
    switch (expr.kind) {
      case "name":
        if (this.isLocal(expr.name)) {
          // The address of a tracked local is the address of that object, not of what it holds.
          return this.#objectOf(expr.name);
        }
        if (expr.qualifier !== undefined) return this.#qualified(expr.qualifier, expr.name, env, depth + 1);
        {
          const member = this.#member(expr.name);
          if (member) return member.kind === "unknown" ? undefined : member;
          const meaning = this.scope.meaningOf(expr.name);
          if (meaning.kind === "alias") return this.place(meaning.expr, env, depth + 1);
          return V.entityValue(expr.name);
        }
      case "member": {
        const base = expr.arrow ? this.eval(expr.object, env, depth + 1) : this.#object(expr.object, env, depth + 1);
        const value = V.field(base, expr.field);
        return value.kind === "unknown" ? undefined : value;
      }
      case "index": {
        const base = this.eval(expr.object, env, depth + 1);
        if (base.kind === "unknown") return undefined;
        const index = this.eval(expr.index, env, depth + 1);
        const object = base.kind === "address" ? base.of : base;
        return V.element(object, index.kind === "unknown" ? undefined : index);
      }
      case "unary": {
        if (expr.op !== "*") return undefined;
        const value = V.deref(this.eval(expr.operand, env, depth + 1));
        return value.kind === "unknown" ? undefined : value;
      }
      case "cast": return this.place(expr.operand, env, depth + 1);
      default: return undefined;
    }
  }

  #objectOf(name: string): Value {
    const initial = this.#initial(name);
    if (initial.kind !== "param") return initial;
    let object = this.#objects.get(name);
    if (!object) this.#objects.set(name, (object = { kind: "local", name, type: this.#paramType(initial.index).base }));
    return object;
  }

  /** The object left of a `.`. */
  #object(expr: Expr, env: Env, depth: number): Value {
    return this.place(expr, env, depth) ?? this.eval(expr, env, depth);
  }

  #load(expr: Expr, env: Env, depth: number): Value {
    const place = this.place(expr, env, depth);
    if (!place || place.kind === "unknown") return UNKNOWN;
    // `*&x` is what `x` holds.
    if (place.kind === "local" && expr.kind === "unary" && this.isLocal(place.name)) return this.nameValue(place.name, env, depth);
    const value = held(place, env);
    if (value === place && place.kind === "field" && place.base.kind === "local") return this.#memberOfParam(place.base.name, place.field) ?? place;
    return this.selectors && value === place ? (this.selectors.get(V.keyOf(place)) ?? place) : value;
  }

  /** What a struct that the function is given, by value or by reference, holds where nothing was assigned to it. */
  #memberOfParam(name: string, field: string): Value | undefined {
    const index = this.#params.get(name);
    if (index === undefined || this.#locals.has(name) || this.assigned.has(name) || this.#paramType(index).pointer > 0) return undefined;
    const value = V.field(V.paramValue(index), field);
    return this.selectors?.get(V.keyOf(value)) ?? value;
  }

  /** The class of an expression (C++), as a path where it takes other files to tell. */
  typeRef(expr: Expr, depth = 0): TypeRef | undefined {
    if (depth > 12) return undefined;
    const next = depth + 1;
    switch (expr.kind) {
      case "name": {
        if (expr.name === "this") return { kind: "this" };
        if (expr.qualifier) return { kind: "name", name: `${expr.qualifier}::${expr.name}` };
        const local = this.#locals.get(expr.name);
        if (local) return this.#declaredRef(local.type, local.init, next);
        const index = this.#params.get(expr.name);
        if (index !== undefined) return this.#declaredRef(this.#paramType(index), this.around.captures[index - this.#firstBound - 1]?.init, next);
        const variable = this.around.className !== undefined && this.scope.memberOf(this.around.className, expr.name) ? undefined : this.scope.variable(expr.name);
        return variable ? this.#declaredRef(variable.type, variable.init, next) : { kind: "name", name: expr.name };
      }
      case "member": {
        const of = this.typeRef(expr.object, next);
        return of && { kind: "field", of, field: expr.field };
      }
      case "index": {
        const of = this.typeRef(expr.object, next);
        return of && { kind: "element", of };
      }
      case "unary": {
        const of = expr.op === "*" || expr.op === "&" ? this.typeRef(expr.operand, next) : undefined;
        return of && expr.op === "*" ? { kind: "element", of } : of;
      }
      case "cast": return expr.type.base === "auto" ? this.typeRef(expr.operand, next) : { kind: "named", name: expr.type.base };
      case "new": return { kind: "named", name: expr.type.base };
      case "assign": return this.typeRef(expr.target, next);
      case "comma": return this.typeRef(expr.right, next);
      case "conditional": return this.typeRef(expr.whenTrue ?? expr.whenFalse, next);
      case "call": {
        const { callee } = expr;
        if (callee.kind === "name") {
          if (/^make_(?:unique|shared)$/.test(callee.name) && callee.typeArguments !== undefined) return { kind: "named", name: callee.typeArguments };
          if (/^(?:unique|scoped)_ptr$/.test(callee.name) && callee.typeArguments !== undefined) return { kind: "named", name: `${callee.name}<${callee.typeArguments}>` };
          // The first argument of these is what they give.
          if (/^(?:move|ref|forward)$/.test(callee.name) && expr.args[0]) return this.typeRef(expr.args[0], next);
          return { kind: "call", name: callee.name, ...(callee.qualifier !== undefined && { qualifier: callee.qualifier }) };
        }
        const of = callee.kind === "member" ? this.typeRef(callee.object, next) : undefined;
        return of && callee.kind === "member" ? { kind: "call", name: callee.field, of } : undefined;
      }
      default: return undefined;
    }
  }

  #declaredRef(type: TypeName, init: Expr | undefined, depth: number): TypeRef | undefined {
    const { base } = this.scope.resolveType(type);
    if (!/^(?:const )?auto\b/.test(base) && base !== "") return { kind: "named", name: base };
    return init && this.typeRef(init, depth);
  }

  /** Type of an expression, as far as declarations in this file tell. */
  typeOf(expr: Expr, depth = 0): TypeName | undefined {
    if (depth > 20) return undefined;
    switch (expr.kind) {
      case "name": {
        const local = this.#locals.get(expr.name);
        if (local) return local.type.base === "auto" && local.init ? this.typeOf(local.init, depth + 1) : this.scope.resolveType(local.type);
        const index = this.#params.get(expr.name);
        if (index !== undefined) return this.scope.resolveType(this.#paramType(index));
        const { className } = this.around;
        if (className !== undefined && expr.name === "this") return { base: className, pointer: 1, array: [], isFunctionPointer: false };
        const field = className === undefined ? undefined : this.scope.fieldType(className, expr.name);
        if (field) return this.scope.resolveType(field);
        const variable = this.scope.variable(expr.name);
        return variable && this.scope.resolveType(variable.type);
      }
      case "member": {
        const object = this.typeOf(expr.object, depth + 1);
        const type = object && this.scope.fieldType(object.base, expr.field);
        return type && this.scope.resolveType(type);
      }
      case "index": {
        const type = this.typeOf(expr.object, depth + 1);
        return type && pointedTo(type);
      }
      case "unary": {
        const type = expr.op === "*" || expr.op === "&" ? this.typeOf(expr.operand, depth + 1) : undefined;
        return type && (expr.op === "*" ? pointedTo(type) : { ...type, pointer: type.pointer + 1 });
      }
      case "cast": case "new": return this.scope.resolveType(expr.type);
      case "comma": return this.typeOf(expr.right, depth + 1);
      case "assign": return this.typeOf(expr.target, depth + 1);
      default: return undefined;
    }
  }
}

/** What a place holds: what was assigned to it in this function, else whatever it held before. */
const held = (place: Value, env: Env): Value => (env.memory.size === 0 ? place : (env.memory.get(V.keyOf(place)) ?? place));

function withoutNot(condition: Expr): Expr {
  let inner = condition;
  while (inner.kind === "unary" && inner.op === "!") inner = inner.operand;
  return inner;
}

const plainName = (expr: Expr): string | undefined =>
  expr.kind === "name" ? expr.name : expr.kind === "assign" && expr.target.kind === "name" ? expr.target.name : undefined;

/** `table[i].field`, `entry->field` of a table's entry. */
const isTableField = (value: Value): boolean => value.kind === "field" && (value.base.kind === "element" || value.base.kind === "deref" || value.base.kind === "entity");

const BYTE_TYPE = /^(?:const )?(?:(?:un)?signed )?char$|^(?:const )?u?int8_t$/;

/** The type of an element, or of what a pointer points to. */
const pointedTo = (type: TypeName): TypeName =>
  type.array.length > 0 ? { ...type, array: type.array.slice(1) } : { ...type, pointer: Math.max(0, type.pointer - 1) };

/** The set of a value that is a constant. */
function constantSet(value: Value): ValueSet | undefined {
  if (value.kind === "number") return Sets.ofNumber(value.value);
  if (value.kind === "constant") return Sets.ofName(value.name);
  return undefined;
}

/** The values that stand in relation `op` to the constant; `undefined` where nobody can tell: nothing is known of the order of named constants. */
function related(op: string, constant: ValueSet): ValueSet | undefined {
  if (op === "==") return constant;
  if (op === "!=") return Sets.complement(constant);
  const value = Sets.single(constant);
  if (typeof value !== "number") return undefined;
  const range =
    op === "<" ? Sets.ofRange(null, value - 1) : op === "<=" ? Sets.ofRange(null, value)
    : op === ">" ? Sets.ofRange(value + 1, null) : Sets.ofRange(value, null);
  return { ...range, names: [], allNamesBut: true };
}

const mirrored = (op: string): string => ({ "<": ">", "<=": ">=", ">": "<", ">=": "<=" })[op] ?? op;

/** What comparing two values tests: one of them, where the other is a constant. */
function comparisonOf(op: string, left: Value, right: Value): Test {
  const rightSet = constantSet(right);
  const leftSet = constantSet(left);
  const set = rightSet ? related(op, rightSet) : leftSet && related(mirrored(op), leftSet);
  return set ? normalized({ value: rightSet ? left : right, set }) : { value: UNKNOWN, set: Sets.NONZERO };
}

/** A test of a number, where the outcome is certain. */
function decided(test: Test): Test {
  const known = decide(test);
  return known === undefined ? test : { value: numberValue(Number(known)), set: Sets.NONZERO };
}

const COMPARISONS = new Set(["==", "!=", "<", "<=", ">", ">="]);

/** Undoes tests of tests: `(x == A) != 0` is `x == A`. */
function normalized(test: Test): Test {
  let { value, set } = test;
  while (value.kind === "test") {
    const one = Sets.hasNumber(set, 1);
    const zero = Sets.hasNumber(set, 0);
    if (one === zero) return { value: UNKNOWN, set: one ? Sets.ALL : Sets.NONE };
    set = one ? value.set : Sets.complement(value.set);
    value = value.of;
  }
  return { value, set };
}

/** Whether the test is certainly true or false whatever the parameters are. */
function decide({ value, set }: Test): boolean | undefined {
  if (Sets.isNone(set)) return false;
  if (value.kind === "param" || value.kind === "unknown") return undefined;
  const possible = V.setOf(value);
  if (Sets.isAll(possible)) return undefined;
  const inside = Sets.intersect(possible, set);
  if (Sets.isNone(inside)) return false;
  return Sets.isNone(Sets.without(possible, set)) ? true : undefined;
}
