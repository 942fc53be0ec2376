import type { ValueSet } from "./value-set.js";

/**
 * What taking a branch tells about the run as a whole. The engine knows no function names: the host of the engine says what a
 * call's result means.
 * - `last-reference`: the branch of a decrement-and-test that drops the last reference.
 * - `child-process`: the child's side of a fork.
 */
export type Assumption = "last-reference" | "child-process";

export interface CallResults {
  /** What it means that the result of `callee` is in `set`; `undefined` for nothing. */
  assumptionOf(callee: string, set: ValueSet): Assumption | undefined;
}
