/** A join-semilattice of finite height. `test/dataflow/lattice-laws.test.ts` holds the laws. */
export interface Lattice<T> {
  readonly bottom: T;
  /** Associative, commutative, idempotent; `join(x, bottom)` equals `x`. */
  join(a: T, b: T): T;
  equals(a: T, b: T): boolean;
}
