/**
 * The local phase: from one translation unit to facts. Each function of each configuration is interpreted abstractly over
 * its control-flow graph; what the calls, stores and returns of all configurations have in common is kept once.
 */
import type { Span } from "../source/span.js";
import { buildCfg } from "../cfg/builder.js";
import type { BasicBlock, Cfg, Element } from "../cfg/cfg.js";
import { solveForward } from "../dataflow/solver.js";
import type { CallExpr, Expr, FunctionDef, FunctionVariant, Stmt, TranslationUnit, VarDecl } from "../syntax/ast.js";
import type { CallResults } from "./assumptions.js";
import { aftermathOf, conditionalBlocks, happened, type Aftermath, type CallEvent, type CallEvents, type EventSites } from "./call-events.js";
import { callOrder, type OrderStep } from "./call-order.js";
import { classFacts, isStructName, localFacts, recordFacts, typedNames, variableFact } from "./declared.js";
import { ExpressionFacts, returnedOn } from "./expressions.js";
import { guardKey, guardOf, uniteGuards } from "./guards.js";
import { fragmentName, fragmentUses, SUBJECT, type FragmentUse } from "./fragments.js";
import { aggregateOf, initialisedAt } from "./aggregates.js";
import { isCallStatement, returnsAfter, statementPlaces, type StatementPlace } from "./call-sites.js";
import { contentsOf, noteSelectors, selectorValues, type MemberSelector } from "./contents.js";
import { Evaluator } from "./evaluate.js";
import type { AggregateFact, Argument, CallFact, CallSite, FileFacts, FunctionFacts, LoopFact, ReturnFact, StoreFact, VariableFact } from "./facts.js";
import { handlesOf } from "./handles.js";
import { endingAt, endingParams, fatesIn, type Ending, type Fates } from "./lifetimes.js";
import { recordLoops } from "./loops.js";
import { ENTRY_ENV, entryEnv, joinEnvs, mapState, merged, stateLattice, unreadable, widenStates, withLocal, type Env, type State } from "./state.js";
import type { FunctionResult, KnownFunction, UnitMemory } from "./unit-memory.js";
import { namesChangedIn, UnitScope, type ConstantTable } from "./unit-scope.js";
import * as V from "./value.js";
import { UNKNOWN, type Value } from "./value.js";
import * as Sets from "./value-set.js";
import { resultUses, type ResultUse } from "./result-uses.js";
import { surroundingsOf, type Surroundings } from "./surroundings.js";
import { surveyLocals } from "./survey.js";
import { advanced, assign, declare, stepped } from "./transfer.js";
import { walk } from "./walk.js";

export interface LocalOptions {
  readonly constants: ConstantTable;
  readonly results: CallResults;
  /** Whether somebody may want to edit a call of this name, so that it is worth finding out what surrounds it. */
  readonly isEdited: (name: string) => boolean;
  /** Constants with these prefixes are listed in `FileFacts.constantUses`. */
  readonly watchedPrefixes: readonly string[];
  /** Pointers to these types are listed in `FileFacts.handles`. */
  readonly watchedTypes?: RegExp;
  /** Calls whose order matters: they have a `CallFact.flow`. */
  readonly events?: CallEvents;
  /** Functions with a parameter of such a type tell which pointers they follow. */
  readonly watchedParams?: RegExp;
  /** Pointers to these types are told of wherever they are followed. */
  readonly watchedRecords?: RegExp;
}

/** A text whose facts are wanted again and again, with what was found the last time. */
export interface Remembered {
  readonly text: string;
  readonly memory: UnitMemory;
}

