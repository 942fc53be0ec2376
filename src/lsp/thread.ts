/** The language server in a thread whose heap suits it. */
import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";

/**
 * Room for young objects, in MiB: four times the default. What a keystroke makes mostly lives until the next one; with the default it is copied twice
 * meanwhile, which took a fifth of the time (`npm run bench:keystroke`). Only a new thread can be given more.
 */
const YOUNG = 192;

/** Runs the command line again in a thread that has standard input and output for itself, and ends the process with it. */
export function serveInThread(script: string): Promise<never> {
  const thread = new Worker(new URL(script), {
    argv: process.argv.slice(2),
    stdin: true,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG, maxOldGenerationSizeMb: Math.floor(getHeapStatistics().heap_size_limit / 2 ** 20) },
  });
  process.stdin.pipe(thread.stdin!);
  return new Promise<never>((_, fail) => {
    let problem: Error | undefined;
    thread.once("error", (error) => (problem = error));
    thread.once("exit", (code) => {
      if (problem === undefined) process.exit(code);
      // It would wait for more.
      process.stdin.destroy();
      fail(problem);
    });
  });
}
