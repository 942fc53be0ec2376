/** What a call writes, as the protocol argument says. */
import { optionsOf, type Value } from "../analysis/value.js";
import { BUFLIST, CONTINUATION, NO_FIN, rolesOf, WRITE_FLAGS, WRITE_KINDS } from "./api/index.js";
import type { Program } from "./program.js";

export type WriteKind = (typeof WRITE_KINDS)[number]["is"];

/** The kinds a write may have; `undefined` where it cannot be told. */
export function kindsOf(name: string, given: readonly Value[]): readonly WriteKind[] | undefined {
  const options = protocolsOf(name, given);
  if (!options) return undefined;
  return options.map((value) => WRITE_KINDS.find((kind) => kind.is !== "flag" && kind.value === (value & ~WRITE_FLAGS))?.is ?? "frame");
}

/**
 * Whether a write sends data, also where its protocol is kept in a member or a variable: by all that is ever stored there and known, of which nothing may
 * be anything else, on reasons that only WebSockets have.
 */
export function sendsFrames(program: Program, name: string, given: readonly Value[], isWebSocket: boolean): boolean {
  const { kind } = rolesOf(name).writes ?? {};
  if (kind === undefined || given[kind] === undefined) return false;
  const isFrame = (value: Value): boolean => {
    const args = given.with(kind, value);
    return !isQueued(name, args) && (kindsOf(name, args)?.every((one) => one === "frame") ?? false);
  };
  return optionsOf(given[kind]).every((option) => {
    const kept = option.kind === "field" ? option.field : option.kind === "entity" ? option.name : undefined;
    if (kept === undefined || !isWebSocket) return isFrame(option);
    const stored = program.storesTo(kept).flatMap(({ store }) => optionsOf(store.value));
    return stored.length > 0 && stored.filter(isProtocol).every(isFrame);
  });
}

const isProtocol = (value: Value): boolean => value.kind === "number" && WRITE_KINDS.some((kind) => kind.is !== "flag" && kind.value === (value.value & ~WRITE_FLAGS));

/** Whether the write says that it may come at any time: it is queued. */
export const isQueued = (name: string, given: readonly Value[]): boolean => protocolsOf(name, given)?.some((value) => (value & BUFLIST) !== 0) ?? false;

/** Which part of a message is written. */
export interface MessagePart {
  readonly begins: boolean;
  readonly ends: boolean;
}

/** The part of a message that a write sends, `none` for what is no part of one, `undefined` where it cannot be told or may be this or that. */
export function partOf(name: string, given: readonly Value[]): MessagePart | "none" | undefined {
  const parts = protocolsOf(name, given)?.map((value): string => {
    const kind = value & ~WRITE_FLAGS;
    if (WRITE_KINDS.find((one) => one.is !== "flag" && one.value === kind)?.is !== "frame") return "none";
    return `${kind === CONTINUATION ? "" : "begins"} ${(value & NO_FIN) === 0 ? "ends" : ""}`;
  });
  const [part] = parts ?? [];
  if (part === undefined || parts!.some((one) => one !== part)) return undefined;
  return part === "none" ? part : { begins: part.startsWith("begins"), ends: part.endsWith("ends") };
}

function protocolsOf(name: string, given: readonly Value[]): readonly number[] | undefined {
  const { kind } = rolesOf(name).writes ?? {};
  const value = kind === undefined ? undefined : given[kind];
  if (!value) return undefined;
  const numbers = optionsOf(value).map((option) => (option.kind === "number" ? option.value : undefined));
  return numbers.includes(undefined) ? undefined : (numbers as number[]);
}