export function analyzeUnit(unit: TranslationUnit, options: LocalOptions, remembered?: Remembered): FileFacts {
  const recollection = remembered?.memory.recall(unit, remembered.text);
  const scope = new UnitScope(unit, options.constants, (fn) => recollection?.changesOf(fn) ?? namesChangedIn(fn));
  const around = surroundingsOf(unit);
  const known: KnownFunction[] = [];
  const results = unit.functions.map((fn): FunctionResult => {
    if (!remembered) return analyzeFunction(fn, scope, options, around).result;
    let one = recollection?.of(fn, scope, around(fn));
    if (!one) {
      const { result: { result, isOpen }, questions } = scope.questionsOf(() => analyzeFunction(fn, scope, options, around));
      one = { fn, result, isOpen, questions, changes: namesChangedIn(fn), around: around(fn) };
    }
    known.push(one);
    return one.result;
  });
  remembered?.memory.remember(unit, remembered.text, known);

  const aggregates = oncePerPlace(results.flatMap((result) => result.aggregates));
  const uses = oncePerPlace([
    ...results.flatMap((result) => result.constantUses),
    ...unit.variables.flatMap(({ init }) => (init ? constantUsesIn(init, options) : [])),
  ]);
  const usesInMacros = unit.objectMacros.flatMap(({ value }) => (value ? constantUsesIn(value, options).map((use) => ({ ...use, inMacro: true })) : []));

  const nowhere: FunctionDef = {
    name: "", nameSpan: { start: 0, end: 0 }, span: { start: 0, end: 0 }, isStatic: false,
    returnType: { base: "", pointer: 0, array: [], isFunctionPointer: false }, variants: [],
  };
  const fileScope = new Evaluator(scope, nowhere, [], [], new Set(), new Set(), options.results);
  for (const variable of unit.variables) {
    const { className } = variable;
    const evaluator = className === undefined ? fileScope : new Evaluator(scope, nowhere, [], [], new Set(), new Set(), options.results, { className, hasThis: false, captures: [] });
    const aggregate = aggregateOf(variable, evaluator, ENTRY_ENV);
    if (aggregate) aggregates.push(aggregate);
  }
  return {
    path: unit.path,
    language: unit.language,
    functions: results.map(({ facts }) => facts),
    aggregates,
    functionPointers: unit.variables.flatMap((variable) => {
      const value = variable.init && variable.init.kind !== "initializer" ? fileScope.eval(variable.init, ENTRY_ENV) : UNKNOWN;
      const named = value.kind === "address" ? value.of : value;
      return named.kind === "entity" ? [{ name: variable.name, value }] : [];
    }),
    classes: classFacts(unit),
    records: recordFacts(scope, fileScope),
    variables: unit.variables.map((variable) => variableFact(variable, fileScope, false)).filter(({ array, pointer, type }) => array.length > 0 || (pointer === 0 && /^struct |_t$/.test(type)) || (pointer === 1 && options.watchedRecords?.test(type) === true)),
    aliases: unit.typedefs.filter(({ type }) => unit.language === "cpp" || isStructName(type)).map(({ name, type }) => ({ name, type: type.base })),
    types: unit.language === "cpp" ? typedNames(unit) : [],
    prototypes: unit.prototypes.filter(({ className }) => className === undefined).map((p) => ({ name: p.name, params: p.params.map((param) => param.type.base), span: p.span })),
    includes: unit.includes,
    comments: unit.comments,
    coverage: unit.coverage,
    constantUses: [...uses, ...usesInMacros],
    handles: options.watchedTypes ? handlesOf(unit, scope, options.watchedTypes) : [],
    definedNames: [...unit.enumConstants.map((c) => c.name), ...unit.objectMacros.map((m) => m.name)],
  };
}

/** Of what stands at the same place the first. */
function oncePerPlace<T extends { readonly span: Span }>(found: readonly T[]): T[] {
  const places = new Set<number>();
  return found.filter(({ span }) => places.size < places.add(span.start).size);
}

function constantUsesIn(root: Stmt | Expr, options: LocalOptions, fn?: FunctionDef): FileFacts["constantUses"][number][] {
  const found: FileFacts["constantUses"][number][] = [];
  walk(root, {
    expr: (expr) => {
      if (expr.kind !== "name" || !options.watchedPrefixes.some((prefix) => expr.name.startsWith(prefix))) return;
      found.push({ name: expr.name, span: expr.span, inMacro: fn?.macro === true, ...(fn && { function: fn.name }) });
    },
  });
  return found;
}

