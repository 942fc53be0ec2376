/** A function of a program. Another version of its file puts other facts into it; who has read the old ones depends on them. */
import { Source } from "../dataflow/answers.js";
import type { FileFacts, FunctionFacts } from "./facts.js";

export interface FunctionNode {
  /** In the order of files and offsets. */
  readonly id: number;
  readonly file: FileFacts;
  readonly facts: FunctionFacts;
}

export class Node extends Source implements FunctionNode {
  /** The calls by name that enter it. */
  readonly calledFrom = new Source();
  #file: FileFacts;
  #facts: FunctionFacts;

  constructor(
    public id: number,
    readonly ofFile: Source,
    file: FileFacts,
    facts: FunctionFacts,
  ) {
    super();
    this.#file = file;
    this.#facts = facts;
  }

  get file(): FileFacts {
    this.ofFile.read();
    return this.#file;
  }

  get facts(): FunctionFacts {
    this.read();
    return this.#facts;
  }

  /** Takes on what another version of the file says. That the file has changed is told by others. */
  become(id: number, file: FileFacts, facts: FunctionFacts): void {
    this.id = id;
    this.#file = file;
    if (facts === this.#facts) return;
    this.#facts = facts;
    this.changed();
  }
}

/** Ids of functions of one file lie between two multiples of it. */
export const IDS_PER_FILE = 1 << 20;
