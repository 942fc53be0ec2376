/**
 * What the local phase keeps of a file: plain data, made from that file's text alone. Offsets are UTF-16 offsets of the
 * file's text.
 */
import type { Span } from "../source/span.js";
import type { Coverage, Comment, Include, Language } from "../syntax/ast.js";
import type { Signedness } from "./arithmetic-type.js";
import type { Assumption } from "./assumptions.js";
import type { CallFlow } from "./call-events.js";
import type { Content, MemberSelector } from "./contents.js";
import type { OrderStep } from "./call-order.js";
import type { ResultUse } from "./result-uses.js";
import type { TypeRef } from "./type-ref.js";
import type { Value } from "./value.js";
import type { ValueSet } from "./value-set.js";

/** Under which values of a parameter (as it was on entry) a place is reached. Parameters that are not listed do not matter. */
export type Guard = readonly { readonly param: number; readonly set: ValueSet }[];

/** What surrounds a call, as far as a fix needs it. */
export interface CallSite {
  /** The whole statement with its semicolon. */
  readonly statement: Span;
  /** Whether the statement is nothing but the call (possibly cast to `void`). */
  readonly isStatement: boolean;
  /** Whether the statement stands alone as the body of `if`, `else`, `while` …, so that it cannot become two statements. */
  readonly needsBraces: boolean;
  /** What directly follows the statement in the same list. */
  readonly next?: { readonly kind: "return" | "break" | "goto" | "other"; readonly span: Span; readonly value?: Value };
  /** Every path from the call leads to a return with no further effect on the way: the values returned, `undefined` for `return;`. */
  readonly leadsToReturn?: readonly (Value | undefined)[];
}

export interface Argument {
  readonly value: Value;
  readonly span: Span;
  /** Branches on the way have found the call that it is the result of to have given null. */
  readonly isNull?: true;
}

/** How the life of an object ends: by `delete`, with its scope, or because another value takes its place. */
export type Destruction = "deleted" | "scope" | "replaced";

export interface CallFact {
  /** The name called, after object-like macros of the file; `undefined` for calls through a value. */
  readonly name?: string;
  /** For `Class::f` and `ns::f`: what stands before the last `::`. */
  readonly qualifier?: string;
  /** C++: the type that `make_unique<T>()` and `make_shared<T>()` make. */
  readonly makes?: string;
  /** For an include inside a function: the values of the names that the fragment may use; `name` is then `fragmentName`. */
  readonly passes?: Readonly<Record<string, Value>>;
  /** What is called, for calls through a value. */
  readonly target?: Value;
  /** `object` of `object.f()` or `object->f()`, with its base type where the file tells. */
  readonly receiver?: { readonly value: Value; readonly field: string; readonly type?: string; readonly ref?: TypeRef };
  /** The end of an object's life: no call as the file has it. */
  readonly destroys?: Destruction;
  readonly span: Span;
  readonly calleeSpan: Span;
  readonly args: readonly Argument[];
  /** What is in members of structs that arguments point to, where parameters of the function are among it. */
  readonly contents?: readonly Content[];
  readonly guard: Guard;
  /** Reached through a region that could not be read, or after the solver gave up: nothing may be concluded from the guard. */
  readonly uncertain: boolean;
  /** What the branches taken on the way to the call say about the run. */
  readonly assumes: readonly Assumption[];
  /** Pairs of values found equal on the way, the first one from a table. */
  readonly equal: readonly (readonly [Value, Value])[];
  /** Definition of the object-like macro the name came from. */
  readonly viaMacro?: Span;
  readonly site: CallSite;
  /** Index into `FunctionFacts.loops` of the innermost loop around the call. */
  readonly loop?: number;
  /** For watched calls: how it stands to the function's other watched calls. */
  readonly flow?: CallFlow;
  /** For watched calls whose result is to be looked at: what is done with it instead. */
  readonly resultUse?: ResultUse;
  /** For other calls: the watched calls that lie behind it on every path. */
  readonly behind?: readonly number[];
  /** How many configurations of the function contain the call, of how many. */
  readonly configurations: readonly [number, number];
}

