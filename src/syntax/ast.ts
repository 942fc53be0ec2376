/**
 * The syntax tree that everything above the front end works on: plain records, the same for C and C++,
 * with no trace of the parser that made them. Every span is in offsets of the file's text, also where
 * the parser saw a rewritten view of it.
 */
import type { Span } from "../source/span.js";

export type Language = "c" | "cpp";

interface Node {
  readonly span: Span;
}

// ---- expressions -------------------------------------------------------------------------------

export interface NameExpr extends Node {
  readonly kind: "name";
  /** Without qualification; `qualifier` holds what stood before the last `::` in C++. */
  readonly name: string;
  readonly qualifier?: string;
  /** C++: explicit template arguments, as written. */
  readonly typeArguments?: string;
}
export interface NumberExpr extends Node {
  readonly kind: "number";
  /** `undefined` for floats and for literals that cannot be read. */
  readonly value: number | undefined;
}
export interface StringExpr extends Node {
  readonly kind: "string";
  /** Decoded content of all adjacent literals, escapes resolved where they are simple. */
  readonly value: string;
  /** Set when a macro takes part, as in `"%" PRIu64`: `value` then lacks its text. */
  readonly hasMacro?: true;
}
export interface CharExpr extends Node {
  readonly kind: "char";
  readonly value: number | undefined;
}
export interface CallExpr extends Node {
  readonly kind: "call";
  readonly callee: Expr;
  readonly args: readonly Expr[];
  /** Span from the opening to the closing parenthesis of the argument list, both included. */
  readonly argsSpan: Span;
}
export interface MemberExpr extends Node {
  readonly kind: "member";
  readonly object: Expr;
  readonly field: string;
  readonly arrow: boolean;
}
export interface IndexExpr extends Node {
  readonly kind: "index";
  readonly object: Expr;
  readonly index: Expr;
}
export interface UnaryExpr extends Node {
  readonly kind: "unary";
  /** `&` and `*` are address-of and dereference. */
  readonly op: "&" | "*" | "!" | "-" | "+" | "~";
  readonly operand: Expr;
}
export interface UpdateExpr extends Node {
  readonly kind: "update";
  readonly op: "++" | "--";
  readonly prefix: boolean;
  readonly operand: Expr;
}
export interface BinaryExpr extends Node {
  readonly kind: "binary";
  /** `&&` and `||` are binary too. */
  readonly op: string;
  readonly left: Expr;
  readonly right: Expr;
}
export interface AssignExpr extends Node {
  readonly kind: "assign";
  /** `=`, `+=`, … */
  readonly op: string;
  readonly target: Expr;
  readonly value: Expr;
}
export interface ConditionalExpr extends Node {
  readonly kind: "conditional";
  readonly condition: Expr;
  /** Absent in GNU `a ?: b`. */
  readonly whenTrue?: Expr;
  readonly whenFalse: Expr;
}
export interface CastExpr extends Node {
  readonly kind: "cast";
  readonly type: TypeName;
  readonly operand: Expr;
}
export interface CommaExpr extends Node {
  readonly kind: "comma";
  readonly left: Expr;
  readonly right: Expr;
}
export interface SizeofExpr extends Node {
  readonly kind: "sizeof";
  readonly type?: TypeName;
  readonly operand?: Expr;
}
/** `{ a, .b = c, [d] = e }` wherever it stands. */
export interface InitializerList extends Node {
  readonly kind: "initializer";
  readonly items: readonly InitializerItem[];
}
export interface InitializerItem extends Node {
  readonly designators: readonly Designator[];
  readonly value: Expr;
}
export type Designator =
  | { readonly kind: "field"; readonly name: string; readonly span: Span }
  | { readonly kind: "index"; readonly index: Expr; readonly span: Span };
/** `(struct x){ … }`. */
export interface CompoundLiteral extends Node {
  readonly kind: "compound-literal";
  /** C++ `T{ a, b }`, which makes an object like `T(a, b)`. */
  readonly isConstruction?: true;
  readonly type: TypeName;
  readonly initializer: InitializerList;
}
/** GNU `({ … })`. */
export interface StatementExpr extends Node {
  readonly kind: "statement-expr";
  readonly body: CompoundStmt;
}
/** C++ lambda; its body is a function of its own. */
export interface LambdaExpr extends Node {
  readonly kind: "lambda";
  /** Index into `TranslationUnit.functions`. */
  readonly functionIndex: number;
  readonly captures: string;
}
/** C++ `new T(args)` and `delete e`. */
export interface NewExpr extends Node {
  readonly kind: "new";
  readonly type: TypeName;
  readonly args: readonly Expr[];
}
export interface DeleteExpr extends Node {
  readonly kind: "delete";
  readonly operand: Expr;
}
/** A type used as a macro argument, as in `lws_container_of(p, struct x, member)`. */
export interface TypeExpr extends Node {
  readonly kind: "type";
  readonly type: TypeName;
}
/** Something the front end could not read as an expression; `parts` is what could be read inside it. */
export interface UnknownExpr extends Node {
  readonly kind: "unknown";
  readonly parts: readonly Expr[];
}

