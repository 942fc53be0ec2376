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

/** Serves an editor until it leaves, which ends the process. */
export type ServeEditor = () => Promise<never>;

const SERVER_HELP = `Usage: lws-lint lsp [--stdio]

Serves an editor in the Language Server Protocol on standard input and output. docs/editors.md has the settings of editors.
`;

/** Editors add `--stdio` and their process id out of habit; there is nothing else to choose. */
const startServer = async (args: readonly string[], terminal: Terminal, serve: ServeEditor): Promise<ExitCode> => {
  if (args.includes("--help")) {
    terminal.stdout.write(SERVER_HELP);
    return EXIT.clean;
  }
  const unknown = args.find((argument) => argument !== "--stdio" && !argument.startsWith("--clientProcessId"));
  if (unknown !== undefined) throw new UsageError(`lsp: there is no option \`${unknown}\`; the server speaks on standard input and output (\`--stdio\`). To scan a folder named lsp, write ./lsp.`);
  return serve();
};

/**
 * Runs the command line; never throws.
 *
 * @param args without the names of node and of the script
 * @param serve the language server
 */
export const main = async (args: readonly string[], terminal: Terminal, create: CreateAnalyzer, serve?: ServeEditor): Promise<ExitCode> => {
  try {
    const [command, ...rest] = args;
    if (command === "lsp" && serve !== undefined) return await startServer(rest, terminal, serve);
    if (command === "init") return await (await import("./init.js")).runInit(rest, terminal);
    if (command === "merge" && rest.length > 0) return (await import("./merge.js")).runMerge(rest, terminal);
    return await runLint(parseArguments(args, packageVersion(), terminal), terminal, create);
  } catch (error) {
    if (error instanceof ArgumentsHandled) return error.failed ? EXIT.failure : EXIT.clean;
    terminal.stderr.write(explain(error));
    return EXIT.failure;
  }
};
