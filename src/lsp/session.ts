/** When a program is analysed: after a pause in typing, once for all who ask, and again when something changed meanwhile. */
import type { Program, Refreshed } from "./program.js";

export interface Snapshot extends Refreshed {
  /** Counts changes of the program; a snapshot is current while nothing has changed since. */
  readonly generation: number;
  /** How long it took to make, in milliseconds. */
  readonly duration: number;
}

/** Whoever asks may give up. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

export interface SessionHooks {
  /** A new snapshot is there; everything that came in while it was made has been heard. */
  onSnapshot(session: Session, snapshot: Snapshot, previous: Snapshot | undefined): void;
  onBusy(session: Session): void;
  onFile(session: Session, done: number, total: number): void;
  onFailure(session: Session, error: unknown): void;
}

/** Shorter pauses are part of typing. */
export const DEBOUNCE_MS = 150;

/** Time in which messages that have already arrived are heard. */
const LISTEN_MS = 3;

const listen = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, LISTEN_MS));

export class Session {
  #generation = 1;
  #snapshot: Snapshot | undefined;
  #running: Promise<void> | undefined;
  /** When the next round may begin. */
  #quietAt = 0;
  #disposed = false;
  /** The generation that could not be analysed. */
  #failedAt = 0;

  constructor(
    readonly program: Program,
    readonly hooks: SessionHooks,
  ) {}

  get snapshot(): Snapshot | undefined {
    return this.#snapshot;
  }

  get isCurrent(): boolean {
    return this.#snapshot?.generation === this.#generation || this.#failedAt === this.#generation;
  }

  /** Something has changed. */
  invalidate(debounce = 0): void {
    this.#generation++;
    this.#quietAt = Math.max(this.#quietAt, performance.now() + debounce);
  }

  /** Sees to it that there will be a snapshot of what holds now. */
  wake(): void {
    void this.latest();
  }

  dispose(): void {
    this.#disposed = true;
    this.#generation++;
  }

  /** The snapshot of what holds now; `undefined` when the asker gave up or the program is no more. */
  async latest(cancellation?: Cancellation): Promise<Snapshot | undefined> {
    while (!this.isCurrent) {
      if (this.#disposed || cancellation?.isCancellationRequested === true) return undefined;
      if (this.#running === undefined && (await this.#waits(cancellation))) continue;
      this.#running ??= this.#round().finally(() => (this.#running = undefined));
      await this.#running;
    }
    return this.#snapshot;
  }

  /** Waits for the pause, if there is one to wait for. */
  async #waits(cancellation: Cancellation | undefined): Promise<boolean> {
    const rest = this.#quietAt - performance.now();
    if (rest <= 0) return false;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, rest);
      const listener = cancellation?.onCancellationRequested(done);
      function done(): void {
        clearTimeout(timer);
        listener?.dispose();
        resolve();
      }
    });
    return true;
  }

  async #round(): Promise<void> {
    const generation = this.#generation;
    const begin = performance.now();
    const isStale = (): boolean => this.#disposed || this.#generation !== generation;
    this.hooks.onBusy(this);
    let refreshed: Refreshed | undefined;
    try {
      refreshed = await this.program.refresh({ isStale, onFile: (done, total) => this.hooks.onFile(this, done, total) });
    } catch (error) {
      this.hooks.onFailure(this, error);
      // The same input would fail again: what was known stays until something changes.
      this.#failedAt = generation;
    }
    const duration = performance.now() - begin;
    // Changes that came in while nothing could be heard make the result old before it is told.
    await listen();
    if (refreshed === undefined || isStale()) return;
    const previous = this.#snapshot;
    this.#snapshot = { ...refreshed, generation, duration };
    try {
      this.hooks.onSnapshot(this, this.#snapshot, previous);
    } catch (error) {
      this.hooks.onFailure(this, error);
    }
  }
}
