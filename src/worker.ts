/** The local phase in a thread of its own: takes files from a shared list until none is left. */
import { parentPort, workerData } from "node:worker_threads";
import { Analyzer } from "./analyzer.js";
import type { FileResult, WorkerTask } from "./host/workers.js";

const { files, next } = workerData as WorkerTask;
const analyzer = Analyzer.createLazily();
const results: [number, FileResult][] = [];
for (let index = Atomics.add(next, 0, 1); index < files.length; index = Atomics.add(next, 0, 1)) {
  const { path, content, leavesOut } = files[index]!;
  results.push([index, await analyzer.analyzeFile(path, content, leavesOut)]);
}
parentPort!.postMessage(results);
