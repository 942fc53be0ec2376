#!/usr/bin/env node
/**
 * The command `lws-lint`: arguments to the host, its exit code to the system. The engine is loaded when the first file
 * needs it, the language server when it is asked for.
 */
import { main } from "./host/main.js";
import { processTerminal } from "./host/process-terminal.js";

const createAnalyzer = async () => {
  const { Analyzer } = await import("./analyzer.js");
  return Analyzer.create();
};

const serve = async () => {
  const { startServer } = await import("./lsp/server.js");
  const { packageVersion } = await import("./host/package-info.js");
  return startServer({ version: packageVersion(), systemIncludes: processTerminal().systemIncludes ?? [], createAnalyzer });
};

process.exitCode = await main(process.argv.slice(2), processTerminal(), createAnalyzer, serve);
