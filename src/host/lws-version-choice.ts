/** Which release every file of a run is judged by: what was said, else what the files around it tell, else an assumption. */
import path from "node:path";
import { ASSUMED_RELEASE, formatRelease } from "../lws/api/releases.js";
import type { LwsVersion } from "../reporters/report.js";
import { displayName } from "./discover.js";
import { distinct, VersionFinder, type FinderOptions, type FoundVersion } from "./lws-version-files.js";
import type { Scan } from "./scan.js";

export interface ReleaseChoice {
  /** By the name of a file in results; `undefined` where the engine's own default holds. */
  readonly of: (name: string) => string | undefined;
  /** All of them, that of most files first. */
  readonly all: readonly LwsVersion[];
}

/** An option or a configuration file says the release. */
export interface SaidVersion {
  readonly source: "option" | "config";
  readonly version: string;
  /** Absolute. */
  readonly file?: string;
}

const ASSUMED: LwsVersion = { version: formatRelease(ASSUMED_RELEASE), source: "assumed" };

const described = (found: FoundVersion | undefined): LwsVersion =>
  found === undefined
    ? ASSUMED
    : { version: formatRelease(found.release), source: found.source, file: found.file, line: found.line };

export const chooseReleases = (scan: Scan, said: SaidVersion | undefined, options: FinderOptions): ReleaseChoice => {
  if (said !== undefined) {
    const { file, ...rest } = said;
    return { of: () => said.version, all: [{ ...rest, ...(file && { file: displayName(options.cwd, file) }) }] };
  }
  const finder = new VersionFinder({ ...options, copies: scan.vendored });
  const found = new Map(
    [...scan.files].map(([name, { absolute }]) => [name, finder.of(absolute ?? path.resolve(options.cwd, name))]),
  );
  return {
    of: (name) => {
      // A file of another revision need not be there now; what is around it tells all the same.
      const one = found.has(name) ? found.get(name) : finder.of(path.resolve(options.cwd, name));
      return one && formatRelease(one.release);
    },
    all: distinct(found.values()).map(described),
  };
};
