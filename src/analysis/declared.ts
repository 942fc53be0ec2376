/** Layouts and variables as a file declares them: what rules compare sizes, offsets and initial values with. */
import type { TranslationUnit, TypeName, VarDecl } from "../syntax/ast.js";
import type { Evaluator } from "./evaluate.js";
import type { ClassFact, RecordFact, VariableFact } from "./facts.js";
import { ENTRY_ENV } from "./state.js";
import type { Survey } from "./survey.js";
import type { UnitScope } from "./unit-scope.js";

export function variableFact(decl: VarDecl, evaluator: Evaluator, isAssigned: boolean): VariableFact {
  const type = evaluator.scope.resolveType(decl.type);
  return {
    name: decl.name,
    type: type.base,
    pointer: type.pointer,
    array: lengths(type, evaluator),
    isStatic: decl.isStatic,
    isExtern: decl.isExtern,
    isInitialized: decl.init !== undefined,
    isAssigned,
    span: decl.nameSpan,
  };
}

/** Local arrays and structs of a function; scalars and pointers are told by the values they hold. */
export function localFacts({ locals, assigned }: Pick<Survey, "locals" | "assigned">, evaluator: Evaluator, known: Map<number, VariableFact>, onlyArrays: boolean): void {
  for (const decl of locals) {
    if (known.has(decl.nameSpan.start)) continue;
    const fact = variableFact(decl, evaluator, assigned.has(decl.name));
    const isObject = fact.array.length > 0 || (!onlyArrays && fact.pointer === 0 && !decl.type.isFunctionPointer);
    if (isObject) known.set(decl.nameSpan.start, fact);
  }
}

export function recordFacts(scope: UnitScope, evaluator: Evaluator): readonly RecordFact[] {
  const { structs, classes } = scope.unit;
  // A struct without a name of its own cannot be meant elsewhere; what a class inherits is told by other classes.
  const named = [...structs.filter(({ name }) => !name.includes("@")), ...classes.filter(({ bases }) => bases.length === 0)];
  return named.map(({ name, fields }) => ({
    name,
    fields: fields.flatMap((field) => {
      if ("isStatic" in field && field.isStatic) return [];
      const type = scope.resolveType(field.type);
      return [{ name: field.name, type: type.base, pointer: type.pointer + (type.isReference ? 1 : 0), array: lengths(type, evaluator) }];
    }),
  }));
}

const lengths = (type: TypeName, evaluator: Evaluator): readonly (number | null)[] =>
  type.array.map((size) => {
    const value = size && evaluator.eval(size, ENTRY_ENV);
    return value?.kind === "number" ? value.value : null;
  });


export function classFacts(unit: TranslationUnit): ClassFact[] {
  const members = [...unit.functions, ...unit.prototypes].filter(({ className }) => className !== undefined);
  return unit.classes.map(({ name, bases, fields }) => ({
    name,
    bases,
    fields: fields.map(({ name: field, type }) => ({ name: field, type: `${type.base}${"*".repeat(type.pointer)}${type.isReference ? "&" : ""}` })),
    methods: members.filter(({ className }) => className === name).map((method) => ({
      name: method.name, returnType: method.returnType.base, params: ("params" in method ? method.params : (method.variants[0]?.params ?? [])).length,
    })),
  }));
}

export function typedNames(unit: TranslationUnit): { readonly name: string; readonly type: string }[] {
  const functions = [...unit.functions, ...unit.prototypes].filter(({ className }) => className === undefined);
  return [
    ...unit.variables.filter(({ className, isStatic }) => className === undefined || isStatic).map(({ name, type }) => ({ name, type: type.base })),
    ...functions.map(({ name, returnType }) => ({ name: `${name}()`, type: returnType.base })),
  ].filter(({ type }) => type !== "" && type !== "auto" && !PLAIN_TYPE.test(type));
}

export const isStructName = ({ base, pointer, array }: TypeName): boolean => pointer === 0 && array.length === 0 && /^(?:struct|union) ./.test(base);

const PLAIN_TYPE = /^(?:const )?(?:void|bool|char|int|long|short|float|double|unsigned|signed|size_t|u?int\d+_t)\b/;
