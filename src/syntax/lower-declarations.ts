import type { CallExpr, Expr, TypeName, VarDecl } from "./ast.js";
import type { Lowering } from "./lower.js";
import { typeAsName } from "./type-name.js";

export const CPP_CASTS: ReadonlySet<string> = new Set(["static_cast", "reinterpret_cast", "const_cast", "dynamic_cast"]);

const emptyType: TypeName = { base: "", pointer: 0, array: [], isFunctionPointer: false };

/** The base of a type specifier node: `struct name`, or its words. */
export function typeBase(l: Lowering, node: number): string {
  const hinted = l.options.hints.types.get(l.start(node));
  if (hinted !== undefined) return hinted.base;
  const type = l.type(node);
  const keyword = type.endsWith("_specifier") ? type.slice(0, -"_specifier".length) : "";
  if (keyword === "struct" || keyword === "union" || keyword === "enum" || keyword === "class") {
    const name = l.field(node, "name");
    const body = keyword === "enum" ? undefined : l.field(node, "body");
    if (body === undefined) return name === undefined ? keyword : `${keyword} ${l.viewText(name)}`;
    const base = name === undefined ? `${keyword} @${l.span(body).start}` : `${keyword} ${l.viewText(name)}`;
    const fields = l.children(body).filter((child) => l.type(child) === "field_declaration").flatMap((child) => fieldsOf(l, child));
    l.options.onStruct({ name: base, fields, span: l.span(body) });
    return base;
  }
  const text = l.type(node) === "template_type" || l.type(node) === "qualified_identifier" ? withoutMasks(l, node) : l.viewText(node);
  // `unsigned long const` comes as one specifier.
  return type === "sized_type_specifier" ? text.replace(/ (?:const|volatile)\b/g, "") : text;
}

/** Text of a type as the parser saw it, with what a name was put in place of for it: `decltype(&f)` among template arguments. */
function withoutMasks(l: Lowering, node: number): string {
  const { types } = l.options.hints;
  if (types.size === 0) return l.viewText(node);
  const start = l.start(node);
  const text = l.options.view.slice(l.tree.start[node], l.tree.end[node]);
  return text.replace(/\bT_{3,}/g, (mask, at: number) => types.get(start + at)?.base ?? mask).replace(/\s+/g, " ").trim();
}

/** The members of one declaration in a struct. */
function fieldsOf(l: Lowering, node: number): { readonly name: string; readonly type: TypeName }[] {
  const type = l.field(node, "type");
  const base = type === undefined ? "" : typeBase(l, type);
  return l.fieldNodes(node, "declarator").flatMap((declarator) => {
    const { nameNode, pointer, array, isFunctionPointer, isFunction } = shapeOf(l, declarator);
    return nameNode === undefined || isFunction ? [] : [{ name: l.text(nameNode), type: { base, pointer, array, isFunctionPointer } }];
  });
}

interface Shape {
  readonly nameNode: number | undefined;
  readonly pointer: number;
  readonly array: readonly (Expr | undefined)[];
  readonly isFunctionPointer: boolean;
  readonly isFunction: boolean;
  readonly isReference: boolean;
}

/** Follows a declarator, also an abstract one, down to its name. */
function shapeOf(l: Lowering, declarator: number | undefined): Shape {
  let node = declarator;
  let pointer = 0;
  let isFunctionPointer = false;
  let isFunction = false;
  let isReference = false;
  const array: (Expr | undefined)[] = [];
  while (node !== undefined) {
    const type = l.type(node);
    if (type === "pointer_declarator" || type === "abstract_pointer_declarator") {
      if (isFunction) {
        isFunctionPointer = true;
        isFunction = false;
      } else if (!isFunctionPointer) pointer++;
    } else if (type === "array_declarator" || type === "abstract_array_declarator") {
      const size = l.field(node, "size");
      array.unshift(size === undefined || l.type(size) === "*" ? undefined : l.expr(size));
    } else if (type === "reference_declarator" || type === "abstract_reference_declarator") isReference = true;
    else if (type === "function_declarator" || type === "abstract_function_declarator") isFunction = true;
    else if (type === "identifier" || type === "type_identifier" || type === "field_identifier" || type === "qualified_identifier") {
      return { nameNode: node, pointer, array, isFunctionPointer, isFunction, isReference };
    }
    const inner: number | undefined = l.field(node, "declarator") ?? l.children(node).find((child) => /declarator$|identifier$/.test(l.type(child)));
    node = inner;
  }
  return { nameNode: undefined, pointer, array, isFunctionPointer, isFunction, isReference };
}

