/**
 * Answers that are kept until something changes that they were worked out from. What can change is a `Source`; an `Answer` notes every source and
 * every other answer that is read while it is worked out. A change makes what has read it stale, and what has read that doubtful: a doubtful answer
 * is worked out again only if one of those it has read has come out different.
 */

/** What is being worked out now, and a number of this working out. */
let reader: Noting | undefined;
let round = 0;
let rounds = 0;

interface Noting {
  note(source: Source): void;
}

type State = typeof CURRENT | typeof DOUBTFUL | typeof STALE;
const CURRENT = 0;
/** Something that it has read may have changed. */
const DOUBTFUL = 1;
const STALE = 2;

/** Begins to work something out; what was being worked out before goes on afterwards. */
function begin(next: Noting): { readonly reader: Noting | undefined; readonly round: number } {
  const outer = { reader, round };
  reader = next;
  round = ++rounds;
  return outer;
}

export class Source {
  #readers: Set<Answer<never, unknown>> | undefined;
  /** The last round in which it was read: most things are read many times over. */
  #round = 0;

  /** Notes that what is being worked out depends on it. */
  read(): void {
    if (reader === undefined || this.#round === round) return;
    this.#round = round;
    reader.note(this);
  }

  changed(): void {
    for (const one of this.#readers ?? []) one.doubt(STALE);
  }

  get isRead(): boolean {
    return this.#readers !== undefined && this.#readers.size > 0;
  }

  protected doubted(): void {
    for (const one of this.#readers ?? []) one.doubt(DOUBTFUL);
  }

  /** For answers alone. */
  addReader(one: Answer<never, unknown>): void {
    (this.#readers ??= new Set()).add(one);
  }

  /** For answers alone. */
  removeReader(one: Answer<never, unknown>): void {
    this.#readers?.delete(one);
  }
}

/** @typeParam C what it is worked out with: handed in each time, so that it may be another one each time. */
export class Answer<C, T> extends Source implements Noting {
  #state: State = STALE;
  #value: { readonly is: T } | undefined;
  #read = new Set<Source>();
  #isAtWork = false;

  /**
   * @param isSame whether what has read an answer may go on with another one
   * @param onUnread told when nothing that is kept depends on it any more
   */
  constructor(
    readonly workOut: (context: C) => T,
    readonly isSame: (a: T, b: T) => boolean = Object.is,
    readonly onUnread?: () => void,
  ) {
    super();
  }

  get(context: C): T {
    // What asks for itself gets no kept answer.
    if (this.#isAtWork) return this.workOut(context);
    this.read();
    this.refresh(context);
    return this.#value!.is;
  }

  /** What it has read besides other answers of its kind; for those who would rather not keep it. */
  get sources(): ReadonlySet<Source> {
    return this.#read;
  }

  refresh(context: C): void {
    if (this.#state === DOUBTFUL) {
      for (const source of this.#read) {
        if (source instanceof Answer) (source as Answer<C, unknown>).refresh(context);
        // It has come out different, and has said so.
        if (this.#isStale()) break;
      }
    }
    if (this.#isStale()) this.#workOut(context);
    this.#state = CURRENT;
  }

  #isStale(): boolean {
    return this.#state === STALE;
  }

  #workOut(context: C): void {
    const before = this.#value;
    const gone = this.#read;
    this.#read = new Set();
    const outer = begin(this);
    this.#isAtWork = true;
    try {
      this.#value = { is: this.workOut(context) };
    } finally {
      ({ reader, round } = outer);
      this.#isAtWork = false;
    }
    for (const source of gone) if (!this.#read.has(source)) this.#leave(source);
    if (before && !this.isSame(before.is, this.#value.is)) this.changed();
  }

  note(source: Source): void {
    this.#read.add(source);
    source.addReader(this as Answer<never, unknown>);
  }

  doubt(state: State): void {
    if (this.#state >= state) return;
    const wasCurrent = this.#state === CURRENT;
    this.#state = state;
    if (wasCurrent) this.doubted();
  }

  /** Forgets what it has read: nothing makes it stale any more. */
  drop(): void {
    for (const source of this.#read) this.#leave(source);
    this.#read.clear();
  }

  #leave(source: Source): void {
    source.removeReader(this as Answer<never, unknown>);
    if (source instanceof Answer && !source.isRead) source.onUnread?.();
  }
}

/** Works something out without anything being noted: for what is kept up to date by other means. */
export function unnoted<T>(workOut: () => T): T {
  const outer = reader;
  reader = undefined;
  try {
    return workOut();
  } finally {
    reader = outer;
  }
}

/** A question that is asked again and again with different keys. */
export interface Question<C, K, T> {
  readonly answer: (context: C, key: K) => T;
  /** What tells keys apart, if they are not told apart by themselves. */
  readonly keyOf?: (key: K) => unknown;
  /** Whether what has asked may go on with another answer. */
  readonly isSame?: (a: T, b: T) => boolean;
}

/** Whether lists hold the same objects in the same order: for `isSame` of questions. */
export const sameList = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((one, i) => one === b[i]);

/** The same for sets. */
export const sameSet = (a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): boolean => a.size === b.size && [...a].every((one) => b.has(one));

/** The answers to all questions, each worked out once as long as it holds. */
export class Answers<C> {
  readonly #given = new Map<Question<C, never, unknown>, Map<unknown, unknown>>();
  readonly #unread = new Set<() => void>();

  /** @param isKept whether anything will change; if nothing does, nothing is noted */
  constructor(readonly isKept: boolean) {}

  ask<K, T>(question: Question<C, K, T>, key: K, context: C): T {
    let given = this.#given.get(question as Question<C, never, unknown>);
    if (!given) this.#given.set(question as Question<C, never, unknown>, (given = new Map()));
    const at = question.keyOf ? question.keyOf(key) : key;
    if (!this.isKept) {
      if (!given.has(at)) given.set(at, question.answer(context, key));
      return given.get(at) as T;
    }
    let answer = given.get(at) as Answer<C, T> | undefined;
    if (!answer) given.set(at, (answer = this.#answerTo(question, key, () => given.delete(at))));
    return answer.get(context);
  }

  #answerTo<K, T>(question: Question<C, K, T>, key: K, remove: () => void): Answer<C, T> {
    const forget = (): void => {
      if (answer.isRead) return;
      remove();
      answer.drop();
    };
    const answer = new Answer<C, T>((context) => question.answer(context, key), question.isSame, () => this.#unread.add(forget));
    return answer;
  }

  /** Forgets answers that nothing depends on any more. */
  sweep(): void {
    // What is forgotten may leave others unread.
    for (const forget of this.#unread) {
      this.#unread.delete(forget);
      forget();
    }
  }
}
