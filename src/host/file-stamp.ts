/** Tells whether a file on disk has changed, for editors that do not watch files. */
import { statSync } from "node:fs";

/** Changes whenever the file is written; `undefined` where there is none. */
export const fileStamp = (absolute: string): string | undefined => {
  const stat = statSync(absolute, { throwIfNoEntry: false });
  return stat === undefined ? undefined : `${stat.mtimeMs}:${stat.size}:${stat.ino}`;
};
