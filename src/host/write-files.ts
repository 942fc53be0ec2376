/** Writes files so that at every moment each of them holds either all of the old or all of the new text. */
import { Buffer } from "node:buffer";
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describeSystemError } from "./file-reader.js";

export interface Replacement {
  /** Under which the system opens the file. */
  readonly absolute: string;
  /** Under which messages name it. */
  readonly name: string;
  /** What the file must still hold. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

export interface WriteFailure {
  readonly file: string;
  readonly message: string;
}

interface Staged {
  readonly target: string;
  readonly temporary: string;
  readonly replacement: Replacement;
}

let counter = 0;

const removeQuietly = (file: string): void => {
  try {
    unlinkSync(file);
  } catch {
    // Already gone, or the next run's business: the name says whose it is.
  }
};

const removeFolderQuietly = (folder: string): void => {
  try {
    rmdirSync(folder);
  } catch {
    // Not empty: somebody else uses it by now.
  }
};

/** Writes a new file beside `target`, with the mode and, where allowed, the owner of `target` if that exists. */
const stage = (target: string, bytes: Uint8Array): string => {
  counter++;
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.${counter}.lws-lint`);
  const old = statSync(target, { throwIfNoEntry: false });
  const descriptor = openSync(temporary, "wx", old === undefined ? 0o666 : old.mode & 0o777);
  try {
    writeFileSync(descriptor, bytes);
    if (old !== undefined) {
      try {
        fchownSync(descriptor, old.uid, old.gid);
      } catch {
        // Only a privileged user can give files away; the mode below is what counts.
      }
      fchmodSync(descriptor, old.mode & 0o7777);
    }
    fsyncSync(descriptor);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return temporary;
};

const holds = (file: string, bytes: Uint8Array): boolean => Buffer.compare(readFileSync(file), bytes) === 0;

/** Whether a file, or what a link leads to, can be replaced; the reason why not in words, or `undefined`. */
export const whyNotWritable = (file: string): string | undefined => {
  try {
    const target = realpathSync(file);
    accessSync(target, constants.W_OK);
    accessSync(path.dirname(target), constants.W_OK);
    return undefined;
  } catch (error) {
    return describeSystemError(error);
  }
};

const stageAll = (replacements: readonly Replacement[], staged: Staged[]): WriteFailure | undefined => {
  for (const replacement of replacements) {
    try {
      const target = realpathSync(replacement.absolute);
      staged.push({ target, temporary: stage(target, replacement.after), replacement });
    } catch (error) {
      return { file: replacement.name, message: `cannot be written: ${describeSystemError(error)}; left as it was` };
    }
  }
  for (const { target, replacement } of staged) {
    if (!holds(target, replacement.before)) {
      return {
        file: replacement.name,
        message: "was changed by someone else during the run; left as it is: run again",
      };
    }
  }
  return undefined;
};

/**
 * Replaces the contents of files that belong together: all of them or none. Links stay links, modes are kept, and a
 * file that no longer holds what it held when it was read is left alone.
 *
 * @returns what went wrong, or `undefined`; then no file of the group was changed
 */
export const replaceTogether = (replacements: readonly Replacement[]): WriteFailure | undefined => {
  const staged: Staged[] = [];
  const failure = stageAll(replacements, staged);
  const renamed: Staged[] = [];
  try {
    if (failure !== undefined) return failure;
    for (const item of staged) {
      renameSync(item.temporary, item.target);
      renamed.push(item);
    }
    return undefined;
  } catch (error) {
    for (const { target, replacement } of renamed) renameSync(stage(target, replacement.before), target);
    const broken = staged[renamed.length]!.replacement.name;
    return { file: broken, message: `cannot be written: ${describeSystemError(error)}; left as it was` };
  } finally {
    for (const { temporary } of staged.slice(renamed.length)) removeQuietly(temporary);
  }
};

export interface NewContent {
  readonly absolute: string;
  readonly name: string;
  /** What the file holds; absent where there is none yet. */
  readonly before?: Uint8Array;
  readonly after: Uint8Array;
}

/** The folders that are missing on the way to a file, the innermost first. */
const missingFolders = (file: string): string[] => {
  const missing: string[] = [];
  for (let folder = path.dirname(file); statSync(folder, { throwIfNoEntry: false }) === undefined; folder = path.dirname(folder)) missing.push(folder);
  return missing;
};

const isUnchanged = (target: string, before: Uint8Array | undefined): boolean =>
  before === undefined ? statSync(target, { throwIfNoEntry: false }) === undefined : holds(target, before);

/**
 * Creates and replaces files that belong together: all of them or none. What was made on the way is taken back when
 * something fails.
 *
 * @returns what went wrong, or `undefined`
 */
export const writeTogether = (files: readonly NewContent[]): WriteFailure | undefined => {
  const folders: string[] = [];
  const staged: { readonly target: string; readonly temporary: string; readonly before: Uint8Array | undefined }[] = [];
  let done = 0;
  let name = "";
  try {
    for (const file of files) {
      name = file.name;
      folders.unshift(...missingFolders(file.absolute));
      mkdirSync(path.dirname(file.absolute), { recursive: true });
      const target = file.before === undefined ? file.absolute : realpathSync(file.absolute);
      staged.push({ target, temporary: stage(target, file.after), before: file.before });
    }
    for (const { target, temporary, before } of staged) {
      name = files[done]!.name;
      if (!isUnchanged(target, before)) throw new Error("it was changed by someone else meanwhile");
      renameSync(temporary, target);
      done++;
    }
    return undefined;
  } catch (error) {
    for (const { target, before } of staged.slice(0, done)) {
      if (before === undefined) removeQuietly(target);
      else renameSync(stage(target, before), target);
    }
    for (const { temporary } of staged.slice(done)) removeQuietly(temporary);
    for (const folder of folders) removeFolderQuietly(folder);
    return { file: name, message: `cannot be written: ${describeSystemError(error)}` };
  }
};

/**
 * Writes a whole file in one step, with its folders. Devices and pipes are written to, not replaced.
 *
 * @throws the error of the file system; the file is then what it was
 */
export const writeWhole = (file: string, bytes: Uint8Array): void => {
  const old = statSync(file, { throwIfNoEntry: false });
  if (old !== undefined && !old.isFile()) {
    writeFileSync(file, bytes);
    return;
  }
  mkdirSync(path.dirname(file), { recursive: true });
  const target = old === undefined ? file : realpathSync(file);
  const temporary = stage(target, bytes);
  try {
    renameSync(temporary, target);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
};
