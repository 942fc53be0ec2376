import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinEnvs, stateLattice, widenStates, type Env, type State } from "../../src/analysis/state.js";
import { anyOf, constantNamed, entityValue, keyOf, numberValue, paramValue, UNKNOWN, type Value } from "../../src/analysis/value.js";
import * as Sets from "../../src/analysis/value-set.js";
import { solveForward } from "../../src/dataflow/solver.js";

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.integer({ min: 0, max: 2 }).map(numberValue),
  fc.integer({ min: 0, max: 1 }).map(paramValue),
  fc.constantFrom<Value>(UNKNOWN, entityValue("g"), constantNamed("C"), { kind: "field", base: paramValue(0), field: "f" }),
);
const plainEnv: fc.Arbitrary<Env> = fc.record({
  key: fc.constantFrom("", "1", "2"),
  locals: fc.array(fc.option(value, { nil: undefined }), { maxLength: 4 }),
  memory: fc.array(fc.tuple(fc.constantFrom("p0.f", "g:x"), value), { maxLength: 3 }).map((pairs) => new Map(pairs)),
  guards: fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 3 }).map(Sets.ofNumber)), { maxLength: 2 }).map((pairs) => new Map(pairs)),
  ties: fc.subarray([0, 1]).map((keys) => new Map(keys.map((key) => [key, []]))),
  uncertain: fc.boolean(),
  assumes: fc.constantFrom<Env["assumes"]>([], ["last-reference"], ["child-process"]),
  equal: fc.constant<Env["equal"]>([]),
  known: fc.array(fc.tuple(fc.constantFrom(10, 20), fc.integer({ min: 0, max: 3 }).map(Sets.ofNumber)), { maxLength: 2 }).map((pairs) => new Map(pairs)),
  may: fc.subarray([10, 20, 30]),
  must: fc.subarray([10, 20, 30]),
});

/** Values are tied to guards where states were joined. */
const env = fc.oneof(plainEnv, fc.tuple(plainEnv, plainEnv).map(([a, b]) => joinEnvs(a, b)));
const state: fc.Arbitrary<State> = fc.uniqueArray(env, { minLength: 1, maxLength: 3, selector: ({ key }) => key });

/** The order of partitions and of entries in a map means nothing, and neither do slots at the end that hold nothing. */
const shown = (s: State): unknown =>
  s.map((e) => [e.key, e.locals.flatMap((v, slot) => (v ? [`${slot}=${keyOf(v)}`] : [])), [...e.memory].map(([k, v]) => `${k}=${keyOf(v)}`).sort(), [...e.guards].map(([p, g]) => `${p}:${Sets.keyOf(g)}`).sort(), [...e.ties].map(([k, ties]) => `${k}:${ties.map((tie) => `${keyOf(tie.value)}@${[...tie.guards].map(([p, g]) => `${p}:${Sets.keyOf(g)}`).sort().join()}`).sort().join(";")}`).sort(), e.uncertain, [...e.assumes].sort(), [...e.known].map(([p, g]) => `${p}:${Sets.keyOf(g)}`).sort(), e.may, e.must])
    .sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));

describe("states are a join-semilattice", () => {
  const { bottom } = stateLattice;
  const join = (a: State, b: State): State => stateLattice.join(a, b);
  const equals = (a: State, b: State): boolean => stateLattice.equals(a, b);

  test("idempotent, and bottom changes nothing", () => {
    fc.assert(fc.property(state, (a) => {
      expect(equals(join(a, a), a)).toBe(true);
      expect(equals(join(a, bottom), a)).toBe(true);
      expect(equals(join(bottom, a), a)).toBe(true);
    }));
  });

  test("commutative", () => {
    fc.assert(fc.property(state, state, (a, b) => {
      expect(shown(join(a, b))).toEqual(shown(join(b, a)));
    }));
  });

  test("an upper bound: joining a part again changes nothing", () => {
    fc.assert(fc.property(state, state, (a, b) => {
      const both = join(a, b);
      expect(equals(join(both, a), both)).toBe(true);
      expect(equals(join(both, b), both)).toBe(true);
    }));
  });

  test("a join that changes nothing is the same object", () => {
    fc.assert(fc.property(env, env, (a, b) => {
      const both = joinEnvs(a, b);
      expect(joinEnvs(both, b)).toBe(both);
    }));
  });
});

