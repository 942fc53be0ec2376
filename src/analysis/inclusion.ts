/** Which files of a scan another file includes, directly or through others: told by the ends of paths, as nobody knows the search path. */
import type { FileFacts } from "./facts.js";

export class Inclusion {
  readonly #byName = new Map<string, FileFacts[]>();
  readonly #closures = new Map<FileFacts, ReadonlySet<FileFacts>>();

  constructor(files: readonly FileFacts[]) {
    for (const file of files) {
      const name = baseName(file.path);
      const list = this.#byName.get(name);
      if (list) list.push(file);
      else this.#byName.set(name, [file]);
    }
  }

  includes(file: FileFacts, header: FileFacts): boolean {
    return file === header || this.#closure(file).has(header);
  }

  #closure(file: FileFacts): ReadonlySet<FileFacts> {
    let closure = this.#closures.get(file);
    if (!closure) {
      const found = new Set<FileFacts>();
      const pending = [file];
      for (let next = pending.pop(); next; next = pending.pop()) {
        for (const included of this.#direct(next)) {
          if (found.has(included)) continue;
          found.add(included);
          pending.push(included);
        }
      }
      this.#closures.set(file, (closure = found));
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
