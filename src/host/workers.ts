/** Runs the local phase of many files in several threads. */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { AnalyzerApi, FileResult } from "../analyzer.js";

export type { FileResult };

export interface WorkerFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly leavesOut?: readonly number[];
}

export interface WorkerTask {
  readonly files: readonly WorkerFile[];
  /** Index of the file that is to be taken next, shared by all threads. */
  readonly next: Int32Array;
}

/**
 * A thread has to load the parser and to warm up, which costs as much as analysing about half a megabyte: what it takes off the others must be well
 * above that, in bytes.
 */
const BYTES_PER_THREAD = 2 * 1024 * 1024;
const MOST_THREADS = 8;

/** How many threads are worth their start for files of this size altogether. */
export const usefulThreads = (bytes: number): number =>
  Math.max(1, Math.min(availableParallelism(), MOST_THREADS, Math.floor(bytes / BYTES_PER_THREAD)));

const script = new URL("./worker.js", import.meta.url);

/**
 * The results of `files`, in their order. This thread takes part; a thread that dies costs time, not results. Runs in this thread alone where the
 * worker's script is not built.
 *
 * @param threads all of them, this one included
 */
export async function analyzeInParallel(
  analyzer: Required<Pick<AnalyzerApi, "analyzeFile">>,
  files: readonly WorkerFile[],
  threads: number,
  onFile: (done: number) => void,
): Promise<readonly FileResult[]> {
  // Large files first, so that no thread is left with one at the end.
  const order = files.map((_, index) => index).sort((a, b) => files[b]!.content.length - files[a]!.content.length || a - b);
  const results: FileResult[] = new Array<FileResult>(files.length);
  const next = new Int32Array(new SharedArrayBuffer(4));
  const others = Math.min(threads, files.length) - 1;
  const pending: Promise<void>[] = [];
  if (others > 0 && existsSync(fileURLToPath(script))) {
    const task: WorkerTask = { files: order.map((index) => files[index]!), next };
    for (let i = 0; i < others; i++) {
      pending.push(runWorker(task, (index, result) => (results[order[index]!] = result)));
    }
  }
  const analyze = async (position: number): Promise<void> => {
    const index = order[position]!;
    const { path, content, leavesOut } = files[index]!;
    results[index] ??= await analyzer.analyzeFile(path, content, leavesOut);
  };
  for (let at = Atomics.add(next, 0, 1); at < files.length; at = Atomics.add(next, 0, 1)) {
    onFile(at);
    await analyze(at);
  }
  await Promise.all(pending);
  for (let at = 0; at < files.length; at++) await analyze(at);
  return results;
}

function runWorker(task: WorkerTask, onResult: (index: number, result: FileResult) => void): Promise<void> {
  return new Promise((resolve) => {
    const worker = new Worker(script, { workerData: task });
    worker.once("message", (results: readonly (readonly [number, FileResult])[]) => {
      for (const [index, result] of results) onResult(index, result);
      resolve();
      void worker.terminate();
    });
    // What it took is done again by the thread that waits.
    worker.once("error", () => resolve());
    worker.once("exit", () => resolve());
  });
}
