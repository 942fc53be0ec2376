import type { Language } from "./ast.js";
import {
  all, always, definedCondition, evaluate, never, not, parseCondition, satisfy, type Assignment, type Condition, type Effort,
} from "./conditions.js";
import { unsplice, type Directive, type Lexed } from "./lexer.js";

/** One branch of a conditional group: tokens `[first, end)`, in which further groups may lie. */
export interface Branch {
  /** Its own condition and the failure of all before it. */
  readonly condition: Condition;
  readonly first: number;
  readonly end: number;
  readonly groups: readonly Group[];
}

/** `#if` to `#endif`: tokens `[first, end)`. Branches that can never be active are left out. */
export interface Group {
  readonly first: number;
  readonly end: number;
  readonly branches: readonly Branch[];
  /** When none of the branches is active; `never` where there is an `#else`. */
  readonly otherwise: Condition;
}

export interface ConditionalTree {
  /** Groups of the outermost level, in order. */
  readonly groups: readonly Group[];
  /** Directives in branches that are never active, by their place in the list of directives. */
  readonly dead: ReadonlySet<number>;
  /** `#else`, `#endif`, … without an `#if`, and groups without an `#endif`: offsets of the directives. */
  readonly unbalanced: readonly number[];
  /** Whether groups were nested deeper than they are told apart. */
  readonly isTooDeep: boolean;
}

/** Groups inside of each other that are told apart, and branches of a chain that exclude a later one. */
const DEPTH_LIMIT = 64;
const CHAIN_LIMIT = 64;

interface OpenBranch {
  readonly own: Condition;
  readonly first: number;
  readonly directive: number;
  readonly groups: Group[];
}

interface OpenGroup {
  readonly first: number;
  readonly start: number;
  readonly done: { readonly branch: OpenBranch; readonly end: number; readonly directiveEnd: number }[];
  current: OpenBranch;
  hasElse: boolean;
}

/** Nests the conditional directives of a file. Whatever is wrong with them, the result is well formed. */
export function conditionalTree(lexed: Lexed, language: Language): ConditionalTree {
  const text = lexed.tokens.text;
  const top: Group[] = [];
  const open: OpenGroup[] = [];
  const dead = new Set<number>();
  const unbalanced: number[] = [];
  /** Groups below the depth limit that are open; all their branches are read as one text. */
  let ignored = 0;
  let isTooDeep = false;
  const cache = new Map<string, Condition>();

  const conditionOf = (directive: Directive): Condition => {
    const body = text.slice(directive.nameEnd, directive.end);
    const key = `${directive.name} ${body}`;
    let condition = cache.get(key);
    if (condition === undefined) {
      condition = readCondition(directive, body, text, language);
      cache.set(key, condition);
    }
    return condition;
  };

  const close = (group: OpenGroup, end: number, directive: number): void => {
    group.done.push({ branch: group.current, end, directiveEnd: directive });
    const into = open.at(-1)?.current.groups ?? top;
    finishGroup(group, end, into, dead);
  };

  lexed.directives.forEach((directive, index) => {
    const group = open.at(-1);
    const opens = directive.name === "if" || directive.name === "ifdef" || directive.name === "ifndef";
    if (ignored > 0 || (opens && open.length >= DEPTH_LIMIT)) {
      isTooDeep = true;
      if (opens) ignored++;
      else if (directive.name === "endif") ignored--;
      return;
    }
    switch (directive.name) {
      case "if":
      case "ifdef":
      case "ifndef":
        open.push({
          first: directive.token,
          start: directive.start,
          done: [],
          current: { own: conditionOf(directive), first: directive.token, directive: index, groups: [] },
          hasElse: false,
        });
        return;
      case "elif":
      case "elifdef":
      case "elifndef":
      case "else":
        if (group === undefined || group.hasElse) {
          unbalanced.push(directive.start);
          return;
        }
        group.done.push({ branch: group.current, end: directive.token, directiveEnd: index });
        group.hasElse = directive.name === "else";
        group.current = { own: group.hasElse ? always : conditionOf(directive), first: directive.token, directive: index, groups: [] };
        return;
      case "endif":
        if (group === undefined) {
          unbalanced.push(directive.start);
          return;
        }
        open.pop();
        close(group, directive.token, index);
        return;
    }
  });
  for (let group = open.pop(); group !== undefined; group = open.pop()) {
    unbalanced.push(group.start);
    close(group, lexed.tokens.count, lexed.directives.length);
  }
  return { groups: top, dead, unbalanced, isTooDeep };
}

