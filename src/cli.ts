#!/usr/bin/env node
/**
 * The command `lws-lint`: arguments to the host, its exit code to the system. The engine is loaded when the first file
 * needs it, the language server when it is asked for.
 */
import module from "node:module";
import { main } from "./host/main.js";
import { processTerminal } from "./host/process-terminal.js";

/** For one run. */
const createAnalyzer = async () => {
  // It is over in a second or two. By default a function is optimised, on other cores, as soon as it has run for a moment, and a third of the time goes
  // into that: here only what is still running later. Later runtimes have another way to choose, and complain of the flag.
  if (process.version.startsWith("v20.")) (await import("node:v8")).setFlagsFromString("--interrupt-budget=1000000");
  const { Analyzer } = await import("./analyzer.js");
  return Analyzer.createLazily();
};

const serve = async (): Promise<never> => {
  const { isMainThread } = await import("node:worker_threads");
  // Sources that a loader translates are not there for another thread.
  if (isMainThread && import.meta.url.endsWith(".js")) return (await import("./lsp/thread.js")).serveInThread(import.meta.url);
  const { startServer } = await import("./lsp/server.js");
  const { packageVersion } = await import("./host/package-info.js");
  const create = async () => (await import("./analyzer.js")).Analyzer.create();
  return startServer({ version: packageVersion(), systemIncludes: processTerminal().systemIncludes ?? [], createAnalyzer: create });
};

// What was compiled is kept for the next run, where the runtime can do so: Node 22.
(module as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();
process.exitCode = await main(process.argv.slice(2), processTerminal(), createAnalyzer, serve);
