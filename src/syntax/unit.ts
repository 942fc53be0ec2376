import { SourceFile } from "../source/source-file.js";
import type { Span } from "../source/span.js";
import type {
  ClassDef, CompoundStmt, EnumConstant, Expr, FunctionDef, FunctionVariant, Include, Language, ObjectMacro, Param, Prototype, Stmt, StructDef, TranslationUnit, TypeName,
  UnreadRegion, VarDecl,
} from "./ast.js";
import { ActiveTokens, conditionalTree, cover, type ConditionalTree } from "./conditionals.js";
import { describeAssignment, Effort, noAssignment } from "./conditions.js";
import { readDeclaration, readParams, typeOf, type Declarator, type Declaration, type Range } from "./declarations.js";
import { parseBlock, parseDimensions, parseExpression, parseStatementList, type FragmentContext, type Parsed } from "./fragments.js";
import { constructorDeclarator, firstWords, functionDeclarator, isVirtual } from "./function-header.js";
import { Expander, makesItems, relocated, type Expansion } from "./expansion.js";
import { splitItems, type FoundItem, type SplitResult } from "./items.js";
import type { Item, Scope } from "./item-scanner.js";
import { lex, type Lexed } from "./lexer.js";
import type { LambdaSource } from "./lower.js";
import { loopMacros, readDirectives } from "./macros.js";
import { pastingMacros } from "./pasted.js";
import { openedStructs, type OpenedStruct } from "./opened-by-macro.js";
import { Stream } from "./stream.js";
import { isSpecifierKeyword, T } from "./token.js";

/** A macro that begins a variable's initializer, as `INFO("x", type_t) .a = b, };` does. */
export interface InitializerMacro {
  readonly type: string;
  /** The variable's name is this and the text of the macro's last argument. */
  readonly namePrefix: string;
}

/** What is known of a function before its body is parsed. */
export interface FunctionHeader {
  readonly name: string;
  readonly span: Span;
}

export interface UnitOptions {
  /** Bodies of other functions are left empty, unread; default: all are parsed. */
  readonly wants?: (header: FunctionHeader) => boolean;
  /** Macros that open initializers, by name; others take their last argument as the variable's name. */
  readonly initializerMacros?: ReadonlyMap<string, InitializerMacro>;
  /** Names of types that other text declares. */
  readonly typeNames?: ReadonlySet<string>;
  /** Nothing is read without the parser: tests compare what comes out. */
  readonly isParserOnly?: boolean;
}

/** Function definitions while their variants are collected. */
interface FunctionDraft {
  definition: Omit<FunctionDef, "variants">;
  readonly variants: DraftVariant[];
  readonly seen: Set<string>;
}

interface DraftVariant {
  readonly variant: FunctionVariant;
  readonly tokens: readonly number[];
}

/**
 * Drops configurations that nobody builds: what does not parse, and has no token that is not in a
 * configuration that does, is a combination of branches that leaves a hole, as in `if (` `#ifdef A` …
 * `#endif` `#ifdef B` … `#endif` `)` with neither A nor B.
 */
function possibleVariants(drafts: readonly DraftVariant[]): readonly FunctionVariant[] {
  const clean = drafts.filter(({ variant }) => variant.unparsable.length === 0);
  if (clean.length === 0 || clean.length === drafts.length) return drafts.map(({ variant }) => variant);
  const known = new Set(clean.flatMap(({ tokens }) => tokens));
  return drafts.filter(({ variant, tokens }) => variant.unparsable.length === 0 || tokens.some((token) => !known.has(token))).map(({ variant }) => variant);
}

/** Tokens of an item that is expanded as a whole. */
const EXPANDED_LIMIT = 5_000;

/** Structs inside of structs. */
const TAG_DEPTH_LIMIT = 20;

