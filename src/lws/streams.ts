/** Handlers of Secure Streams and what they do. */
import type { Value } from "../analysis/value.js";
import { STREAM_RETURNS, STREAM_STATE_TYPE, keepsHandleIn, type Handler } from "./api/index.js";
import type { LwsEntryPoint } from "./entry-points.js";
import type { Program, Reached } from "./program.js";

/** Which of the three handlers a function is, by its parameters. */
export function handlerOf({ kind, node: { facts } }: LwsEntryPoint): Handler | undefined {
  if (kind !== "ss") return undefined;
  if (facts.params.some(({ type }) => STREAM_STATE_TYPE.test(type))) return "state";
  return facts.params.length === 5 ? "tx" : facts.params.length === 4 ? "rx" : undefined;
}

/** Positions of what a tx handler fills in: the length, and the flags. */
export const TX_LENGTH = 3;
export const TX_FLAGS = 4;

/** Whether a handler may write through one of its parameters: it stores there, or hands the pointer on. */
export function fillsIn({ node: { facts } }: LwsEntryPoint, param: number): boolean {
  const isIt = (value: Value): boolean => value.kind === "param" ? value.index === param : value.kind === "any" && value.options.some(isIt);
  const begins = (value: Value): boolean => isIt(value) || ((value.kind === "deref" || value.kind === "element" || value.kind === "field" || value.kind === "offset") && begins(value.base));
  return facts.incomplete || facts.stores.some(({ target, value }) => begins(target) || isIt(value)) || facts.calls.some(({ args }) => args.some(({ value }) => isIt(value)));
}

/** The name of what a handler returns; `undefined` where it is none of the known values. */
export function returnName(value: Value): string | undefined {
  if (value.kind === "constant") return value.name;
  return value.kind === "number" ? STREAM_RETURNS.find((known) => known.value === value.value)?.name : undefined;
}

/** Whether a value is the address of the member in which the library keeps the handle of the stream whose handler was called. */
export function isOwnHandle(program: Program, { entry }: Reached, value: Value | undefined): boolean {
  if (value?.kind !== "address" || value.of.kind !== "field" || value.of.base.kind !== "param" || value.of.base.index !== 0) return false;
  const { field } = value.of;
  return [entry.node.file.path, entry.registration?.file].some((path) => path !== undefined && keepsHandleIn(program.sourceOf(path)?.text ?? "", field));
}