function readCondition(directive: Directive, body: string, text: string, language: Language): Condition {
  if (directive.name === "if" || directive.name === "elif") return parseCondition(text, directive.nameEnd, directive.end, language);
  const name = /[\w$\u0080-\uffff]+/.exec(unsplice(body).replace(/\/\*[\s\S]*?\*\//g, " "))?.[0] ?? "";
  const condition = definedCondition(name, language);
  return directive.name.endsWith("ndef") ? not(condition) : condition;
}

/** Works out the branches' conditions; a group whose outcome is known dissolves into what surrounds it. */
function finishGroup(group: OpenGroup, end: number, into: Group[], dead: Set<number>): void {
  const branches: Branch[] = [];
  const before: Condition[] = [];
  for (const { branch, end: branchEnd, directiveEnd } of group.done) {
    const condition = all([...before, branch.own]);
    before.push(not(branch.own));
    // The walk takes the first branch that can be active, so that a long chain may forget its beginning.
    if (before.length > CHAIN_LIMIT) before.shift();
    if (condition.kind === "constant" && !condition.value) {
      for (let i = branch.directive + 1; i < directiveEnd; i++) dead.add(i);
    } else branches.push({ condition, first: branch.first, end: branchEnd, groups: branch.groups });
  }
  const certain = branches.find((branch) => branch.condition.kind === "constant");
  if (certain !== undefined && branches.length === 1) {
    // Groups without branches stand for tokens that are never active.
    into.push({ first: group.first, end: certain.first, branches: [], otherwise: always });
    into.push(...certain.groups);
    into.push({ first: certain.end, end, branches: [], otherwise: always });
    return;
  }
  into.push({ first: group.first, end, branches, otherwise: group.hasElse ? never : all(before) });
}

/** Where a walk over the active tokens stands: the ranges it is inside of, innermost last. */
interface Frame {
  readonly groups: readonly Group[];
  nextGroup: number;
  at: number;
  readonly end: number;
}

/**
 * Walks over the tokens of a range that are active under a growing assignment: where a group is still
 * open, the first branch that can be active is taken and the assignment extended.
 */
export class ActiveTokens {
  readonly #frames: Frame[];
  readonly #effort: Effort;
  assignment: Assignment;
  /** Whether a group with live branches was met. */
  hasChosen = false;

  constructor(groups: readonly Group[], from: number, end: number, assignment: Assignment, effort: Effort) {
    this.#frames = [{ groups, nextGroup: firstGroup(groups, from), at: from, end }];
    this.assignment = assignment;
    this.#effort = effort;
  }

  /** 0 outside of all groups. */
  get level(): number {
    return this.#frames.length - 1;
  }

  /** At level 0: the token at which the walk goes on, a group's first one when a group comes next. */
  get position(): number {
    return this.#frames[0]!.at;
  }

  /** Number of the next active token, or -1 at the end. */
  next(): number {
    this.settle();
    const frame = this.#frames.at(-1)!;
    if (frame.at >= frame.end) return -1;
    return frame.at++;
  }

  /** Goes into and out of groups until the next thing is a token or the end. */
  settle(): void {
    for (;;) {
      const frame = this.#frames.at(-1)!;
      const group = frame.groups[frame.nextGroup];
      if (group !== undefined && group.first <= frame.at && group.first < frame.end) {
        frame.nextGroup++;
        frame.at = Math.max(frame.at, group.end);
        this.#enter(group);
      } else if (frame.at >= frame.end && this.#frames.length > 1) this.#frames.pop();
      else return;
    }
  }

  #enter(group: Group): void {
    if (group.branches.length === 0) return;
    this.hasChosen = true;
    for (const branch of group.branches) {
      const value = evaluate(branch.condition, this.assignment);
      if (value === false) continue;
      const extended = value ? this.assignment : satisfy(branch.condition, true, this.assignment, this.#effort);
      if (extended === undefined) continue;
      this.assignment = extended;
      this.#frames.push({ groups: branch.groups, nextGroup: 0, at: branch.first, end: branch.end });
      return;
    }
    this.assignment = satisfy(group.otherwise, true, this.assignment, this.#effort) ?? this.assignment;
  }
}

/** Index of the first group that ends behind a token or begins at it. */
export function firstGroup(groups: readonly Group[], token: number): number {
  let low = 0;
  let high = groups.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (groups[middle]!.first < token) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All ways out of the groups in a range: the path condition of every branch, and of taking none. */
function outcomes(groups: readonly Group[], from: number, end: number, path: readonly Condition[], into: Condition[]): void {
  for (let i = firstGroup(groups, from); i < groups.length; i++) {
    const group = groups[i]!;
    if (group.first >= end) return;
    if (group.branches.length === 0) continue;
    for (const branch of group.branches) {
      const own = [...path, branch.condition];
      into.push(all(own));
      outcomes(branch.groups, branch.first, branch.end, own, into);
    }
    // A group without tokens in it makes no difference when it is left out, but its absence is an outcome.
    const otherwise = all([...path, group.otherwise]);
    if (otherwise.kind !== "constant" || otherwise.value) into.push(otherwise);
  }
}

export interface Cover {
  readonly assignments: readonly Assignment[];
  /** Branches that no configuration within the budget takes. */
  readonly missed: number;
}

/** Assignments under which every outcome of the groups in a range that is possible in the context occurs at least once. */
export function cover(groups: readonly Group[], from: number, end: number, context: Assignment, budget: number, effort: Effort): Cover {
  let open: Condition[] = [];
  outcomes(groups, from, end, [], open);
  const assignments: Assignment[] = [];
  while (open.length > 0 && assignments.length < budget && !effort.isExhausted) {
    let assignment = context;
    const left: Condition[] = [];
    let hasCovered = false;
    for (const condition of open) {
      const extended = satisfy(condition, true, assignment, effort);
      if (extended !== undefined) {
        assignment = extended;
        hasCovered = true;
      } else if (hasCovered) left.push(condition);
      // What cannot even hold on its own in this context is dead code here.
    }
    if (!hasCovered) {
      open = [];
      break;
    }
    assignments.push(assignment);
    open = left;
  }
  return { assignments: assignments.length > 0 ? assignments : [context], missed: open.length };
}
