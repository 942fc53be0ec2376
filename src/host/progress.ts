/** One line on the terminal that says how far a long run is. */
import type { OutputStream } from "./terminal.js";

/** Short runs are over before anybody looks. In milliseconds. */
const DELAY = 700;
const INTERVAL = 100;
const CLEAR_LINE = "\r\u001b[K";

export class Progress {
  #next = performance.now() + DELAY;
  #shown = false;

  constructor(
    readonly stream: OutputStream,
    readonly enabled: boolean,
  ) {}

  /** Shows a line if it is time to; `text` is only called then. */
  update(text: () => string): void {
    if (!this.enabled) return;
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + INTERVAL;
    this.#shown = true;
    this.stream.write(`${CLEAR_LINE}${text().slice(0, Math.max(20, this.stream.columns - 1))}`);
  }

  clear(): void {
    if (this.#shown) this.stream.write(CLEAR_LINE);
    this.#shown = false;
  }
}