/** An assignment to something other functions can see: a field, a global, an element. Also initialisers of such things. */
export interface StoreFact {
  /** `field`, `entity`, `element` or `deref`. */
  readonly target: Value;
  readonly value: Value;
  /** Base type of the object whose field is assigned, where the file tells: `struct lws_protocols`. */
  readonly objectType?: string;
  readonly objectRef?: TypeRef;
  readonly span: Span;
  readonly guard: Guard;
}

export interface ReturnFact {
  /** Absent for `return;`. */
  readonly value?: Value;
  /** What the result of a call that is returned can be here, after the branches taken; absent where they say nothing. */
  readonly set?: ValueSet;
  readonly span: Span;
  readonly guard: Guard;
  /** Reached through a region that could not be read. */
  readonly uncertain: boolean;
  /** Watched calls that lie behind it on some path, and on every path, by their start. */
  readonly before: readonly number[];
  readonly always: readonly number[];
  /** What the branches taken say about the results of watched calls, by their start; absent where they say nothing. */
  readonly known?: readonly { readonly site: number; readonly set: ValueSet }[];
}

/** A pointer that is followed: `p->f`, `p[i]`, `*p`. */
export interface AccessFact {
  readonly pointer: Value;
  /** What the pointer points to, where the file tells: `struct pss`, `struct pss*`. */
  readonly type?: string;
  /** Of `p->f`. */
  readonly field?: string;
  /** Type of the watched record that the pointer was cast from, so that its memory is read under another type. */
  readonly castFrom?: string;
  readonly span: Span;
  readonly guard: Guard;
  /** Only the address of an array behind it is taken, or a reference is bound: no memory is read. */
  readonly isAddress?: true;
  /** No branch on the way has excluded that the pointer is null. */
  readonly mayBeNull: boolean;
  readonly uncertain: boolean;
}

/** A comparison with the result of a watched call; written with the result on the left. */
export interface ComparisonFact {
  readonly result: Value;
  readonly resultSpan: Span;
  readonly resultType: Signedness;
  /** Whether the branches taken leave the result a number below 0. */
  readonly mayBeNegative: boolean;
  readonly op: string;
  readonly other: Value;
  readonly otherSpan: Span;
  readonly otherType: Signedness;
  readonly span: Span;
  readonly guard: Guard;
}

export interface FieldShape {
  readonly name: string;
  /** With the file's typedefs undone. */
  readonly type: string;
  readonly pointer: number;
  /** One entry per dimension; `null` where the length is not known. */
  readonly array: readonly (number | null)[];
}

export interface VariableFact extends FieldShape {
  readonly isStatic: boolean;
  readonly isExtern: boolean;
  readonly isInitialized: boolean;
  /** Its function assigns to it as a whole somewhere. */
  readonly isAssigned: boolean;
  /** Of the name. */
  readonly span: Span;
}

/** A struct as one file defines it, fields in order. */
export interface RecordFact {
  /** `struct pss`, or a typedef's name. */
  readonly name: string;
  readonly fields: readonly FieldShape[];
}

export interface LoopFact {
  readonly span: Span;
  /** What the loop tests, taken apart at `&&`: it goes on while each value is in its set. Also `if (x) break;` in its body. */
  readonly continuesWhile: readonly { readonly value: Value; readonly set: ValueSet; readonly span: Span }[];
  /** Names of the functions called in the condition and the body, nested loops included. */
  readonly calls: readonly string[];
  /** Global variables and fields the body assigns. */
  readonly assigns: readonly string[];
  readonly guard: Guard;
  readonly uncertain: boolean;
}

export interface ParamFact {
  readonly name: string;
  readonly type: string;
  readonly pointer: number;
  readonly isFunctionPointer: boolean;
}

