/** What the results of well-known calls say about a run: reference counts and forks. Sources: the manuals of GLib, POSIX and GCC. */
import type { Assumption, CallResults } from "../analysis/assumptions.js";
import * as Sets from "../analysis/value-set.js";
import type { ValueSet } from "../analysis/value-set.js";

/** True when the count has come to zero. */
const DECREMENT_AND_TEST = new Set(["g_atomic_int_dec_and_test", "g_ref_count_dec", "g_atomic_ref_count_dec", "atomic_dec_and_test", "kref_put", "refcount_dec_and_test"]);
/** The count after the decrement. */
const DECREMENT_AND_FETCH = new Set(["__sync_sub_and_fetch", "__atomic_sub_fetch", "InterlockedDecrement", "SDL_AtomicDecRef"]);
/** The count before the decrement. */
const FETCH_AND_DECREMENT = new Set(["atomic_fetch_sub", "atomic_fetch_sub_explicit", "__sync_fetch_and_sub", "__atomic_fetch_sub"]);
const FORKS = new Set(["fork", "vfork", "forkpty"]);

export const wellKnownResults: CallResults = {
  assumptionOf(callee: string, set: ValueSet): Assumption | undefined {
    if (FORKS.has(callee)) return only(set, 0) ? "child-process" : undefined;
    if (DECREMENT_AND_TEST.has(callee)) return Sets.hasNumber(set, 0) ? undefined : "last-reference";
    if (DECREMENT_AND_FETCH.has(callee)) return Sets.hasNumber(set, 0) && !Sets.hasNumber(set, 2) ? "last-reference" : undefined;
    if (FETCH_AND_DECREMENT.has(callee)) return Sets.hasNumber(set, 1) && !Sets.hasNumber(set, 2) ? "last-reference" : undefined;
    return undefined;
  },
};

const only = (set: ValueSet, value: number): boolean => Sets.single(set) === value;