export type Expr =
  | NameExpr | NumberExpr | StringExpr | CharExpr | CallExpr | MemberExpr | IndexExpr | UnaryExpr | UpdateExpr
  | BinaryExpr | AssignExpr | ConditionalExpr | CastExpr | CommaExpr | SizeofExpr | InitializerList
  | CompoundLiteral | StatementExpr | LambdaExpr | NewExpr | DeleteExpr | TypeExpr | UnknownExpr;

// ---- types and declarations --------------------------------------------------------------------

/** As much of a type as the analysis asks for. */
export interface TypeName {
  /** Base type without qualifiers and storage classes, white space normalised: `struct lws_protocols`, `unsigned char`. */
  readonly base: string;
  readonly pointer: number;
  /** One entry per array dimension, `undefined` where no size is given. */
  readonly array: readonly (Expr | undefined)[];
  readonly isFunctionPointer: boolean;
  /** C++ `T &` and `T &&`. */
  readonly isReference?: true;
}

export interface VarDecl extends Node {
  readonly kind: "var";
  readonly name: string;
  readonly nameSpan: Span;
  readonly type: TypeName;
  readonly isStatic: boolean;
  readonly isExtern: boolean;
  readonly init?: Expr;
  /** C++ class, with its namespaces, that the variable is a member of. */
  readonly className?: string;
}

export interface Param {
  /** Empty for an unnamed parameter. */
  readonly name: string;
  readonly type: TypeName;
  readonly span: Span;
}

// ---- statements --------------------------------------------------------------------------------

export interface CompoundStmt extends Node {
  readonly kind: "compound";
  readonly body: readonly Stmt[];
}
export interface ExprStmt extends Node {
  readonly kind: "expr";
  readonly expr: Expr;
}
export interface DeclStmt extends Node {
  readonly kind: "decl";
  readonly vars: readonly VarDecl[];
}
export interface IfStmt extends Node {
  readonly kind: "if";
  /** C++17 `if (init; cond)`. */
  readonly init?: Stmt;
  readonly condition: Expr;
  readonly then: Stmt;
  readonly otherwise?: Stmt;
}
export interface SwitchStmt extends Node {
  readonly kind: "switch";
  readonly init?: Stmt;
  readonly subject: Expr;
  readonly body: Stmt;
}
/** `case a:` or GNU `case a ... b:`. The labelled statement is the next one in the enclosing list. */
export interface CaseStmt extends Node {
  readonly kind: "case";
  readonly value: Expr;
  readonly high?: Expr;
}
export interface DefaultStmt extends Node {
  readonly kind: "default";
}
export interface WhileStmt extends Node {
  readonly kind: "while";
  readonly condition: Expr;
  readonly body: Stmt;
}
export interface DoStmt extends Node {
  readonly kind: "do";
  readonly body: Stmt;
  readonly condition: Expr;
}
export interface ForStmt extends Node {
  readonly kind: "for";
  readonly init?: Stmt;
  readonly condition?: Expr;
  readonly update?: Expr;
  readonly body: Stmt;
}
/** A loop whose header says nothing to the analysis: an iteration macro, C++ range-for. Runs zero or more times. */
export interface ForEachStmt extends Node {
  readonly kind: "foreach";
  /** The loop variable, when the header names one. */
  readonly variable?: VarDecl;
  readonly args: readonly Expr[];
  readonly body: Stmt;
}
export interface ReturnStmt extends Node {
  readonly kind: "return";
  readonly value?: Expr;
}
export interface BreakStmt extends Node {
  readonly kind: "break";
}
export interface ContinueStmt extends Node {
  readonly kind: "continue";
}
export interface GotoStmt extends Node {
  readonly kind: "goto";
  /** `undefined` for GNU computed goto. */
  readonly label: string | undefined;
}
/** `name:`. The labelled statement is the next one in the enclosing list. */
export interface LabelStmt extends Node {
  readonly kind: "label";
  readonly label: string;
}
export interface EmptyStmt extends Node {
  readonly kind: "empty";
}
/** C++ `try { } catch (…) { }`. */
export interface TryStmt extends Node {
  readonly kind: "try";
  readonly body: Stmt;
  readonly handlers: readonly Stmt[];
}
/** A region the front end could not read; what could be read inside it, in order. */
export interface UnknownStmt extends Node {
  readonly kind: "unknown-stmt";
  readonly parts: readonly (Stmt | Expr)[];
}

