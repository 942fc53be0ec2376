/** Whether the arithmetic type of an expression is signed, for the usual arithmetic conversions of C. */
import type { Expr, TypeName } from "../syntax/ast.js";
import type { Evaluator } from "./evaluate.js";

/**
 * `unsigned`: unsigned and at least as wide as `int`, so that a negative `int` compared with it becomes a large number. `signed`: signed, or narrow
 * enough to become `int` first. `unknown`: the file does not tell.
 */
export type Signedness = "signed" | "unsigned" | "unknown";

const UNSIGNED = /^(?:const )?(?:unsigned(?: (?:int|long|long long|long int|long long int))?|long unsigned int|size_t|std::size_t|uint|ulong|u_int|uint32_t|uint64_t|uintptr_t|uintmax_t|std::uint(?:32|64)_t|uint(?:_fast|_least)?(?:32|64)_t|guint|gsize|guint32|guint64|DWORD|UINT|SIZE_T)$/;
const SIGNED = /^(?:const )?(?:(?:signed )?(?:int|long|short|char|long long|long int|long long int|short int)|signed|ssize_t|ptrdiff_t|off_t|int(?:8|16|32|64)_t|std::int(?:8|16|32|64)_t|intptr_t|gint|gssize|unsigned (?:char|short)(?: int)?|uint(?:8|16)_t|bool|_Bool)$/;

/** Functions of the C library that return `size_t`, and members of C++ containers. Source: ISO C 7.24, ISO C++ container requirements. */
const RETURN_SIZE = new Set(["strlen", "strnlen", "strspn", "strcspn", "fread", "fwrite", "wcslen"]);
const SIZE_METHODS = new Set(["size", "length", "capacity"]);

export function signednessOf(expr: Expr, evaluator: Evaluator, depth = 0): Signedness {
  if (depth > 20) return "unknown";
  const next = depth + 1;
  switch (expr.kind) {
    case "number": return expr.value === undefined ? "unknown" : "signed";
    case "char": return "signed";
    case "sizeof": return "unsigned";
    case "cast": return ofType(expr.type, evaluator);
    case "call":
      if (expr.callee.kind === "name") return RETURN_SIZE.has(expr.callee.name) ? "unsigned" : "unknown";
      return expr.callee.kind === "member" && SIZE_METHODS.has(expr.callee.field) && expr.args.length === 0 ? "unsigned" : "unknown";
    case "unary":
      if (expr.op === "!") return "signed";
      if (expr.op === "-" || expr.op === "+" || expr.op === "~") return signednessOf(expr.operand, evaluator, next);
      break;
    case "binary": {
      if (["&&", "||", "==", "!=", "<", "<=", ">", ">="].includes(expr.op)) return "signed";
      if (expr.op === "<<" || expr.op === ">>") return signednessOf(expr.left, evaluator, next);
      const left = signednessOf(expr.left, evaluator, next);
      const right = signednessOf(expr.right, evaluator, next);
      if (left === "unknown" || right === "unknown") return "unknown";
      return left === "unsigned" || right === "unsigned" ? "unsigned" : "signed";
    }
    case "conditional": {
      const yes = expr.whenTrue ? signednessOf(expr.whenTrue, evaluator, next) : "unknown";
      const no = signednessOf(expr.whenFalse, evaluator, next);
      return yes === no ? yes : "unknown";
    }
    case "assign": case "update": return signednessOf(expr.kind === "assign" ? expr.target : expr.operand, evaluator, next);
    case "comma": return signednessOf(expr.right, evaluator, next);
    default: break;
  }
  const type = evaluator.typeOf(expr);
  return type ? ofType(type, evaluator) : "unknown";
}

function ofType(type: TypeName, evaluator: Evaluator): Signedness {
  const { base, pointer, array } = evaluator.scope.resolveType(type);
  if (pointer > 0 || array.length > 0) return "unknown";
  if (UNSIGNED.test(base)) return "unsigned";
  return SIGNED.test(base) ? "signed" : "unknown";
}