/** A type as it stands in a cast or in `sizeof`. */
export function lowerTypeDescriptor(l: Lowering, node: number | undefined): TypeName {
  if (node === undefined) return emptyType;
  if (l.type(node) !== "type_descriptor") return { ...emptyType, base: typeBase(l, node) };
  const type = l.field(node, "type");
  const shape = shapeOf(l, l.field(node, "declarator"));
  const hinted = type === undefined ? undefined : l.options.hints.types.get(l.start(type));
  return {
    base: type === undefined ? "" : typeBase(l, type),
    pointer: shape.pointer + (hinted?.pointer ?? 0),
    array: shape.array,
    isFunctionPointer: shape.isFunctionPointer || shape.isFunction,
  };
}

/** Variables of a declaration; functions that it declares are left out. */
export function lowerVariables(l: Lowering, node: number): VarDecl[] {
  const type = l.field(node, "type");
  const base = type === undefined ? "" : typeBase(l, type);
  const hinted = type === undefined ? undefined : l.options.hints.types.get(l.start(type));
  let isStatic = false;
  let isExtern = false;
  for (const child of l.children(node)) {
    if (l.type(child) !== "storage_class_specifier") continue;
    const word = l.text(child);
    isStatic ||= word === "static";
    isExtern ||= word === "extern";
  }
  const variables: VarDecl[] = [];
  for (const declarator of l.fieldNodes(node, "declarator")) {
    const isInit = l.type(declarator) === "init_declarator";
    const inner = isInit ? l.field(declarator, "declarator") : declarator;
    const value = isInit ? l.field(declarator, "value") : l.field(node, "value") ?? l.field(node, "default_value");
    const shape = shapeOf(l, inner);
    const built = constructorArguments(l, isInit ? value : inner, base);
    if (shape.nameNode === undefined || (shape.isFunction && !built)) continue;
    variables.push({
      kind: "var",
      name: l.text(shape.nameNode),
      nameSpan: l.span(shape.nameNode),
      type: { base, pointer: shape.pointer + (hinted?.pointer ?? 0), array: shape.array, isFunctionPointer: shape.isFunctionPointer, ...(shape.isReference && { isReference: true as const }) },
      isStatic,
      isExtern,
      ...(built ? { init: built } : value === undefined ? {} : { init: l.expr(value) }),
      span: l.span(declarator),
    });
  }
  return variables;
}

/**
 * The call of a constructor that `T x(a, f(b));` is in C++. The grammar takes it for a prototype when the arguments are names and calls with names; in
 * the body of a function it hardly ever is one.
 */
function constructorArguments(l: Lowering, node: number | undefined, type: string): CallExpr | undefined {
  if (l.options.language !== "cpp" || node === undefined) return undefined;
  const isList = l.type(node) === "argument_list";
  const list = isList ? node : l.type(node) === "function_declarator" ? l.field(node, "parameters") : undefined;
  if (list === undefined) return undefined;
  const args = isList ? l.children(list).map((child) => l.expr(child)) : argumentsMisread(l, list);
  if (args === undefined || (!isList && args.length === 0)) return undefined;
  return { kind: "call", callee: typeAsName(type, l.span(node)), args, argsSpan: l.span(list), span: l.span(node) };
}

/** The arguments that a list of parameters is; `undefined` where some of them cannot be one. */
function argumentsMisread(l: Lowering, list: number): readonly Expr[] | undefined {
  const args = l.children(list).map((child) => (l.type(child) === "parameter_declaration" ? argumentMisread(l, child) : undefined));
  return args.every((arg) => arg !== undefined) ? args : undefined;
}

/** A parameter that is one name, and not that of a type, or such a name with arguments: `f(b)` reads as a function of `b` that returns `f`. */
function argumentMisread(l: Lowering, node: number): Expr | undefined {
  const [name, declarator, ...others] = l.children(node);
  if (name === undefined || others.length > 0 || !/^(?:type_identifier|qualified_identifier|template_type)$/.test(l.type(name)) || l.options.typeNames.has(l.text(name))) return undefined;
  const callee = typeAsName(l.text(name), l.span(name));
  const template = l.type(name) === "template_type" ? l.field(name, "arguments") : undefined;
  if (declarator === undefined) return l.type(name) === "template_type" ? undefined : callee;
  const [list, ...more] = l.type(declarator) === "abstract_function_declarator" ? l.children(declarator) : [];
  const args = list !== undefined && more.length === 0 ? argumentsMisread(l, list) : undefined;
  if (list === undefined || args === undefined) return undefined;
  const span = l.span(node);
  const [operand] = args;
  if (template !== undefined && operand && CPP_CASTS.has(callee.name)) return { kind: "cast", type: lowerTypeDescriptor(l, l.children(template)[0]), operand, span };
  const typeArguments = /<(.*)>$/s.exec(l.text(name))?.[1]?.trim();
  return { kind: "call", callee: { ...callee, ...(typeArguments !== undefined && { typeArguments }) }, args, argsSpan: l.span(list), span };
}
