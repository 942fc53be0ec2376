/** Recognises copies of libwebsockets itself by the files they consist of, whatever their folder is called. */
import { existsSync } from "node:fs";

interface LayoutFile {
  /** Relative to the folder. */
  readonly file: string;
  /** What of it is an entry of the folder. */
  readonly top: string;
}

const layoutFiles = (files: readonly string[]): readonly LayoutFile[] => files.map((file) => ({ file, top: file.split("/", 1)[0]! }));

/** Each set of files, relative to one folder, is found together only in libwebsockets; releases from 1.x on. */
const LAYOUTS = [
  // The repository, from 3.0 on.
  {
    all: ["include/libwebsockets.h"],
    any: ["lib/core", "lib/core-net", "lib/libwebsockets.c", "lib/private-libwebsockets.h", "lib/private.h"],
  },
  // The repository before 3.0.
  { all: ["lib/libwebsockets.h", "lib/libwebsockets.c"], any: [] },
  // Its `lib` folder alone, and copies whose files all lie in one folder.
  { all: ["core/private-lib-core.h"], any: [] },
  { all: ["libwebsockets.h"], any: ["libwebsockets.c", "private-libwebsockets.h", "private-lib-core.h"] },
  { all: ["private-libwebsockets.h"], any: ["context.c", "pollfd.c"] },
  // Its public headers alone.
  { all: ["lws-callbacks.h", "lws-context-vhost.h"], any: [] },
].map(({ all, any }) => ({ all: layoutFiles(all), any: layoutFiles(any) }));

/**
 * Whether a folder is a copy of libwebsockets or of a part of it.
 *
 * @param names the entries of the folder; nothing else is looked up unless they make a layout possible
 */
export const isLibwebsockets = (folder: string, names: ReadonlySet<string>): boolean => {
  const holds = ({ file, top }: LayoutFile): boolean => names.has(top) && (top === file || existsSync(`${folder}/${file}`));
  return LAYOUTS.some(({ all, any }) => all.every(holds) && (any.length === 0 || any.some(holds)));
};

/** Folders at the top of libwebsockets' repository in any release from 1.0 to 5.0. */
const REPOSITORY_FOLDERS = new Set([
  "READMEs", "assets", "cmake", "contrib", "doc", "doc-assets", "include", "lib", "lwsws", "m4", "minimal-examples", "minimal-examples-lowlevel",
  "plugin-standalone", "plugins", "scripts", "test-apps", "test-server", "win32port",
]);

/** Folders in a copy of the whole repository that are none of its own: somebody put a program beside the library. */
export const foreignFolders = (names: ReadonlySet<string>, folders: readonly string[]): readonly string[] =>
  names.has("lib") ? folders.filter((name) => !REPOSITORY_FOLDERS.has(name)) : [];