/** One function, and whether that took more of the file than the scope tells. */
function analyzeFunction(fn: FunctionDef, scope: UnitScope, options: LocalOptions, around: (fn: FunctionDef) => Surroundings): { readonly result: FunctionResult; readonly isOpen: boolean } {
  const analysis = new FunctionAnalysis(fn, scope, options, around);
  const facts = analysis.run();
  const constantUses = oncePerPlace(fn.variants.flatMap((variant) => constantUsesIn(variant.body, options, fn)));
  const hasInclude = scope.unit.includes.some(({ span }) => fn.span.start <= span.start && span.end <= fn.span.end);
  return { result: { facts, aggregates: oncePerPlace(analysis.aggregates), constantUses }, isOpen: analysis.readsLambdas || hasInclude };
}

class FunctionAnalysis {
  readonly #calls = new Map<string, CallFact>();
  readonly #stores = new Map<string, StoreFact>();
  readonly #returns = new Map<string, ReturnFact>();
  readonly #loops = new Map<string, LoopFact>();
  readonly #locals = new Map<number, VariableFact>();
  readonly #selectors: MemberSelector[] = [];
  readonly #order: (readonly OrderStep[])[] = [];
  readonly #expressions: ExpressionFacts;
  readonly #readsExpressions: boolean;
  readonly aggregates: AggregateFact[] = [];
  readsLambdas = false;
  #events: EventSites = NO_EVENTS;
  #resultUses: ReadonlyMap<number, ResultUse> = NO_USES;
  #incomplete = false;

  constructor(
    readonly fn: FunctionDef,
    readonly scope: UnitScope,
    readonly options: LocalOptions,
    readonly aroundOf: (fn: FunctionDef) => Surroundings,
  ) {
    const { watchedParams, watchedRecords } = options;
    const params = fn.variants[0]?.params ?? [];
    const parameters = watchedParams !== undefined && params.some(({ type }) => watchedParams.test(type.base));
    this.#expressions = new ExpressionFacts({ parameters, ...(watchedRecords && { records: watchedRecords }) });
    this.#readsExpressions = parameters || (watchedRecords !== undefined && !fn.macro);
  }