describe("values", () => {
  test("alternatives: order and repetition mean nothing", () => {
    fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
      expect(keyOf(anyOf(values))).toBe(keyOf(anyOf([...values, ...values].reverse())));
    }));
  });

  test("too many alternatives are unknown", () => {
    expect(anyOf(Array.from({ length: 40 }, (_, i) => numberValue(i)))).toBe(UNKNOWN);
  });
});

describe("solver", () => {
  interface Block { id: number; elements: readonly number[]; successors: { to: Block }[] }
  const blocks = (edges: readonly (readonly [number, number])[], count: number): Block[] => {
    const made: Block[] = Array.from({ length: count }, (_, id) => ({ id, elements: [id], successors: [] }));
    for (const [from, to] of edges) made[from]!.successors.push({ to: made[to]! });
    return made;
  };
  const sets = { bottom: new Set<number>(), join: (a: ReadonlySet<number>, b: ReadonlySet<number>) => new Set([...a, ...b]), equals: (a: ReadonlySet<number>, b: ReadonlySet<number>) => a.size === b.size && [...a].every((x) => b.has(x)) };

  test("reaches the fixpoint of a graph with loops: what may have been passed before each block", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 })), { maxLength: 20 }), (edges) => {
      const graph = blocks(edges, 8);
      const { into, incomplete } = solveForward<Block, ReadonlySet<number>>(graph[0]!, { lattice: sets, entry: new Set(), transfer: (n, s) => new Set([...s, n]) });
      expect(incomplete).toBe(false);
      const passed = (target: number): Set<number> => {
        // By brute force: all blocks that lie on some walk from block 0 to the target, the target left out unless it is on a cycle.
        const reach = (from: number): Set<number> => {
          const seen = new Set<number>();
          const pending = [from];
          for (let at = pending.pop(); at !== undefined; at = pending.pop()) for (const [a, b] of edges) if (a === at && !seen.has(b)) { seen.add(b); pending.push(b); }
          return seen;
        };
        const fromStart = new Set([0, ...reach(0)]);
        return new Set([...fromStart].filter((n) => reach(n).has(target)));
      };
      for (const [block, state] of into) expect([...state].sort()).toEqual([...passed(block.id)].sort());
    }));
  });

  test("gives up on a lattice of infinite height, and says so", () => {
    const graph = blocks([[0, 1], [1, 1]], 2);
    const solution = solveForward<Block, number>(graph[0]!, {
      lattice: { bottom: 0, join: Math.max, equals: Object.is }, entry: 0, transfer: (_, n) => n + 1, maxVisitsPerBlock: 10,
    });
    expect(solution.incomplete).toBe(true);
  });

  test("edges can refuse a state", () => {
    const graph = blocks([[0, 1], [0, 2]], 3);
    const { into } = solveForward<Block, ReadonlySet<number>>(graph[0]!, {
      lattice: sets, entry: new Set(), transfer: (_, s) => s, flow: (edge, s) => (edge.to.id === 2 ? undefined : s),
    });
    expect([...into.keys()].map((block) => block.id)).toEqual([0, 1]);
  });
});

describe("widening", () => {
  test("is above the join, and stops", () => {
    fc.assert(fc.property(state, fc.array(state, { minLength: 1, maxLength: 12 }), (start, more) => {
      let current = start;
      let changes = 0;
      for (const next of [...more, ...more]) {
        const wide = widenStates(current, next);
        const joined = stateLattice.join(current, next);
        expect(stateLattice.equals(stateLattice.join(wide, joined), wide)).toBe(true);
        if (wide !== current) changes++;
        current = wide;
      }
      // Each variable can change once, each place vanish once, each guard weaken a few times.
      expect(changes).toBeLessThanOrEqual(24);
      for (const next of more) expect(widenStates(current, next)).toBe(current);
    }));
  });
});
