/**
 * The type of a C++ expression as far as one file tells it: classes are mostly declared in another one, so what remains open is written
 * down as a path that the program phase follows.
 */
export type TypeRef =
  /** As written: `Client`, `std::unique_ptr<net::Client>`. */
  | { readonly kind: "named"; readonly name: string }
  /** The class of the function. */
  | { readonly kind: "this" }
  /** What a name of another file has: a field of the function's class, or a variable. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "field"; readonly of: TypeRef; readonly field: string }
  /** What a function gives, or a method of `of`. */
  | { readonly kind: "call"; readonly name: string; readonly qualifier?: string; readonly of?: TypeRef }
  /** What a container holds or a smart pointer points to. */
  | { readonly kind: "element"; readonly of: TypeRef };
