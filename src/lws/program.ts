/** Placeholder of the program phase's result until it lands. */
export interface Program {
  readonly files: readonly string[];
}
