/** From arguments to an exit code: what can go wrong on the way is explained here, and nowhere else. */
import { ArgumentsHandled, parseArguments } from "./arguments.js";
import { EXIT, type ExitCode } from "./options.js";
import { packageVersion } from "./package-info.js";
import { runLint, type CreateAnalyzer } from "./run.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

const explain = (error: unknown): string => {
  if (error instanceof UsageError) return `lws-lint: ${error.message}\n`;
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `lws-lint: internal error; please report it with the command line and, if you can, the file.\n${details}\n`;
};

/**
 * Runs the command line; never throws.
 *
 * @param args without the names of node and of the script
 */
export const main = async (args: readonly string[], terminal: Terminal, create: CreateAnalyzer): Promise<ExitCode> => {
  try {
    const [command, ...rest] = args;
    if (command === "merge" && rest.length > 0) return (await import("./merge.js")).runMerge(rest, terminal);
    return await runLint(parseArguments(args, packageVersion(), terminal), terminal, create);
  } catch (error) {
    if (error instanceof ArgumentsHandled) return error.failed ? EXIT.failure : EXIT.clean;
    terminal.stderr.write(explain(error));
    return EXIT.failure;
  }
};
