import type { Language } from "./ast.js";
import { ActiveTokens, cover, firstGroup, type Branch, type ConditionalTree, type Group } from "./conditionals.js";
import { Effort, describeAssignment, noAssignment, satisfy, type Assignment } from "./conditions.js";
import { ItemScanner, type Item, type OpenedClass, type Scope } from "./item-scanner.js";
import { tokenText, type Tokens } from "./lexer.js";
import { looksLikeMacro } from "./stream.js";
import { T } from "./token.js";

/** Configurations per item, and search steps per item: real code needs two to four and some dozens. */
const CONFIGURATION_BUDGET = 16;
const EFFORT_BUDGET = 20_000;

/** An item under one configuration. */
export interface FoundItem {
  readonly item: Item;
  /** In words; empty where the item is the same in every configuration. */
  readonly configuration: string;
}

export interface SplitResult {
  readonly items: readonly FoundItem[];
  readonly configurations: number;
  readonly classes: readonly OpenedClass[];
  /** Closing braces that close nothing, by token. */
  readonly strayBraces: readonly number[];
  readonly limits: readonly string[];
}

/**
 * Splits a file into file-level items. Conditional groups between items need no configurations: their
 * branches are read one after the other. Where a group lies inside an item or cuts one, the smallest
 * stretch of whole groups around it is read once per configuration of just these groups.
 */
export function splitItems(tokens: Tokens, tree: ConditionalTree, language: Language): SplitResult {
  const splitter = new Splitter(tokens, language);
  splitter.sequence(tree.groups, 0, tokens.count, noAssignment);
  return splitter.result();
}

/** How the brackets of a branch add up, groups in it by their first branch. */
interface Balance {
  readonly net: number;
  readonly lowest: number;
  readonly parens: number;
  readonly firstKind: number;
  readonly lastToken: number;
}

class Splitter {
  readonly #tokens: Tokens;
  readonly #scanner: ItemScanner;
  readonly #items: FoundItem[] = [];
  readonly #strayBraces: number[] = [];
  readonly #limits = new Set<string>();
  readonly #balances = new Map<Branch, Balance>();
  #configurations = 1;

  constructor(tokens: Tokens, language: Language) {
    this.#tokens = tokens;
    this.#scanner = new ItemScanner(tokens, language);
  }

  result(): SplitResult {
    return { items: this.#items, classes: [...this.#scanner.classes.values()], configurations: this.#configurations, strayBraces: this.#strayBraces, limits: [...this.#limits] };
  }

  sequence(groups: readonly Group[], from: number, end: number, context: Assignment): void {
    let at = from;
    let next = firstGroup(groups, from);
    while (at < end || (next < groups.length && groups[next]!.first < end)) {
      const group = groups[next];
      if (group !== undefined && group.first <= at) {
        if (this.#isComplete(group, end)) {
          this.#branches(group, context);
          at = group.end;
          next++;
          continue;
        }
      }
      if (at >= end) break;
      const stop = this.#stretch(groups, at, end, context);
      at = Math.max(stop, at + 1);
      while (next < groups.length && groups[next]!.first < at) next++;
    }
  }

  #branches(group: Group, context: Assignment): void {
    const scopes = this.#scanner.scopes;
    const effort = new Effort(EFFORT_BUDGET);
    let after: readonly Scope[] | undefined;
    for (const branch of group.branches) {
      const assignment = satisfy(branch.condition, true, context, effort);
      // Excluded by what stands around it.
      if (assignment === undefined && !effort.isExhausted) continue;
      this.#scanner.scopes = scopes;
      this.sequence(branch.groups, branch.first, branch.end, assignment ?? context);
      after ??= this.#scanner.scopes;
    }
    this.#scanner.scopes = after ?? scopes;
  }

