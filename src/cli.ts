#!/usr/bin/env node
/**
 * The command `lws-lint`: arguments to the host, its exit code to the system. The engine is loaded when the first file
 * needs it.
 */
import { main } from "./host/main.js";
import { processTerminal } from "./host/process-terminal.js";

process.exitCode = await main(process.argv.slice(2), processTerminal(), async () => {
  const { Analyzer } = await import("./analyzer.js");
  return Analyzer.create();
});