export class UnitBuilder {
  readonly #file: SourceFile;
  readonly #language: Language;
  readonly #options: UnitOptions;
  readonly #lexed: Lexed;
  readonly #tree: ConditionalTree;
  readonly #split: SplitResult;
  readonly #functions: (FunctionDef | FunctionDraft)[] = [];
  readonly #drafts = new Map<string, FunctionDraft>();
  readonly #prototypes = new Map<string, Prototype>();
  readonly #variables = new Map<string, VarDecl>();
  readonly #structs = new Map<string, StructDef>();
  readonly #classes = new Map<string, { readonly name: string; readonly bases: readonly string[]; readonly fields: Map<string, ClassDef["fields"][number]> }>();
  readonly #typedefs = new Map<string, { readonly name: string; readonly type: TypeName }>();
  readonly #enumConstants = new Map<string, EnumConstant>();
  readonly #unread: UnreadRegion[] = [];
  readonly #limits: Set<string>;
  readonly #context: FragmentContext;
  readonly #expander: Expander;

  constructor(file: SourceFile, language: Language, options: UnitOptions) {
    this.#file = file;
    this.#language = language;
    this.#options = options;
    this.#lexed = lex(file.text, language);
    this.#tree = conditionalTree(this.#lexed, language);
    this.#split = splitItems(this.#lexed.tokens, this.#tree, language);
    this.#expander = new Expander(file.text, this.#lexed, language);
    this.#limits = new Set(this.#split.limits);
    if (this.#tree.isTooDeep) this.#limits.add("Conditional groups nested too deeply were read as one text.");
    this.#context = {
      language,
      source: file.text,
      typeNames: new Set(options.typeNames),
      macros: { loops: loopMacros(file.text, this.#lexed), pasting: pastingMacros(file.text, this.#lexed) },
      onLambda: (lambda) => this.#addLambda(lambda),
      onStruct: (struct) => void this.#structs.set(`${struct.name}@${struct.span.start}`, struct),
      onLimit: (message) => void this.#limits.add(message),
      isParserOnly: options.isParserOnly === true,
    };
  }

  build(): TranslationUnit {
    const directives = readDirectives(this.#file.text, this.#lexed, this.#tree.dead, this.#context);
    this.#readTypes();
    for (const { name, bases, outer } of this.#split.classes) this.#classOf(qualified([...outer, { name }]), bases);
    const opened = openedStructs(this.#lexed.tokens, this.#split.items, this.#split.strayBraces);
    const taken = new Set(opened.flatMap((struct) => struct.fields));
    for (const struct of opened) this.#addOpenedStruct(struct);
    for (const found of this.#split.items) {
      if (taken.has(found.item)) continue;
      if (found.item.kind === "function") this.#addFunction(found);
      else if (this.#addExpanded(found.item)) continue;
      else if (found.item.kind === "declaration") this.#addDeclaration(found.item, found.item.scopes);
      else if (found.item.kind === "junk") this.#addUnread(found.item, "no declaration");
    }
    const closing = new Set(opened.map((struct) => struct.brace));
    for (const token of new Set(this.#split.strayBraces)) {
      if (closing.has(token)) continue;
      const { start, end } = this.#lexed.tokens;
      this.#unread.push({ reason: "closing brace without an opening one", span: { start: start[token]!, end: end[token]! } });
    }
    this.#blameStrayBraces(closing);
    const functions = [...this.#functions.map((entry) => ("seen" in entry ? { ...entry.definition, variants: possibleVariants(entry.variants) } : entry)), ...directives.functions];
    const written = functions.filter((definition) => definition.macro === undefined && definition.lambda === undefined);
    return {
      path: this.#file.path,
      language: this.#language,
      functions,
      prototypes: [...this.#prototypes.values()],
      variables: [...this.#variables.values()],
      structs: [...this.#structs.values()],
      classes: [...this.#classes.values()].map((one) => ({ ...one, fields: [...one.fields.values()] })),
      typedefs: [...this.#typedefs.values()],
      enumConstants: [...this.#enumConstants.values()],
      objectMacros: directives.objectMacros,
      includes: directives.includes.map((include) => withFunction(include, written)),
      comments: this.#lexed.comments,
      coverage: {
        configurations: this.#split.configurations,
        functions: written.length,
        incompleteFunctions: written.flatMap((definition) => {
          const where = definition.variants.flatMap((variant) => variant.unparsable);
          return where.length === 0 ? [] : [{ name: definition.name, span: definition.span, where }];
        }),
        unreadRegions: this.#unread,
        limits: [...this.#limits],
      },
    };
  }

  /** A function that an extra brace ended too early: what follows up to the brace belongs to it. */
  #blameStrayBraces(explained: ReadonlySet<number>): void {
    const { start, end, text } = this.#lexed.tokens;
    const drafts = [...this.#drafts.values()];
    for (const token of new Set(this.#split.strayBraces)) {
      if (explained.has(token)) continue;
      const at = start[token]!;
      const owner = drafts.findLast((draft) => draft.definition.span.end <= at);
      if (owner === undefined) continue;
      const from = owner.definition.span.end;
      // Something at the left margin in between is a declaration of its own.
      if (/^(?![\s}#/]|\w+:)./m.test(text.slice(text.indexOf("\n", from) + 1, at))) continue;
      const region = { start: from, end: end[token]! };
      owner.definition = { ...owner.definition, span: { start: owner.definition.span.start, end: region.end } };
      for (const [i, { variant, tokens }] of owner.variants.entries()) {
        owner.variants[i] = { variant: { ...variant, unparsable: [...variant.unparsable, region] }, tokens };
      }
    }
  }

  /** The file as a list of statements, under each configuration of its conditional groups. */
  buildFragment(): readonly FunctionVariant[] {
    const { tokens } = this.#lexed;
    const effort = new Effort(20_000);
    const { assignments } = cover(this.#tree.groups, 0, tokens.count, noAssignment, 16, effort);
    return assignments.flatMap((assignment) => {
      const walk = new ActiveTokens(this.#tree.groups, 0, tokens.count, assignment, effort);
      const active: number[] = [];
      for (let token = walk.next(); token >= 0; token = walk.next()) active.push(token);
      if (active.length === 0) return [];
      const { node, unparsable } = parseStatementList(this.#context, new Stream(tokens, Int32Array.from(active)));
      return [{ configuration: describeAssignment(walk.assignment, noAssignment), params: [], body: node, unparsable }];
    });
  }

  #stream(item: Item): Stream {
    const { tokens } = item;
    const first = tokens[0]!;
    const isRun = tokens.at(-1)! - first === tokens.length - 1;
    return isRun ? new Stream(this.#lexed.tokens, first, tokens.length) : new Stream(this.#lexed.tokens, Int32Array.from(tokens));
  }

  /** Type names first: they decide how expressions read. */
  #readTypes(): void {
    const names = this.#context.typeNames as Set<string>;
    for (const { item } of this.#split.items) {
      if (item.kind !== "declaration" || this.#lexed.tokens.kind[item.tokens[0]!] !== T.Typedef) continue;
      const s = this.#stream(item);
      for (const declarator of readDeclaration(s, 0, s.length).declarators) names.add(declarator.name);
    }
  }

  #classOf(name: string, bases: readonly string[] = []): { readonly fields: Map<string, ClassDef["fields"][number]> } {
    let found = this.#classes.get(name);
    if (found === undefined) this.#classes.set(name, (found = { name, bases, fields: new Map() }));
    return found;
  }

  #addUnread(item: Item, reason: string): void {
    const s = this.#stream(item);
    this.#unread.push({ reason, span: { start: s.start(0), end: s.end(s.length - 1) } });
  }

  #addFunction({ item, configuration }: FoundItem): void {
    const s = this.#stream(item);
    const written = readDeclaration(s, 0, item.open);
    const constructed = constructorDeclarator(s, item);
    const plain = constructed ?? functionDeclarator(s, written, item.open);
    if (plain === undefined) {
      this.#addUnread(item, "no function name in front of a body");
      return;
    }
    const made = constructed ? undefined : this.#expandedHeader(s, plain, item.open);
    const { declaration, declarator } = made ?? { declaration: written, declarator: plain };
    const isClosed = item.close < s.length;
    const to = isClosed ? item.close + 1 : s.length;
    const span = { start: s.start(0), end: s.end(to - 1) };
    const isWanted = this.#options.wants?.({ name: declarator.name, span }) !== false;
    const key = `${declarator.name}@${s.start(item.open)}`;
    const known = this.#drafts.get(key);
    const fingerprint = configuration === "" ? "" : item.tokens.join(",");
    if (known?.seen.has(fingerprint)) return;
    const params = made?.params ?? this.#params(s, declarator, item.open);
    const { node: block, unparsable } = isWanted ? parseBlock(this.#context, s, item.open, to, isClosed) : emptyBlock(s, item.open, to);
    const initializers = constructed === undefined || !isWanted ? [] : this.#memberInitializers(s, constructed.params!.to + 1, item.open);
    const [first] = initializers;
    const body = first === undefined ? block : { ...block, body: [...initializers, ...block.body], span: { start: first.span.start, end: block.span.end } };
    const variant: FunctionVariant = { configuration, params, body, unparsable };
    if (known !== undefined) {
      known.seen.add(fingerprint);
      known.variants.push({ variant, tokens: item.tokens });
      // Where braces stand in branches, the function does not end at the same place in each variant.
      const { span: other } = known.definition;
      known.definition = { ...known.definition, span: { start: Math.min(other.start, span.start), end: Math.max(other.end, span.end) } };
      return;
    }
    const qualifier = qualified([...item.scopes, { name: declarator.qualifier }]);
    const isMember = declarator.qualifier !== "" || item.scopes.at(-1)?.isClass === true;
    const isFriend = isMember && firstWords(s, written).includes("friend");
    const draft: FunctionDraft = {
      definition: {
        name: declarator.name,
        nameSpan: made?.nameSpan ?? { start: s.start(declarator.nameIndex), end: s.end(declarator.nameIndex) },
        ...(qualifier === "" ? {} : { qualifier }),
        ...(isMember && !isFriend && qualifier !== "" ? { className: qualifier } : {}),
        ...(isVirtual(s, written, item.open) ? { isVirtual: true as const } : {}),
        isStatic: declaration.specifiers.isStatic,
        returnType: typeOf(declaration.specifiers, declarator),
        span,
      },
      variants: [{ variant, tokens: item.tokens }],
      seen: new Set([fingerprint]),
    };
    this.#drafts.set(key, draft);
    this.#functions.push(draft);
  }

  /** The header of a function that a macro of the file makes, all of it or its parameters: `HANDLER(open) {`, `int f(ARGS) {`. */
  #expandedHeader(s: Stream, { name, params }: Declarator, open: number): MadeHeader | undefined {
    const isMade = this.#expander.isFunctionLike(name) ||
      (params !== undefined && s.parts(params.from, params.to).some(({ from, to }) => to === from + 1 && s.kind(from) === T.Identifier && this.#expander.isList(s.text(from))));
    const expansion = isMade ? this.#expander.expand(s, 0, open) : undefined;
    if (expansion === undefined) return undefined;
    const { tokens } = lex(expansion.text, this.#language);
    const header = new Stream(tokens, 0, tokens.count);
    const declaration = readDeclaration(header, 0, header.length);
    const declarator = functionDeclarator(header, declaration, header.length);
    if (declarator?.params === undefined || declarator.nameIndex < 0) return undefined;
    return {
      declaration,
      declarator,
      params: relocated(readParams(header, declarator.params), expansion.origin, 0),
      nameSpan: expansion.origin({ start: header.start(declarator.nameIndex), end: header.end(declarator.nameIndex) }),
    };
  }

  /** What macros of the file make of an item: whole functions, tables with their rows. Gives whether there was anything of the kind. */
  #addExpanded(item: Item): boolean {
    if (this.#expander.isEmpty || item.kind === "junk" || item.scopes.some(({ isClass }) => isClass)) return false;
    const s = this.#stream(item);
    if (s.length > EXPANDED_LIMIT || !makesItems(s, this.#expander)) return false;
    const expansion = this.#expander.expand(s, 0, s.length);
    if (expansion === undefined) return false;
    const before = item.scopes.map(({ name }) => (name === "" ? "" : `namespace ${name} { `)).join("");
    const after = item.scopes.map(({ name }) => (name === "" ? "" : "}")).join("");
    const text = before + expansion.text + after;
    const origin: Expansion["origin"] = ({ start, end }) => expansion.origin({ start: start - before.length, end: end - before.length });
    const made = new UnitBuilder(new SourceFile(this.#file.path, text), this.#language, { ...this.#options, typeNames: this.#context.typeNames }).build();
    if (made.functions.length + made.variables.length === 0 || made.coverage.unreadRegions.length > 0 || made.coverage.incompleteFunctions.length > 0) return false;
    const at = (node: Span): string => `${origin(node).start}`;
    const span = { start: s.start(0), end: s.end(s.length - 1) };
    const firstLambda = this.#functions.length;
    for (const fn of made.functions) this.#functions.push({ ...relocated(fn, origin, firstLambda), span, madeByMacro: true });
    for (const one of made.variables) this.#variables.set(`${at(one.nameSpan)}:${one.name}`, relocated(one, origin, firstLambda));
    for (const one of made.prototypes) this.#prototypes.set(`${one.name}@${at(one.span)}`, relocated(one, origin, firstLambda));
    return true;
  }

  /** What stands between the parameters of a constructor and its body, as assignments to fields and calls of the constructors of bases. */
  #memberInitializers(s: Stream, from: number, open: number): Stmt[] {
    let at = from;
    while (at < open && s.kind(at) !== T.Colon) at++;
    return s.parts(at + 1, open).flatMap(({ from: start, to }): Stmt[] => {
      let bracket = start;
      while (bracket < to && s.kind(bracket) !== T.LParen && s.kind(bracket) !== T.LBrace) bracket++;
      const close = s.close(bracket, to);
      if (bracket >= to || bracket === start || close >= to) return [];
      const args = s.parts(bracket + 1, close);
      const span = { start: s.start(start), end: s.end(close) };
      const name = s.text(start);
      const nameSpan = { start: s.start(start), end: s.end(bracket - 1) };
      const isField = bracket === start + 1 && args.length === 1 && !/^[A-Z]\w*[^_]$/.test(name);
      const values = args.map((range) => parseExpression(this.#context, s, range).node);
      const target: Expr = { kind: "member", object: { kind: "name", name: "this", span: nameSpan }, field: name, arrow: true, span: nameSpan };
      const callee: Expr = { kind: "name", name, span: nameSpan };
      const expr: Expr = isField
        ? { kind: "assign", op: "=", target, value: values[0]!, span }
        : { kind: "call", callee, args: values, argsSpan: { start: s.start(bracket), end: s.end(close) }, span };
      return [{ kind: "expr", expr, span }];
    });
  }

  /** Parameters; those of a K&R definition take their types from the declarations before the body. */
  #params(s: Stream, declarator: Declarator, open: number): Param[] {
    if (declarator.params === undefined) return [];
    const params = readParams(s, declarator.params);
    const close = declarator.params.to;
    if (s.kind(open - 1) !== T.Semicolon) return params;
    const types = new Map<string, TypeName>();
    for (let from = close + 1; from < open; ) {
      let to = from;
      while (to < open && s.kind(to) !== T.Semicolon) to++;
      const { specifiers, declarators } = readDeclaration(s, from, to);
      for (const inner of declarators) types.set(inner.name, typeOf(specifiers, inner, inner.arrays.map(() => undefined)));
      from = to + 1;
    }
    return params.map((param) => {
      // A lone name reads as a type first.
      const name = param.name || param.type.base;
      return { ...param, name, type: types.get(name) ?? { base: "int", pointer: 0, array: [], isFunctionPointer: false } };
    });
  }

  #addLambda(lambda: LambdaSource): number {
    let params: Param[] = [];
    if (lambda.params !== undefined) {
      const { tokens } = lex(this.#file.text, this.#language, { from: lambda.params.start + 1, to: Math.max(lambda.params.start + 1, lambda.params.end - 1) });
      params = readParams(new Stream(tokens, 0, tokens.count), { from: 0, to: tokens.count });
    }
    this.#functions.push({
      name: "",
      nameSpan: { start: lambda.span.start, end: lambda.span.start },
      isStatic: true,
      returnType: { base: "auto", pointer: 0, array: [], isFunctionPointer: false },
      variants: [{ configuration: "", params, body: lambda.body, unparsable: [] }],
      lambda: true,
      span: lambda.span,
    });
    return this.#functions.length - 1;
  }

  #addOpenedStruct(struct: OpenedStruct): void {
    const { start, end } = this.#lexed.tokens;
    const fields = struct.fields.flatMap((item, index) => {
      const s = this.#stream(item);
      const { specifiers, declarators } = readDeclaration(s, index === 0 ? 1 : 0, s.length - 1);
      return declarators.map((declarator) => ({ name: declarator.name, type: typeOf(specifiers, declarator, parseDimensions(this.#context, s, declarator.arrays)) }));
    });
    const span = { start: start[struct.fields[0]!.tokens[0]!]!, end: end[struct.nameToken]! };
    this.#structs.set(`${struct.name}@${span.start}`, { name: struct.name, fields, span });
    this.#typedefs.set(struct.name, { name: struct.name, type: { base: "struct", pointer: 0, array: [], isFunctionPointer: false } });
    (this.#context.typeNames as Set<string>).add(struct.name);
  }

  /** `INFO("x", type_t) .a = b, };` */
  #addOpenedVariable(s: Stream, macro: number, close: number): void {
    const last = s.parts(macro + 2, close).at(-1);
    if (last === undefined || last.from >= last.to) return;
    const known = this.#options.initializerMacros?.get(s.text(macro));
    let end = s.length;
    while (end > close && s.kind(end - 1) !== T.RBrace) end--;
    if (end <= close + 2) return;
    const init = parseExpression(this.#context, s, { from: close + 1, to: end }, true);
    const nameSpan = { start: s.start(last.from), end: s.end(last.to - 1) };
    const name = (known?.namePrefix ?? "") + s.text(last.to - 1);
    this.#variables.set(`${nameSpan.start}:${name}`, {
      kind: "var", name, nameSpan, type: { base: known?.type ?? s.text(macro), pointer: 0, array: [], isFunctionPointer: false },
      isStatic: s.kind(0) === T.Static, isExtern: false, init: init.node, span: { start: s.start(0), end: s.end(end - 1) },
    });
  }

  #addDeclaration(item: Item, scopes: readonly Scope[]): void {
    const s = this.#stream(item);
    const className = scopes.at(-1)?.isClass === true ? qualified(scopes) : undefined;
    let macro = 0;
    while (isSpecifierKeyword(s.kind(macro))) macro++;
    const macroClose = s.kind(macro) === T.Identifier && s.kind(macro + 1) === T.LParen ? s.close(macro + 1) : -1;
    if (macroClose > 0 && s.kind(macroClose + 1) === T.Dot) {
      this.#addOpenedVariable(s, macro, macroClose);
      return;
    }
    const end = s.kind(s.length - 1) === T.Semicolon ? s.length - 1 : s.length;
    const first = s.kind(0);
    if (first === T.Using && s.kind(1) === T.Identifier && s.kind(2) === T.Assign) {
      const { specifiers, declarators } = readDeclaration(s, 3, end, true);
      this.#typedefs.set(s.text(1), { name: s.text(1), type: typeOf(specifiers, declarators[0]) });
      return;
    }
    if (first === T.StaticAssert || first === T.Using || first === T.Asm || first === T.Access) return;
    const declaration = readDeclaration(s, 0, end);
    const { specifiers } = declaration;
    this.#addTag(s, declaration, end);
    for (const declarator of declaration.declarators) {
      const span = { start: s.start(declarator.from), end: s.end(Math.max(declarator.from, declarator.to - 1)) };
      if (specifiers.isTypedef) {
        const array = parseDimensions(this.#context, s, declarator.arrays);
        const type = typeOf(specifiers, declarator, array);
        const isCallable = declarator.params !== undefined;
        this.#typedefs.set(declarator.name, { name: declarator.name, type: isCallable ? { ...type, isFunctionPointer: true } : type });
      } else if (declarator.params !== undefined) this.#addPrototype(s, declaration, declarator, scopes, className);
      else this.#addVariable(s, declaration, declarator, span, className);
    }
  }

  #addPrototype(s: Stream, declaration: Declaration, declarator: Declarator, scopes: readonly Scope[], className: string | undefined): void {
    const { specifiers } = declaration;
    // `MACRO(x);` reads as a declaration of a function without a type.
    if (specifiers.base === "" && specifiers.end === 0) return;
    const span = { start: s.start(0), end: s.end(s.length - 1) };
    const key = `${declarator.name}@${s.start(declarator.nameIndex)}`;
    if (this.#prototypes.has(key) || declarator.params === undefined) return;
    const qualifier = qualified([...scopes, { name: declarator.qualifier }]);
    const isFriend = className !== undefined && firstWords(s, declaration).includes("friend");
    this.#prototypes.set(key, {
      name: declarator.name,
      ...(qualifier === "" ? {} : { qualifier }),
      ...(className === undefined || isFriend ? {} : { className }),
      ...(isVirtual(s, declaration, s.length) ? { isVirtual: true as const } : {}),
      isStatic: specifiers.isStatic,
      returnType: typeOf(specifiers, declarator),
      params: readParams(s, declarator.params),
      span,
    });
  }

  #addVariable(s: Stream, { specifiers }: Declaration, declarator: Declarator, span: Span, className: string | undefined): void {
    if (specifiers.base === "" && declarator.init === undefined) return;
    const nameSpan = { start: s.start(declarator.nameIndex), end: s.end(declarator.nameIndex) };
    const key = `${nameSpan.start}:${s.phrase(declarator.from, declarator.to)}`;
    if (this.#variables.has(key)) return;
    const init = declarator.init === undefined || declarator.init.from >= declarator.init.to ? undefined : this.#initializer(s, declarator.init);
    for (const region of init?.unparsable ?? []) this.#unread.push({ reason: `initializer of ${declarator.name}`, span: region });
    const type = typeOf(specifiers, declarator, parseDimensions(this.#context, s, declarator.arrays));
    if (className !== undefined) this.#classOf(className).fields.set(declarator.name, { name: declarator.name, type, isStatic: specifiers.isStatic });
    this.#variables.set(key, {
      kind: "var",
      name: declarator.name,
      nameSpan,
      ...(className === undefined ? {} : { className }),
      type,
      isStatic: specifiers.isStatic,
      isExtern: specifiers.isExtern,
      ...(init === undefined ? {} : { init: init.node }),
      span,
    });
  }

  /** Long tables of nothing but literals, as files made into source code are, are kept without their contents: nobody asks for them. */
  #initializer(s: Stream, range: Range): Parsed<Expr> {
    if (range.to - range.from < PLAIN_DATA_MIN || !isPlainData(s, range)) return parseExpression(this.#context, s, range);
    return { node: { kind: "initializer", items: [], span: { start: s.start(range.from), end: s.end(range.to - 1) } }, unparsable: [] };
  }

  /** Fields of a struct or union, constants of an enum; a struct inside of another one as well. */
  #addTag(s: Stream, { specifiers, declarators }: Declaration, end: number, depth = 0): void {
    const { body } = specifiers;
    if (body === undefined || depth > TAG_DEPTH_LIMIT) return;
    const close = Math.min(body.close, end);
    if (body.keyword === T.Enum) {
      this.#addEnum(s, body.open + 1, close);
      return;
    }
    const fields: { name: string; type: TypeName }[] = [];
    for (let from = body.open + 1; from < close; ) {
      let to = from;
      while (to < close && s.kind(to) !== T.Semicolon) {
        const kind = s.kind(to);
        to = kind === T.LBrace || kind === T.LParen || kind === T.LBracket ? s.close(to, close) + 1 : to + 1;
      }
      to = Math.min(to, close);
      const field = readDeclaration(s, from, to);
      this.#addTag(s, field, to, depth + 1);
      for (const declarator of field.declarators) {
        const isMethod = declarator.params !== undefined;
        if (isMethod) continue;
        fields.push({ name: declarator.name, type: typeOf(field.specifiers, declarator, parseDimensions(this.#context, s, declarator.arrays)) });
      }
      from = to + 1;
    }
    const names = body.name === "" && specifiers.isTypedef ? declarators.map((declarator) => declarator.name) : [specifiers.base];
    const span = { start: s.start(body.open), end: s.end(Math.min(body.close, s.length - 1)) };
    for (const name of names) {
      const key = `${name}@${span.start}`;
      const known = this.#structs.get(key);
      const merged = known === undefined ? fields : [...known.fields, ...fields.filter((field) => !known.fields.some((other) => other.name === field.name))];
      this.#structs.set(key, { name, fields: merged, span });
    }
  }

  #addEnum(s: Stream, from: number, to: number): void {
    let previous: string | undefined;
    for (const part of s.parts(from, to)) {
      // Macros around a constant are skipped: the constant is the name before `=` or the part's end.
      if (part.from >= part.to || s.kind(part.from) !== T.Identifier) continue;
      const name = s.text(part.from);
      let assign = part.from + 1;
      while (assign < part.to && s.kind(assign) !== T.Assign) assign++;
      const value = assign + 1 < part.to ? parseExpression(this.#context, s, { from: assign + 1, to: part.to }).node : undefined;
      const span = { start: s.start(part.from), end: s.end(part.to - 1) };
      const key = `${name}@${span.start}`;
      if (!this.#enumConstants.has(key)) {
        this.#enumConstants.set(key, { name, ...(value === undefined ? {} : { value }), ...(previous === undefined ? {} : { previous }), span });
      }
      previous = name;
    }
  }
}

const emptyBlock = (s: Stream, from: number, to: number): Parsed<CompoundStmt> => ({
  node: { kind: "compound", body: [], span: { start: s.start(from), end: s.end(to - 1) } }, unparsable: [],
});

interface MadeHeader {
  readonly declaration: Declaration;
  readonly declarator: Declarator;
  readonly params: Param[];
  readonly nameSpan: Span;
}

/** Names of scopes, joined; unnamed ones are left out. */
const qualified = (scopes: readonly { readonly name: string }[]): string =>
  scopes.map(({ name }) => name).filter((name) => name !== "").join("::");

/** Tokens from which on a table of literals counts as data. */
const PLAIN_DATA_MIN = 64;

/** Whether tokens are a list in braces of numbers, characters, strings and further such lists. */
function isPlainData(s: Stream, { from, to }: Range): boolean {
  if (s.kind(from) !== T.LBrace) return false;
  let depth = 0;
  let isValueNext = true;
  for (let i = from; i < to; i++) {
    switch (s.kind(i)) {
      case T.LBrace:
        if (!isValueNext) return false;
        depth++;
        break;
      case T.RBrace:
        if (--depth === 0) return i === to - 1;
        isValueNext = false;
        break;
      case T.Comma:
        if (isValueNext) return false;
        isValueNext = true;
        break;
      case T.Minus: case T.Plus: case T.Tilde:
        if (!isValueNext || s.kind(i + 1) !== T.Number) return false;
        break;
      case T.Number: case T.Char:
        if (!isValueNext) return false;
        isValueNext = false;
        break;
      case T.String:
        if (!isValueNext && s.kind(i - 1) !== T.String) return false;
        isValueNext = false;
        break;
      default:
        return false;
    }
  }
  return false;
}

function withFunction(include: Include, functions: readonly FunctionDef[]): Include {
  const around = functions.find((definition) => definition.span.start < include.span.start && include.span.end < definition.span.end);
  return around === undefined ? include : { ...include, insideFunction: around.name };
}

export type { ObjectMacro };