  run(): FunctionFacts {
    const { fn } = this;
    const { className } = this.aroundOf(fn);
    for (const variant of fn.variants) this.#variant(variant);
    const loops = [...this.#loops.values()].sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
    const calls = [...this.#calls.values()].sort((a, b) => a.span.start - b.span.start).map((call) => withLoop(call, loops));
    const params = fn.variants[0]?.params ?? [];
    return {
      name: fn.name,
      ...(fn.qualifier !== undefined && { qualifier: fn.qualifier }),
      ...(className !== undefined && { className }),
      ...(fn.isVirtual && { isVirtual: true as const }),
      nameSpan: fn.nameSpan,
      span: fn.span,
      isStatic: fn.isStatic,
      returnsVoid: fn.returnType.base === "void" && fn.returnType.pointer === 0,
      returnType: fn.returnType.base,
      params: params.map((param) => ({
        name: param.name, type: param.type.base, pointer: param.type.pointer, isFunctionPointer: param.type.isFunctionPointer,
      })),
      ...(this.#selectors.length > 0 && { selectors: { first: this.#firstSelector, members: this.#selectors } }),
      isMacro: fn.macro === true,
      isLambda: fn.lambda === true,
      calls,
      stores: [...this.#stores.values()],
      returns: [...this.#returns.values()],
      loops,
      accesses: this.#expressions.accesses,
      comparisons: this.#expressions.comparisons,
      locals: [...this.#locals.values()],
      ...(this.#order.length > 0 && { order: this.#order }),
      incomplete: this.#incomplete || fn.madeByMacro === true,
      ...(fn.madeByMacro && { madeByMacro: true as const }),
    };
  }

  get #firstSelector(): number {
    return (this.fn.variants[0]?.params ?? []).length + 1 + this.aroundOf(this.fn).captures.length;
  }

  #variant(variant: FunctionVariant): void {
    if (variant.unparsable.length > 0) this.#incomplete = true;
    const cfg = buildCfg(variant.body);
    const { locals, escaped, assigned, flags, calls, chosenBy } = surveyLocals(variant.body);
    const events = new Map<number, CallEvent>();
    for (const { name, start } of calls) {
      const event = this.options.events?.eventOf(this.scope.calleeOf(name).name);
      if (event) events.set(start, event);
    }
    if ([...events.values()].every(({ isAuxiliary }) => isAuxiliary)) events.clear();
    this.#events = events;
    const hasResults = [...events.values()].some(({ hasResult }) => hasResult);
    this.#resultUses = hasResults ? resultUses(variant.body, new Set(locals.map(({ name }) => name)), (start) => events.get(start)?.hasResult === true) : NO_USES;
    const evaluator = new Evaluator(this.scope, this.fn, variant.params, locals, escaped, assigned, this.options.results, this.aroundOf(this.fn), (index) => {
      this.readsLambdas = true;
      const lambda = this.scope.unit.functions[index];
      return lambda ? this.aroundOf(lambda).captures : [];
    });
    noteSelectors(this.#selectors, chosenBy, variant.params, evaluator, this.options);
    if (this.#selectors.length > 0) evaluator.selectors = selectorValues(this.#selectors, this.#firstSelector);
    const flagSlots = flags.map((flag) => evaluator.slotOf(flag)).filter((slot) => slot >= 0);
    const slots = cfg.blocks.length > MAX_BLOCKS_IN_PARTITIONS ? [] : flagSlots;
    const places = statementPlaces(variant.body);
    localFacts({ locals, assigned }, evaluator, this.#locals, events.size === 0);
    const aftermath = aftermathOf(cfg, events);
    let conditional: ReadonlySet<BasicBlock> | undefined;
    const isConditional = (block: BasicBlock): boolean => (conditional ??= conditionalBlocks(cfg, ({ condition, subject }) => {
      const expr = condition ?? subject;
      const tested = expr ? evaluator.test(expr, ENTRY_ENV).value : UNKNOWN;
      return tested.kind === "param" && (subject !== undefined || this.options.watchedParams?.test(variant.params[tested.index]?.type.base ?? "") === true);
    })).has(block);
    const readsExpressions = this.#readsExpressions || events.size > 0;

    const fates = this.scope.unit.language === "cpp" ? fatesIn(variant.body) : undefined;

    const solution = solveForward<BasicBlock, State>(cfg.entry, {
      lattice: stateLattice,
      widen: widenStates,
      entry: [entryEnv(flagSlots)],
      transfer: (element, state) => mapState(state, slots, (env) => this.#transfer(element, env, evaluator)),
      flow: (edge, state) => {
        const { condition, subject, labels } = edge;
        if (condition) {
          const next = mapState(state, slots, (env) => evaluator.refine(condition, edge.kind === "true", env));
          return next.length > 0 ? next : undefined;
        }
        if (subject && labels) {
          const next = mapState(state, slots, (env) => evaluator.refineCase(subject, labels, edge.kind === "case", env));
          return next.length > 0 ? next : undefined;
        }
        return state;
      },
    });

    const ends = new Map<BasicBlock, State>();
    for (const block of cfg.blocks) {
      const states = solution.statesIn(block);
      if (!states) continue;
      const at: RecordContext = { block, cfg, evaluator, places, uncertain: solution.incomplete, aftermath, isConditional, fates };
      block.elements.forEach((element, index) => {
        const state = states[index]!;
        this.#record(element, index, state, at);
        if (readsExpressions) for (const env of state) this.#expressions.element(element, env, evaluator, events);
      });
      const end = states[block.elements.length]!;
      if (readsExpressions) for (const env of end) this.#expressions.end(block, env, evaluator, events);
      ends.set(block, end);
    }
    for (const ending of fates ? endingParams(variant.params, variant.body, evaluator, fates) : []) {
      this.#recordEnding(ending, [ENTRY_ENV], { evaluator, uncertain: false });
    }
    recordLoops(cfg, evaluator, solution, this.#loops);
    this.#recordOrder(callOrder(cfg, (block) => solution.into.has(block), (element) => element.kind === "call" && this.#isOrdered(element.expr.callee)));
    for (const use of fragmentUses(this.scope.unit.includes, this.fn, variant.body, cfg, (block) => ends.get(block))) this.#recordFragment(use, evaluator, variant);
  }

  // ---- transfer --------------------------------------------------------------------------------

  #transfer(element: Element, env: Env, evaluator: Evaluator): Env {
    switch (element.kind) {
      case "call": return happened(this.#afterCall(element.expr, env, evaluator), element.expr, this.#events);
      case "assign": {
        const { expr } = element;
        const value = expr.op === "=" ? evaluator.eval(expr.value, env) : expr.op === "+=" ? advanced(evaluator.eval(expr.target, env), evaluator.eval(expr.value, env)) : UNKNOWN;
        return assign(expr.target, value, env, evaluator);
      }
      case "update":
        return assign(element.expr.operand, stepped(evaluator.eval(element.expr.operand, env)), env, evaluator);
      case "declare":
        return declare(element.decl, env, evaluator);
      case "unread":
        return unreadable(env);
      case "delete": case "return":
        return env;
    }
  }

  #afterCall(call: CallExpr, env: Env, evaluator: Evaluator): Env {
    const callee = call.callee.kind === "name" ? call.callee.name : "";
    const assigned = this.scope.assignedByMacro(callee);
    // A macro from elsewhere may assign to the flags it is given; pointers are left alone, or nothing passed to a macro could be followed.
    const unseenMacro = !assigned && /^[A-Z][A-Z0-9_]*$/.test(callee);
    let after = env;
    let memory: Map<string, Value> | undefined;
    const forget = (key: string): boolean => (memory ??= new Map(env.memory)).delete(key);

    const values = evaluator.argumentsOf(call, env);
    for (const [index, arg] of call.args.entries()) {
      const value = values[index]!;
      if (arg.kind === "name" && (assigned?.has(index) || (unseenMacro && value.kind === "number"))) {
        const slot = evaluator.slotOf(arg.name);
        if (slot >= 0) after = withLocal(after, slot, UNKNOWN);
      }
      if (value.kind !== "address") continue;
      const root = value.of;
      const slot = root.kind === "local" ? evaluator.slotOf(root.name) : -1;
      if (slot >= 0 && after.locals[slot] !== UNKNOWN) after = withLocal(after, slot, UNKNOWN);
      if (env.memory.size === 0) continue;
      const prefix = V.keyOf(root);
      for (const key of env.memory.keys()) if (key === prefix || key.startsWith(`${prefix}.`)) forget(key);
    }
    // The callee may set flags kept in memory; which connection a field holds is taken to survive a call.
    for (const [key, { kind }] of env.memory) if (kind === "number" || kind === "test" || kind === "constant") forget(key);
    return memory ? { ...after, memory } : after;
  }

  // ---- recording -------------------------------------------------------------------------------

  #record(element: Element, index: number, state: State, at: RecordContext): void {
    const ending = at.fates && endingAt(element, at.evaluator, at.fates);
    if (ending) this.#recordEnding(ending, state, at);
    const { evaluator } = at;
    for (const decl of initialisedAt(element)) this.#recordAggregate(decl, state, evaluator);
    if (element.kind === "call") {
      for (const group of this.#callsIn(element.expr, state, evaluator)) this.#recordCall(element, index, group, at);
      return;
    }
    switch (element.kind) {
      case "assign":
        for (const env of state) this.#recordStore(element.expr.target, element.expr.value, element.expr.op, env, evaluator);
        return;
      case "update":
        for (const env of state) this.#recordStore(element.expr.operand, element.expr.operand, element.expr.op, env, evaluator);
        return;
      case "return":
        for (const [expr, env] of state.flatMap((one) => returnedOn(element.stmt.value, one, evaluator))) {
          const value = expr && evaluator.eval(expr, env);
          const set = value?.kind === "result" ? env.known.get(value.site) : undefined;
          const guard = guardOf(env);
          const uncertain = env.uncertain || at.uncertain;
          const results = [...env.known].filter(([site]) => this.#events.has(site)).map(([site, known]) => ({ site, set: known }));
          const key = `${element.stmt.span.start}:${results.map((one) => `${one.site}=${Sets.keyOf(one.set)}`).join(";")}:${value ? V.keyOf(value) : ""}:${set ? Sets.keyOf(set) : ""}:${env.may.join(",")}:${env.must.join(",")}:${env.may.length > 0 ? guardKey(guard) : ""}:${uncertain}`;
          const known = this.#returns.get(key);
          this.#returns.set(key, {
            span: element.stmt.span,
            guard: known ? uniteGuards(known.guard, guard) : guard,
            uncertain,
            before: env.may,
            ...(results.length > 0 && { known: results }),
            always: env.must,
            ...(value && { value }),
            ...(set && { set }),
          });
        }
        return;
      default:
        return;
    }
  }

  #recordAggregate(decl: VarDecl, state: State, evaluator: Evaluator): void {
    const [env] = merged(state);
    const aggregate = env && aggregateOf(decl, evaluator, env, this.fn.name);
    if (aggregate) this.aggregates.push(aggregate);
  }

  /** A call as the partitions of a state make it: those that agree in everything but their guard are one fact. */
  #callsIn(call: CallExpr, state: State, evaluator: Evaluator): readonly CallInState[] {
    const { callee } = call;
    const isName = this.#isName(callee, evaluator);
    const calls = state.map((env): CallInState => ({ args: evaluator.argumentsOf(call, env), target: isName ? undefined : evaluator.eval(callee, env), env }));
    if (calls.length === 1) return calls;
    const groups = new Map<string, CallInState>();
    for (const call of calls) {
      const key = `${call.args.map(V.keyOf).join(",")}@${call.target ? V.keyOf(call.target) : ""}`;
      const known = groups.get(key);
      groups.set(key, known ? { ...known, env: joinEnvs(known.env, call.env) } : call);
    }
    return [...groups.values()];
  }

  /** Whether a callee is a plain name of a function: not of a local, and not of a variable that holds a function pointer. */
  #isName(callee: Expr, evaluator: Evaluator): boolean {
    if (callee.kind !== "name") return false;
    if (callee.qualifier !== undefined) return true;
    if (evaluator.isLocal(callee.name)) return false;
    const { className } = evaluator.around;
    const member = className === undefined ? undefined : this.scope.memberOf(className, callee.name);
    if (member) return member === "method";
    return this.scope.isFunction(callee.name) || this.scope.variable(callee.name) === undefined;
  }

  #recordCall({ expr, stmt }: Extract<Element, { kind: "call" }>, index: number, { args, target, env }: CallInState, at: RecordContext): void {
    const { callee } = expr;
    const { start } = expr.span;
    const guard = guardOf(env);
    const uncertain = env.uncertain || at.uncertain;
    const key = `${start}:${args.map(V.keyOf).join(",")}:${guardKey(guard)}:${uncertain}`;
    const known = this.#calls.get(key);
    if (known) {
      this.#calls.set(key, { ...known, configurations: [known.configurations[0] + 1, known.configurations[1]] });
      return;
    }
    const called = this.#called(callee, target);
    // Property by property: there are more calls than anything else, and a literal with a dozen conditional spreads costs as much as the rest.
    const call = {} as { -readonly [K in keyof CallFact]: CallFact[K] };
    if (called) call.name = called.name;
    if (called?.viaMacro) call.viaMacro = called.viaMacro;
    if (called?.qualifier !== undefined) call.qualifier = called.qualifier;
    if (callee.kind === "name" && callee.typeArguments !== undefined && MAKES_OBJECT.test(callee.name)) call.makes = callee.typeArguments;
    if (target && !called) call.target = target;
    if (callee.kind === "member") call.receiver = this.#receiver(callee, env, at.evaluator);
    call.span = expr.span;
    call.calleeSpan = callee.span;
    call.args = expr.args.map((arg, i) => argumentOf(args[i] ?? UNKNOWN, arg.span, env));
    const contents = contentsOf(expr, args, env, at.evaluator);
    if (contents) call.contents = contents;
    call.guard = guard;
    call.uncertain = uncertain;
    call.assumes = env.assumes;
    call.equal = env.equal;
    call.site = this.#siteOf(expr, stmt, index, env, at, called?.name);
    if (this.#events.has(start)) call.flow = { before: env.may, always: env.must, ...(at.aftermath.get(start) ?? NOTHING_FOLLOWS), isConditional: at.isConditional(at.block) };
    else if (env.must.length > 0) call.behind = env.must;
    const resultUse = this.#resultUses.get(start);
    if (resultUse) call.resultUse = resultUse;
    call.configurations = [1, this.fn.variants.length];
    this.#calls.set(key, call);
  }

  /** The name that is called, if it is one; `target` is what a callee that is no name of a function evaluates to. */
  #called(callee: Expr, target: Value | undefined): { readonly name: string; readonly qualifier?: string; readonly viaMacro?: Span } | undefined {
    if (target || callee.kind !== "name") return this.#pointedTo(target);
    return callee.qualifier === undefined ? this.scope.calleeOf(callee.name) : { name: callee.name, qualifier: callee.qualifier };
  }

  #receiver({ object, field }: Extract<Expr, { kind: "member" }>, env: Env, evaluator: Evaluator): NonNullable<CallFact["receiver"]> {
    const type = evaluator.typeOf(object)?.base;
    const ref = this.scope.unit.language === "cpp" ? evaluator.typeRef(object) : undefined;
    return { value: evaluator.eval(object, env), field, ...(type !== undefined && { type }), ...(ref && { ref }) };
  }

  /** A call through a pointer whose one value is known is a call by name. */
  #pointedTo(target: Value | undefined): { readonly name: string; readonly qualifier?: string } | undefined {
    const isFunction = target?.kind === "entity" && !target.name.includes(".") && !this.scope.variable(target.name);
    if (!isFunction) return undefined;
    const at = target.name.lastIndexOf("::");
    return at < 0 ? { name: target.name } : { name: target.name.slice(at + 2), qualifier: target.name.slice(0, at) };
  }

  /** The end of an object's life: a call of what destroys it, without a name unless its type tells. */
  #recordEnding({ operand, how, span, stmt, deleter }: Ending, state: State, at: Pick<RecordContext, "evaluator" | "uncertain">): void {
    const ref = at.evaluator.typeRef(operand);
    if (!ref && deleter === undefined) return;
    const isName = deleter && this.#isName(deleter, at.evaluator);
    for (const env of state) {
      const target = deleter && !isName ? at.evaluator.eval(deleter, env) : undefined;
      const value = at.evaluator.eval(operand, env);
      const guard = guardOf(env);
      const uncertain = env.uncertain || at.uncertain;
      this.#calls.set(`${span.start}:~:${V.keyOf(value)}:${guardKey(guard)}:${uncertain}`, {
        ...(deleter === undefined ? ref && { receiver: { value, field: "~", ref } } : (this.#called(deleter, target) ?? { target: target ?? UNKNOWN })),
        destroys: how, span, calleeSpan: span, guard, uncertain,
        args: deleter === undefined ? [] : [{ value, span }],
        assumes: env.assumes,
        equal: env.equal,
        site: { statement: stmt.span, isStatement: false, needsBraces: true },
        configurations: [1, this.fn.variants.length],
      });
    }
  }

  #siteOf(expr: CallExpr, stmt: Stmt, index: number, env: Env, at: RecordContext, name: string | undefined): CallSite {
    const place = at.places.get(stmt);
    const after = name !== undefined && this.options.isEdited(name) ? returnsAfter(at.block, index, at.cfg.exit) : undefined;
    const site: { -readonly [K in keyof CallSite]: CallSite[K] } = { statement: stmt.span, isStatement: isCallStatement(stmt, expr), needsBraces: place?.needsBraces ?? true };
    const { next } = place ?? {};
    if (next) {
      site.next = {
        kind: next.kind === "return" || next.kind === "break" || next.kind === "goto" ? next.kind : "other",
        span: next.span,
        ...(next.kind === "return" && next.value && { value: at.evaluator.eval(next.value, env) }),
      };
    }
    if (after) site.leadsToReturn = this.#returnedValues(after, env, at);
    return site;
  }

