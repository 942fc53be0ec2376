import { LineIndex } from "./line-index.js";
import type { Position } from "./span.js";

/**
 * One decoded source text. `text` is what every position of the analysis refers to (UTF-16 offsets);
 * a byte order mark is not part of it, exactly as in ESLint and editors.
 */
export class SourceFile {
  #lines: LineIndex | undefined;

  constructor(
    /** As the host names it; relative with `/` wherever the host could make it so. */
    readonly path: string,
    readonly text: string,
    /** Whether the bytes were not valid UTF-8: `text` then holds one U+FFFD for each invalid sequence. */
    readonly hasInvalidUtf8 = false,
  ) {}

  get lines(): LineIndex {
    return (this.#lines ??= new LineIndex(this.text));
  }

  positionAt(offset: number): Position {
    return this.lines.positionAt(offset);
  }
}
