/** What the command line needs of the process; tests give another one. */

export interface OutputStream {
  readonly isTTY: boolean;
  /** Columns of the terminal; 0 when it is none. */
  readonly columns: number;
  write(data: string | Uint8Array): void;
}

export interface Terminal {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Folders in which the system keeps headers. */
  readonly systemIncludes?: readonly string[];
  /** All of standard input. */
  readStdin(): Uint8Array;
  /** Asks the person at the terminal; `undefined` when there is no answer. Absent where nobody is there to be asked. */
  readonly ask?: (question: string) => Promise<string | undefined>;
}

/**
 * Whether to colour: an option outranks `FORCE_COLOR`, that outranks `NO_COLOR`, and without any of them it takes a
 * terminal that can.
 */
export const wantsColor = (option: boolean | undefined, stream: OutputStream, env: Terminal["env"]): boolean => {
  if (option !== undefined) return option;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  return stream.isTTY && env["TERM"] !== "dumb";
};
