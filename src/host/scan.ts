/** Gathers the files of a run: those that may use libwebsockets with their bytes, the others as numbers. */
import type { Hash } from "node:crypto";
import path from "node:path";
import type { Problem } from "../diagnostics/diagnostic.js";
import { compareText } from "../diagnostics/order.js";
import { BatchReader } from "./batch-reader.js";
import { discover, displayName, type Candidate, type DiscoveryOptions } from "./discover.js";
import { FileReader, type ReadResult } from "./file-reader.js";

export interface ScannedFile {
  readonly name: string;
  /** Under which the system opens the file; absent for standard input. */
  readonly absolute?: string;
  readonly bytes: Uint8Array;
  /** Without a trace of the library, but on a way between files that have some. */
  readonly connects?: true;
  /** Hashes of the names of its functions that do not matter. */
  readonly leavesOut?: readonly number[];
}

/** A file without any trace of the library. */
export interface IrrelevantFile {
  readonly name: string;
  readonly absolute: string;
}

/** Files without a trace of the library that lie between files that have some, by name, each with what can be left out of it. */
export type Connecting = ReadonlyMap<string, readonly number[]>;

export interface Scan {
  /** By name, in the order in which they were found. */
  readonly files: ReadonlyMap<string, ScannedFile>;
  readonly filesSeen: number;
  /** Files without any trace of libwebsockets. */
  readonly filesIrrelevant: number;
  /** Those of them that others may come by on their way. */
  readonly irrelevant: readonly IrrelevantFile[];
  readonly vendored: readonly string[];
  readonly skippedFolders: readonly string[];
  readonly problems: readonly Problem[];
  /** Whether something that was named could not be read. */
  readonly missing: boolean;
}

class Collector {
  readonly files = new Map<string, ScannedFile>();
  readonly problems: Problem[] = [];
  filesSeen = 0;
  filesIrrelevant = 0;
  readonly irrelevant: IrrelevantFile[] = [];
  missing = false;

  /** @param digest is to hold what there is of files without a trace of the library */
  constructor(readonly digest?: Hash) {}

  add(candidate: Omit<Candidate, "absolute"> & { readonly absolute?: string }, result: ReadResult): void {
    this.filesSeen++;
    const { name, absolute, named } = candidate;
    if (result.kind === "irrelevant") {
      this.filesIrrelevant++;
      if (absolute === undefined) return;
      this.irrelevant.push({ name, absolute });
      if (result.bytes) this.digest?.update(`${name}\0${result.bytes.length}\0`).update(result.bytes);
    } else if (result.kind === "refused") {
      this.problems.push({ file: name, message: result.message });
      if (named) this.missing = true;
    } else this.files.set(name, { name, bytes: result.bytes, ...(absolute === undefined ? {} : { absolute }) });
  }
}

/**
 * Scans files and folders. Never throws for a file: what cannot be read becomes a problem.
 *
 * @param digest is fed with the names and contents of `Scan.irrelevant`
 */
export const scanPaths = (options: DiscoveryOptions, onFile: (seen: number) => void, digest?: Hash): Scan => {
  const collector = new Collector(digest);
  const onResult = (candidate: Candidate, result: ReadResult): void => {
    collector.add(candidate, result);
    onFile(collector.filesSeen);
  };
  const reader = new BatchReader(onResult, digest !== undefined);
  const discovery = discover(options, (candidate) => reader.add(candidate));
  reader.flush();
  const { vendored, skippedFolders } = discovery;
  return {
    ...scanOf(collector),
    vendored,
    skippedFolders,
    problems: [...discovery.problems, ...collector.problems],
    missing: discovery.missing || collector.missing,
  };
};

const scanOf = ({ files, filesSeen, filesIrrelevant, irrelevant, problems, missing }: Collector): Scan => ({
  files,
  filesSeen,
  filesIrrelevant,
  irrelevant,
  problems,
  missing,
  vendored: [],
  skippedFolders: [],
});

/** The scan with some of its irrelevant files among those to be analyzed. */
export function withChosen(scan: Scan, connecting: Connecting): Scan {
  if (connecting.size === 0) return scan;
  const reader = new FileReader();
  const added = scan.irrelevant.flatMap(({ name, absolute }): ScannedFile[] => {
    const leavesOut = connecting.get(name);
    const bytes = leavesOut && reader.inspect(absolute, (found) => new Uint8Array(found));
    return bytes === undefined ? [] : [{ name, absolute, bytes, connects: true, leavesOut: leavesOut! }];
  });
  const files = [...scan.files.values(), ...added].sort((a, b) => compareText(a.name, b.name));
  return { ...scan, files: new Map(files.map((file) => [file.name, file])), filesIrrelevant: scan.filesIrrelevant - added.length };
}

/** Takes one text, under the name of the file it is meant to become. */
export const scanText = (cwd: string, fileName: string, bytes: Uint8Array): Scan => {
  const collector = new Collector();
  const name = displayName(cwd, path.resolve(cwd, fileName));
  collector.add({ name, named: true }, FileReader.judge(bytes, true));
  return scanOf(collector);
};