export type Stmt =
  | CompoundStmt | ExprStmt | DeclStmt | IfStmt | SwitchStmt | CaseStmt | DefaultStmt | WhileStmt | DoStmt | ForStmt
  | ForEachStmt | ReturnStmt | BreakStmt | ContinueStmt | GotoStmt | LabelStmt | EmptyStmt | TryStmt | UnknownStmt;

// ---- the unit ----------------------------------------------------------------------------------

/** One consistent choice of conditional branches, and the body it leaves. */
export interface FunctionVariant {
  /** In words, for notes: `with WITH_TLS, without WITH_IPV6`; empty when nothing is conditional. */
  readonly configuration: string;
  readonly params: readonly Param[];
  readonly body: CompoundStmt;
  /** Regions the parser could not read, outermost only. */
  readonly unparsable: readonly Span[];
}

export interface FunctionDef extends Node {
  readonly name: string;
  readonly nameSpan: Span;
  /** C++: namespaces and class, joined by `::`, without the name. */
  readonly qualifier?: string;
  /**
   * C++: the class, with its namespaces, that it is a member of. A definition outside of a class body that names one (`void C::m()`) may as
   * well stand for a function of a namespace: only who sees all files can tell.
   */
  readonly className?: string;
  readonly isVirtual?: true;
  readonly isStatic: boolean;
  readonly returnType: TypeName;
  /** The same function under each configuration that changes its text; never empty. */
  readonly variants: readonly FunctionVariant[];
  /** Set for a function-like macro whose replacement list reads as statements or as an expression. */
  readonly macro?: true;
  /** A macro of the file makes all of it: what stands in it has the place of that macro's definition or of its arguments. */
  readonly madeByMacro?: true;
  /** C++ lambda, written inside another function. */
  readonly lambda?: true;
}

/** A declaration of a function without a body. */
export interface Prototype extends Node {
  readonly name: string;
  /** C++: namespaces and class, joined by `::`. */
  readonly qualifier?: string;
  /** C++: the class it is declared in, with its namespaces. */
  readonly className?: string;
  readonly isVirtual?: true;
  readonly isStatic: boolean;
  readonly returnType: TypeName;
  readonly params: readonly Param[];
}

/** `#define NAME replacement` without parameters. */
export interface ObjectMacro extends Node {
  readonly name: string;
  /** Replacement list with comments and splices removed and white space normalised. */
  readonly text: string;
  /** The replacement as an expression, where it reads as one. */
  readonly value?: Expr;
  readonly nameSpan: Span;
}

export interface EnumConstant extends Node {
  readonly name: string;
  /** Absent where the enum gives none. */
  readonly value?: Expr;
  /** The constant before it in the same enum: its value is that one's plus one when `value` is absent. */
  readonly previous?: string;
}

export interface Include extends Node {
  readonly path: string;
  readonly system: boolean;
  /** Include depth in braces: a fragment included inside a function body has a depth above zero. */
  readonly insideFunction?: string;
}

export interface Comment extends Node {
  /** Without the delimiters. */
  readonly text: string;
  readonly style: "line" | "block";
}

/** A top-level region that could not be read as a declaration. */
export interface UnreadRegion extends Node {
  readonly reason: string;
}

export interface StructDef extends Node {
  /** `struct pss`, or a typedef's name. */
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly type: TypeName }[];
}

/** A class, struct or union of C++; its methods are among the functions and prototypes. */
export interface ClassDef {
  /** With its namespaces and outer classes, joined by `::`. */
  readonly name: string;
  /** As written, without template arguments. */
  readonly bases: readonly string[];
  readonly fields: readonly { readonly name: string; readonly type: TypeName; readonly isStatic: boolean }[];
}

export interface TranslationUnit {
  readonly path: string;
  readonly language: Language;
  readonly functions: readonly FunctionDef[];
  readonly prototypes: readonly Prototype[];
  /** Variables at file scope, in every configuration (one entry per distinct text). */
  readonly variables: readonly VarDecl[];
  readonly structs: readonly StructDef[];
  readonly classes: readonly ClassDef[];
  readonly typedefs: readonly { readonly name: string; readonly type: TypeName }[];
  readonly enumConstants: readonly EnumConstant[];
  readonly objectMacros: readonly ObjectMacro[];
  readonly includes: readonly Include[];
  readonly comments: readonly Comment[];
  readonly coverage: Coverage;
}

/** What of the file was understood; the numbers behind `--stats` and `--strict-coverage`. */
export interface Coverage {
  /** Distinct configurations parsed, summed over the items of the file; at least 1. */
  readonly configurations: number;
  readonly functions: number;
  /** Functions with an unparsable region in any configuration. */
  readonly incompleteFunctions: readonly { readonly name: string; readonly span: Span; readonly where: readonly Span[] }[];
  readonly unreadRegions: readonly UnreadRegion[];
  /** A size or effort limit that cut something short, in words; empty normally. */
  readonly limits: readonly string[];
}