export interface FunctionFacts {
  readonly name: string;
  readonly qualifier?: string;
  /** C++: the class it belongs to, with its namespaces; for a lambda that of the function it is written in. */
  readonly className?: string;
  readonly isVirtual?: true;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly isStatic: boolean;
  readonly returnsVoid: boolean;
  readonly returnType: string;
  /** Those behind the declared ones are `this` and, in a lambda, what it captures. */
  readonly params: readonly ParamFact[];
  /** Members of structs that parameters point to which count as parameters, too, from the index `first` on. */
  readonly selectors?: { readonly first: number; readonly members: readonly MemberSelector[] };
  readonly isMacro: boolean;
  readonly isLambda: boolean;
  readonly calls: readonly CallFact[];
  readonly stores: readonly StoreFact[];
  readonly returns: readonly ReturnFact[];
  readonly loops: readonly LoopFact[];
  /** Followed pointers that come from parameters (of functions with a watched parameter) or go to watched records. */
  readonly accesses: readonly AccessFact[];
  readonly comparisons: readonly ComparisonFact[];
  /** Local arrays and structs, of functions with watched calls. */
  readonly locals: readonly VariableFact[];
  /** In which order it makes calls, one graph for each configuration that differs; absent where no call may matter. */
  readonly order?: readonly (readonly OrderStep[])[];
  /** Its text is not to be edited: a region of it could not be read in some configuration, or a macro makes it. */
  readonly incomplete: boolean;
  /** A macro makes all of it, where `nameSpan` is; its calls stand in the definition of that macro. */
  readonly madeByMacro?: true;
}

/** One aggregate initialiser of a file-scope or local variable, taken apart. */
export interface AggregateFact {
  readonly variable: string;
  /** Element type without array: `struct lws_protocols`. */
  readonly type: string;
  readonly isArray: boolean;
  /** Number of elements an array is declared with; `null` where it cannot be told, absent where the initialiser says it. */
  readonly length?: number | null;
  readonly span: Span;
  /** For arrays one entry per element in order; for a struct a single one. */
  readonly rows: readonly AggregateRow[];
  /** Function the variable is local to. */
  readonly inFunction?: string;
}

export interface AggregateRow {
  readonly span: Span;
  /** Index in the array, from a designator or by counting; absent where a designator cannot be read. */
  readonly index?: number;
  /** By position, or by designator where there is one; `of` is the struct among the members that it is a member of, where that is one. */
  readonly fields: readonly { readonly position?: number; readonly name?: string; readonly of?: string; readonly value: Value; readonly span: Span }[];
}

/** An expression that denotes an object of a type the caller asked for. */
export interface HandleFact {
  readonly text: string;
  /** The variable it begins with. */
  readonly root: string;
  /** From here on it can be used. */
  readonly declared: number;
  /** The function outside of which it means nothing; absent at file scope. */
  readonly within?: Span;
}

/** A class of C++ as one file declares it. */
export interface ClassFact {
  readonly name: string;
  readonly bases: readonly string[];
  readonly fields: readonly { readonly name: string; readonly type: string }[];
  readonly methods: readonly { readonly name: string; readonly params: number; readonly returnType: string }[];
}

export interface FileFacts {
  readonly path: string;
  readonly language: Language;
  readonly functions: readonly FunctionFacts[];
  readonly aggregates: readonly AggregateFact[];
  /** File-scope variables initialised with one value that may be a function. */
  readonly functionPointers: readonly { readonly name: string; readonly value: Value }[];
  readonly classes: readonly ClassFact[];
  /** Structs with their members in order, for initialisers in other files, sizes and offsets. */
  readonly records: readonly RecordFact[];
  /** Variables at file scope that are arrays or structs, or pointers to watched records. */
  readonly variables: readonly VariableFact[];
  /** What type names stand for; in C those of structs only. */
  readonly aliases: readonly { readonly name: string; readonly type: string }[];
  /** C++: of variables at file scope and of functions, what has a class that a call may go through. */
  readonly types: readonly { readonly name: string; readonly type: string }[];
  readonly prototypes: readonly { readonly name: string; readonly params: readonly string[]; readonly span: Span }[];
  readonly includes: readonly Include[];
  readonly comments: readonly Comment[];
  readonly coverage: Coverage;
  /** Names of constants used that begin with a prefix the caller asked for, with where they stand. */
  readonly constantUses: readonly { readonly name: string; readonly span: Span; readonly function?: string; readonly inMacro: boolean }[];
  /** How objects of the types that the caller asked for can be spelled. */
  readonly handles: readonly HandleFact[];
  /** Names defined by the file's own enums and object-like macros. */
  readonly definedNames: readonly string[];
}
