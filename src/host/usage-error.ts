/** A place in a file, counted from 1. */
export interface Place {
  /** Absolute. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something the user has to put right: printed without a stack, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** Where it stands, for hosts that can point there; the message names the place as well. */
  readonly place?: Place;

  constructor(message: string, options: ErrorOptions & { readonly place?: Place } = {}) {
    super(message, options);
    if (options.place !== undefined) this.place = options.place;
  }
}
