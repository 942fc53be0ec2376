/** How large types are, as bounds that hold on every machine the library runs on: nothing here knows the target. */
import type { FieldShape, FileFacts } from "./facts.js";
import { byName, type ByName } from "./name-index.js";

/** In bytes, both included; `max` is infinite where the type, or a part of it, is not known. */
export interface SizeBounds {
  readonly min: number;
  readonly max: number;
}

const UNKNOWN_SIZE: SizeBounds = { min: 1, max: Infinity };
const POINTER: SizeBounds = { min: 4, max: 8 };

/** ISO C's types on 32 and 64 bit machines. Words are sorted, so that `unsigned long` and `long unsigned` are one. */
const SCALARS: Readonly<Record<string, SizeBounds>> = {
  char: { min: 1, max: 1 }, bool: { min: 1, max: 1 }, _Bool: { min: 1, max: 1 }, short: { min: 2, max: 2 }, int: { min: 4, max: 4 },
  long: { min: 4, max: 8 }, "long long": { min: 8, max: 8 }, float: { min: 4, max: 4 }, double: { min: 8, max: 8 }, size_t: { min: 4, max: 8 },
  ssize_t: { min: 4, max: 8 }, time_t: { min: 4, max: 8 }, intptr_t: { min: 4, max: 8 }, uintptr_t: { min: 4, max: 8 },
  int8_t: { min: 1, max: 1 }, uint8_t: { min: 1, max: 1 }, int16_t: { min: 2, max: 2 }, uint16_t: { min: 2, max: 2 },
  int32_t: { min: 4, max: 4 }, uint32_t: { min: 4, max: 4 }, int64_t: { min: 8, max: 8 }, uint64_t: { min: 8, max: 8 },
};
const MAX_PADDING = 15;

export class Sizes {
  readonly #known = new Map<string, SizeBounds>();

  /** @param membersOf The members of a struct; two structs of one name in different files are nothing to build on, unless they are the same. */
  constructor(readonly membersOf: (type: string) => readonly FieldShape[] | undefined) {}

  /** Of a type as `sizeof` names it: `struct pss`, `struct pss*`. */
  of(type: string, depth = 0): SizeBounds {
    if (type.endsWith("*")) return POINTER;
    const known = this.#known.get(type);
    if (known) return known;
    const size = this.#compute(type, depth);
    this.#known.set(type, size);
    return size;
  }

  /** Whether the size of a type says something: of a pointer, a scalar, or a struct that the program defines. */
  isKnown(type: string): boolean {
    return type.endsWith("*") || this.membersOf(type) !== undefined || this.of(type).max < Infinity;
  }

  #compute(type: string, depth: number): SizeBounds {
    const words = type.replace(/^(?:const|volatile) /, "").split(" ").filter((word) => !["unsigned", "signed", "std::"].includes(word));
    const plain = words.length > 1 ? words.filter((word) => word !== "int").join(" ") : (words[0] ?? "int");
    const scalar = SCALARS[plain === "" ? "int" : plain];
    if (scalar) return scalar;
    if (type.startsWith("enum ")) return { min: 1, max: 8 };
    const fields = this.membersOf(type);
    if (!fields || depth > 8) return UNKNOWN_SIZE;
    let min = 0;
    let max = 0;
    for (const field of fields) {
      const one = field.pointer > 0 ? POINTER : this.of(field.type, depth + 1);
      const counts = field.array.map((count) => count ?? undefined);
      const isOpen = counts.includes(undefined);
      const count = counts.reduce<number>((product, n) => product * (n ?? 0), 1);
      min += isOpen ? 0 : one.min * count;
      max += isOpen ? Infinity : one.max * count + MAX_PADDING;
    }
    return { min: Math.max(1, min), max };
  }
}

export interface Members {
  readonly fields: readonly FieldShape[];
  /** The same for the same members. */
  readonly key: string;
}

/** The structs of a file with their members, also under other names of theirs. */
export function membersIn({ records, aliases }: FileFacts): ByName<Members> {
  const own = new Map<string, Members>();
  const found = records.map(({ name, fields }) => {
    const members = { fields, key: JSON.stringify(fields) };
    if (!own.has(name)) own.set(name, members);
    return [name, members] as const;
  });
  return byName([...found, ...aliases.flatMap(({ name, type }) => {
    const members = own.get(type);
    return members ? [[name, members] as const] : [];
  })]);
}