  #returnedValues(after: NonNullable<ReturnType<typeof returnsAfter>>, env: Env, at: RecordContext): (Value | undefined)[] {
    const values: (Value | undefined)[] = after.returns.map(({ value }) => value && at.evaluator.eval(value, env));
    if (after.fallsOff) values.push(undefined);
    return values;
  }

  #recordStore(target: Expr, valueExpr: Expr, op: string, env: Env, evaluator: Evaluator): void {
    const place = evaluator.place(target, env);
    if (!place || (place.kind !== "field" && place.kind !== "entity" && place.kind !== "element" && place.kind !== "deref")) return;
    const value = op === "=" ? evaluator.eval(valueExpr, env) : UNKNOWN;
    const objectType = target.kind === "member" ? evaluator.typeOf(target.object)?.base : undefined;
    const isCpp = this.scope.unit.language === "cpp" && place.kind === "field";
    const objectRef = !isCpp ? undefined : target.kind === "member" ? evaluator.typeRef(target.object) : target.kind === "name" ? ({ kind: "this" } as const) : undefined;
    const guard = guardOf(env);
    const key = `${target.span.start}:${V.keyOf(place)}:${V.keyOf(value)}`;
    const known = this.#stores.get(key);
    this.#stores.set(key, {
      target: place,
      value,
      span: target.span,
      guard: known ? uniteGuards(known.guard, guard) : guard,
      ...(objectType !== undefined && { objectType }),
      ...(objectRef && { objectRef }),
    });
  }

  #isOrdered(callee: Expr): boolean {
    return callee.kind === "name" ? this.options.events?.isOrdered(this.scope.calleeOf(callee.name).name) === true : true;
  }

  /** Configurations that differ in nothing that is kept have one order. */
  #recordOrder(order: readonly OrderStep[] | undefined): void {
    if (order && !this.#order.some((known) => JSON.stringify(known) === JSON.stringify(order))) this.#order.push(order);
  }

  /** Including a fragment passes it every name that is in scope. */
  #recordFragment({ include, env, subject }: FragmentUse, evaluator: Evaluator, { params }: FunctionVariant): void {
    const names = [...params.map((param) => param.name), ...evaluator.localNames];
    const passes = Object.fromEntries([
      ...names.map((name) => [name, evaluator.nameValue(name, env)] as const),
      [SUBJECT, subject ? evaluator.eval(subject, env) : UNKNOWN] as const,
    ]);
    this.#calls.set(`${include.span.start}:include`, {
      name: fragmentName(include.path),
      passes,
      span: include.span,
      calleeSpan: include.span,
      args: [],
      guard: guardOf(env),
      uncertain: env.uncertain,
      assumes: env.assumes,
      equal: env.equal,
      site: { statement: include.span, isStatement: false, needsBraces: false },
      configurations: [1, 1],
    });
  }
}

