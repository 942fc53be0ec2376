/** The terminal of this process. */
import { readFileSync } from "node:fs";
import type { WriteStream } from "node:tty";
import type { OutputStream, Terminal } from "./terminal.js";

/**
 * A reader that went away, as `head` does, is no failure: the rest is for nobody, and the exit code stays that of the
 * run.
 */
const surviveClosedPipe = (stream: WriteStream): void => {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
};

const outputStream = (stream: WriteStream): OutputStream => {
  surviveClosedPipe(stream);
  return {
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.isTTY ? stream.columns : 0;
    },
    write: (data) => void stream.write(data),
  };
};

/** Loaded when somebody is asked: most runs ask nothing. */
const ask = async (question: string): Promise<string | undefined> => {
  const { createInterface } = await import("node:readline");
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    lines.once("close", () => resolve(undefined));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
};

export const processTerminal = (): Terminal => ({
  cwd: process.cwd(),
  env: process.env,
  stdout: outputStream(process.stdout),
  stderr: outputStream(process.stderr),
  systemIncludes: ["/usr/local/include", "/usr/include", "/opt/homebrew/include", "/opt/local/include"],
  readStdin: () => readFileSync(0),
  ...(process.stdin.isTTY && process.stderr.isTTY ? { ask } : {}),
});
