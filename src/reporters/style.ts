/** Colours and the safe display of foreign text. */

/** Puts colour around a text. */
export type Paint = (text: string) => string;

export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly error: Paint;
  readonly warning: Paint;
  readonly note: Paint;
  readonly success: Paint;
}

const paint =
  (enabled: boolean, open: string): Paint =>
  (text) =>
    enabled && text !== "" ? `\u001b[${open}m${text}\u001b[0m` : text;

export const createStyle = (enabled: boolean): Style => ({
  bold: paint(enabled, "1"),
  dim: paint(enabled, "2"),
  error: paint(enabled, "1;31"),
  warning: paint(enabled, "1;33"),
  note: paint(enabled, "1;36"),
  success: paint(enabled, "1;32"),
});

/**
 * Controls of the terminal, and characters that change the direction of writing: what is shown must be what is there.
 */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** A character that shows instead of one that would not. */
export const visible = (character: string): string => {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? "\u2421" : "\ufffd";
};

/** Text without anything a terminal would obey. Every character that is replaced becomes exactly one. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, visible);

const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

/** How many columns of a terminal a printable character takes: 0, 1 or 2. */
export const displayWidth = (character: string): number => {
  const code = character.codePointAt(0)!;
  if (code < 0x300) return 1;
  if (/^[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return 0;
  return WIDE.some(([low, high]) => code >= low && code <= high) ? 2 : 1;
};