/** In functions larger than this, paths are not kept apart by flags: a state for each of them costs more than it tells. */
const MAX_BLOCKS_IN_PARTITIONS = 200;

interface CallInState {
  readonly args: readonly Value[];
  /** What is called, unless it is a name of a function. */
  readonly target: Value | undefined;
  readonly env: Env;
}

interface RecordContext {
  /** C++. */
  readonly fates: Fates | undefined;
  readonly block: BasicBlock;
  readonly cfg: Cfg;
  readonly evaluator: Evaluator;
  readonly places: ReadonlyMap<Stmt, StatementPlace>;
  readonly uncertain: boolean;
  readonly aftermath: ReadonlyMap<number, Aftermath>;
  readonly isConditional: (block: BasicBlock) => boolean;
}

const MAKES_OBJECT = /^make_(?:unique|shared)$/;
const NO_EVENTS: EventSites = new Map();
const NO_USES: ReadonlyMap<number, ResultUse> = new Map();
const NOTHING_FOLLOWS: Aftermath = { mayFollow: [], mustFollow: [] };

function argumentOf(value: Value, span: Expr["span"], env: Env): Argument {
  const known = value.kind === "result" ? env.known.get(value.site) : undefined;
  return known && Sets.single(known) === 0 ? { value, span, isNull: true } : { value, span };
}

function withLoop(call: CallFact, loops: readonly LoopFact[]): CallFact {
  let innermost = -1;
  loops.forEach((loop, i) => {
    if (loop.span.start <= call.span.start && call.span.end <= loop.span.end) innermost = i;
  });
  return innermost < 0 ? call : { ...call, loop: innermost };
}
