/** Which files of a scan another file includes, directly or through others: told by the ends of paths, as nobody knows the search path. */
import type { FileFacts } from "./facts.js";

export class Inclusion {
  readonly #byName = new Map<string, FileFacts[]>();
  /** By path, the paths of all that is included. */
  readonly #closures = new Map<string, ReadonlySet<string>>();

  constructor(files: readonly FileFacts[]) {
    for (const file of files) {
      const name = baseName(file.path);
      const list = this.#byName.get(name);
      if (list) list.push(file);
      else this.#byName.set(name, [file]);
    }
  }

  includes(file: FileFacts, header: FileFacts): boolean {
    return file === header || this.#closure(file).has(header.path);
  }

  /** Another version of a file. */
  replace(before: FileFacts, after: FileFacts, includesOthers: boolean): void {
    if (includesOthers) this.#closures.clear();
    const list = this.#byName.get(baseName(before.path)) ?? [];
    const at = list.indexOf(before);
    if (at >= 0) list[at] = after;
  }

  #closure(file: FileFacts): ReadonlySet<string> {
    let closure = this.#closures.get(file.path);
    if (!closure) {
      const found = new Set<string>();
      const pending = [file];
      for (let next = pending.pop(); next; next = pending.pop()) {
        for (const included of this.#direct(next)) {
          if (found.has(included.path)) continue;
          found.add(included.path);
          pending.push(included);
        }
      }
      this.#closures.set(file.path, (closure = found));
    }
    return closure;
  }

  #direct(file: FileFacts): readonly FileFacts[] {
    return file.includes.flatMap(({ path }) => {
      const written = path.replace(/^(?:\.\.?\/)+/, "");
      return (this.#byName.get(baseName(written)) ?? []).filter((other) => other.path === written || other.path.endsWith(`/${written}`));
    });
  }
}

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