  /** Whether every branch of a group between items consists of whole items. */
  #isComplete(group: Group, end: number): boolean {
    const { kind } = this.#tokens;
    const following = group.end < end ? kind[group.end]! : 0;
    for (const branch of group.branches) {
      const balance = this.#balance(branch);
      if (balance.lastToken < 0) continue;
      if (balance.net !== 0 || balance.lowest < 0 || balance.parens !== 0) {
        if (this.#isLinkageBrace(branch, balance)) continue;
        return false;
      }
      const continues = following === T.LBrace || following === T.Semicolon || following === T.Assign || following === T.Comma ||
        following === T.LBracket || following === T.Star || following === T.RParen || following === T.LParen;
      const last = kind[balance.lastToken]!;
      if (last === T.Semicolon) continue;
      if (last === T.RBrace && !continues) continue;
      if (last === T.RParen && !continues && kind[branch.first] === T.Identifier) continue;
      if (last === T.Colon && kind[branch.first] === T.Access) continue;
      if (branch.end - branch.first === 1 && looksLikeMacro(tokenText(this.#tokens, branch.first)) && (following === T.Typedef || following === 0)) continue;
      return false;
    }
    return true;
  }

  /** A branch that only opens or closes an `extern "C"` block. */
  #isLinkageBrace(branch: Branch, balance: Balance): boolean {
    const { kind } = this.#tokens;
    const length = branch.end - branch.first;
    if (balance.net === 1 && length === 3) return kind[branch.first] === T.Extern && kind[branch.first + 1] === T.String;
    return balance.net === -1 && length === 1 && this.#scanner.scopes.some((scope) => !scope.isClass && scope.name === "");
  }

  #balance(branch: Branch): Balance {
    const known = this.#balances.get(branch);
    if (known !== undefined) return known;
    const { kind } = this.#tokens;
    let net = 0;
    let lowest = 0;
    let parens = 0;
    let lastToken = -1;
    let firstKind = 0;
    let next = 0;
    let at = branch.first;
    while (at < branch.end || next < branch.groups.length) {
      const group = branch.groups[next];
      if (group !== undefined && group.first <= at) {
        next++;
        at = Math.max(at, group.end);
        const inner = group.branches[0];
        if (inner === undefined) continue;
        const balance = this.#balance(inner);
        lowest = Math.min(lowest, net + balance.lowest);
        net += balance.net;
        parens += balance.parens;
        if (balance.lastToken >= 0) lastToken = balance.lastToken;
        if (firstKind === 0) firstKind = balance.firstKind;
        continue;
      }
      if (at >= branch.end) break;
      const k = kind[at]!;
      if (firstKind === 0) firstKind = k;
      if (k === T.LBrace) net++;
      else if (k === T.RBrace) lowest = Math.min(lowest, --net);
      else if (k === T.LParen) parens++;
      else if (k === T.RParen) parens--;
      lastToken = at++;
    }
    const balance = { net, lowest, parens, firstKind, lastToken };
    this.#balances.set(branch, balance);
    return balance;
  }

  /** Reads one item, or the items of a stretch that groups hold together; returns the token behind. */
  #stretch(groups: readonly Group[], from: number, end: number, context: Assignment): number {
    const effort = new Effort(EFFORT_BUDGET);
    const scanner = this.#scanner;
    const scopes = scanner.scopes;
    const walk = new ActiveTokens(groups, from, end, context, effort);
    const found: Item[] = [];
    const stray: number[] = [];
    let stop = end;
    const collect = (): void => {
      const item = scanner.take();
      if (item !== undefined) found.push(item);
      const brace = scanner.takeStray();
      if (brace >= 0) stray.push(brace);
    };
    for (let token = walk.next(); token >= 0; token = walk.next()) {
      let fed = scanner.feed(token);
      if (fed === "before") {
        collect();
        if (walk.level === 0) {
          stop = token;
          break;
        }
        fed = scanner.feed(token);
      }
      if (fed === "more") continue;
      collect();
      if (scanner.isEmpty && walk.level === 0) {
        stop = walk.position;
        break;
      }
      // At the end of a branch the stretch ends with its group, when the items do.
      walk.settle();
      if (walk.level === 0 && scanner.isEmpty) {
        stop = walk.position;
        break;
      }
    }
    if (stop === end) {
      scanner.finish();
      collect();
    }
    if (!walk.hasChosen) {
      for (const item of found) this.#items.push({ item, configuration: "" });
      this.#strayBraces.push(...stray);
      return stop;
    }
    scanner.scopes = scopes;
    this.#configure(groups, from, stop, context);
    return stop;
  }

  #configure(groups: readonly Group[], from: number, end: number, context: Assignment): void {
    const effort = new Effort(EFFORT_BUDGET);
    const { assignments, missed } = cover(groups, from, end, context, CONFIGURATION_BUDGET, effort);
    if (missed > 0 || effort.isExhausted) {
      this.#limits.add(`More than ${CONFIGURATION_BUDGET} configurations would be needed for all branches of one item; some were left out.`);
    }
    this.#configurations += assignments.length - 1;
    const scopes = this.#scanner.scopes;
    let after: readonly Scope[] | undefined;
    for (const assignment of assignments) {
      this.#scanner.scopes = scopes;
      const walk = new ActiveTokens(groups, from, end, assignment, effort);
      const found: Item[] = [];
      for (let token = walk.next(); token >= 0; token = walk.next()) {
        if (this.#scanner.feed(token) === "before") {
          const item = this.#scanner.take();
          if (item !== undefined) found.push(item);
          this.#scanner.feed(token);
        }
        const item = this.#scanner.take();
        if (item !== undefined) found.push(item);
        const brace = this.#scanner.takeStray();
        if (brace >= 0) this.#strayBraces.push(brace);
      }
      this.#scanner.finish();
      const last = this.#scanner.take();
      if (last !== undefined) found.push(last);
      after ??= this.#scanner.scopes;
      const configuration = describeAssignment(walk.assignment, context);
      for (const item of found) this.#items.push({ item, configuration });
    }
    this.#scanner.scopes = after ?? scopes;
  }
}
