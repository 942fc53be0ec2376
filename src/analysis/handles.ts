/** Finds how objects of certain types can be spelled: variables that point to one, and members of variables that do. */
import type { TranslationUnit, TypeName, VarDecl } from "../syntax/ast.js";
import type { HandleFact } from "./facts.js";
import type { UnitScope } from "./unit-scope.js";

/** In the order of the file; those of parameters and of variables at the top of a body say in which function they can be used. */
export function handlesOf(unit: TranslationUnit, scope: UnitScope, wanted: RegExp): HandleFact[] {
  const found: HandleFact[] = [];
  const note = (name: string, type: TypeName, declared: number, within?: HandleFact["within"]): void => {
    const resolved = scope.resolveType(type);
    if (resolved.array.length > 0 || resolved.isFunctionPointer || name === "") return;
    const add = (text: string): unknown => found.push({ text, root: name, declared, ...(within && { within }) });
    if (resolved.pointer === 1 && wanted.test(resolved.base)) add(name);
    if (resolved.pointer > 1) return;
    for (const field of scope.fieldNames(resolved.base)) {
      const member = scope.fieldType(resolved.base, field);
      const pointee = member && scope.resolveType(member);
      if (pointee?.pointer === 1 && pointee.array.length === 0 && wanted.test(pointee.base)) add(`${name}${resolved.pointer === 1 ? "->" : "."}${field}`);
    }
  };

  for (const variable of unit.variables) if (variable.className === undefined) note(variable.name, variable.type, variable.span.end);
  for (const fn of unit.functions) {
    if (fn.macro) continue;
    for (const { params, body } of fn.variants) {
      for (const param of params) note(param.name, param.type, fn.span.start, fn.span);
      for (const stmt of body.body) {
        if (stmt.kind !== "decl") continue;
        for (const decl of stmt.vars) if (hasValue(decl)) note(decl.name, decl.type, decl.span.end, fn.span);
      }
    }
  }
  return found;
}

/** Whether a local variable holds something from where it stands: an object of its own would not be the one that is wanted. */
const hasValue = (decl: VarDecl): boolean => decl.init !== undefined && decl.init.kind !== "initializer" && !decl.isExtern;
