/** Values of C literals from their spelling. */

/** The value of an integer literal; `undefined` for floats and for what cannot be read. */
export function numberValue(spelling: string): number | undefined {
  // The grammar takes a sign that touches the digits for part of the literal.
  if (/^[-+]/.test(spelling)) {
    const magnitude = numberValue(spelling.slice(1).trimStart());
    return magnitude === undefined ? undefined : spelling.startsWith("-") && magnitude !== 0 ? -magnitude : magnitude;
  }
  const text = spelling.replace(/['_](?=[0-9a-fA-F])/g, "").replace(/(?<=[0-9a-fA-F])(?:[uU]?(?:ll?|LL?|[zZ])?|(?:ll?|LL?|[zZ])[uU]?|[iu](?:8|16|32|64))$/, "");
  if (/^0[xX][0-9a-fA-F]+$/.test(text) || /^0[bB][01]+$/.test(text) || /^(?:0|[1-9][0-9]*)$/.test(text)) return Number(text);
  if (/^0[0-7]+$/.test(text)) return Number(`0o${text.slice(1)}`);
  return undefined;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  n: "\n", t: "\t", r: "\r", "0": "\0", a: "\x07", b: "\b", f: "\f", v: "\v", e: "\x1b", "\\": "\\", "'": "'", '"': '"', "?": "?",
};

/** Content of a string literal with its escapes resolved; prefix and quotes are removed. */
export function stringValue(spelling: string): string {
  const raw = /^(?:L|u8|u|U)?R"([^(\s]*)\(/.exec(spelling);
  if (raw !== null) {
    const tail = `)${raw[1]!}"`;
    return spelling.slice(raw[0].length, spelling.endsWith(tail) ? -tail.length : undefined);
  }
  const open = spelling.search(/["']/);
  const quote = spelling[open] ?? '"';
  const inside = spelling.slice(open + 1, spelling.length > open + 1 && spelling.endsWith(quote) ? -1 : undefined);
  return resolveEscapes(inside);
}

function resolveEscapes(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(
    /\\(?:(\r\n|\n|\r)|x([0-9a-fA-F]+)|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g,
    (whole, splice: string | undefined, hex: string | undefined, octal: string | undefined, u4: string | undefined, u8: string | undefined, simple: string | undefined) => {
      if (splice !== undefined) return "";
      const code = hex !== undefined ? Number.parseInt(hex.slice(-6), 16) : octal !== undefined ? Number.parseInt(octal, 8) : Number.parseInt(u4 ?? u8 ?? "", 16);
      if (simple !== undefined) return simpleEscapes[simple] ?? simple;
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

/** The value of a character constant of one character. */
export function charValue(spelling: string): number | undefined {
  const value = stringValue(spelling);
  const code = value.codePointAt(0);
  return code !== undefined && value.length === (code > 0xffff ? 2 : 1) ? code : undefined;
}
