/** Builds the control-flow graph of one function body. Never fails: what it cannot follow becomes an `unread` element. */
import type {
  CaseStmt, CompoundStmt, Expr, Stmt, SwitchStmt, TypeName, VarDecl,
} from "../syntax/ast.js";
import type { Span } from "../source/span.js";
import { typeAsName } from "../syntax/type-name.js";
import type { Cfg, Edge, Element, Loop } from "./cfg.js";
import { inReversePostOrder } from "./order.js";
import { hasEffects, isConstantZero, isStatement } from "./effects.js";

interface OpenBlock {
  id: number;
  elements: Element[];
  successors: OpenEdge[];
}
type OpenEdge = Omit<Edge, "to"> & { to: OpenBlock };

interface SwitchFrame {
  readonly labels: { readonly label: CaseStmt; readonly block: OpenBlock }[];
  defaultBlock: OpenBlock | undefined;
}

export function buildCfg(body: CompoundStmt): Cfg {
  return new Builder().build(body);
}

class Builder {
  readonly #blocks: OpenBlock[] = [];
  readonly #loops: Loop[] = [];
  readonly #labels = new Map<string, OpenBlock>();
  readonly #breaks: OpenBlock[] = [];
  readonly #continues: OpenBlock[] = [];
  readonly #switches: SwitchFrame[] = [];
  readonly #computedGotos: OpenBlock[] = [];
  readonly #exit: OpenBlock;
  #current: OpenBlock;
  #stmt: Stmt | undefined;

  constructor() {
    this.#current = this.#newBlock();
    this.#exit = { id: -1, elements: [], successors: [] };
  }

  build(body: CompoundStmt): Cfg {
    const entry = this.#current;
    this.#statement(body);
    this.#jump(this.#exit);
    // A computed goto may go to any label of the function.
    for (const from of this.#computedGotos) for (const to of this.#labels.values()) this.#edge(from, { kind: "next", to });
    this.#blocks.push(this.#exit);
    const ordered = inReversePostOrder(entry, this.#blocks);
    return {
      entry: entry,
      exit: this.#exit,
      blocks: ordered,
      loops: this.#loops,
    };
  }

  #newBlock(): OpenBlock {
    const block: OpenBlock = { id: -1, elements: [], successors: [] };
    this.#blocks.push(block);
    return block;
  }

  #edge(from: OpenBlock, edge: OpenEdge): void {
    from.successors.push(edge);
  }

  /** Ends the current block with a plain jump and leaves no current block that anything flows into. */
  #jump(to: OpenBlock, isBack = false): void {
    this.#edge(this.#current, isBack ? { kind: "next", to, isBack } : { kind: "next", to });
    this.#current = this.#newBlock();
  }

  /** Ends the current block with a plain jump to a block that becomes the current one. */
  #fallInto(to: OpenBlock): void {
    this.#edge(this.#current, { kind: "next", to });
    this.#current = to;
  }

  #add(element: Element): void {
    this.#current.elements.push(element);
  }

  #labelBlock(name: string): OpenBlock {
    let block = this.#labels.get(name);
    if (!block) this.#labels.set(name, (block = this.#newBlock()));
    return block;
  }

  // ---- statements ------------------------------------------------------------------------------

  #statement(stmt: Stmt): void {
    const outer = this.#stmt;
    this.#stmt = stmt;
    this.#statementInner(stmt);
    this.#stmt = outer;
  }

  #statementInner(stmt: Stmt): void {
    switch (stmt.kind) {
      case "compound":
        for (const inner of stmt.body) this.#statement(inner);
        return;
      case "expr":
        this.#evaluate(stmt.expr);
        return;
      case "decl":
        for (const decl of stmt.vars) {
          if (decl.init) this.#evaluate(decl.init);
          this.#add({ kind: "declare", decl, stmt });
        }
        return;
      case "if": {
        if (stmt.init) this.#statement(stmt.init);
        const then = this.#newBlock();
        const after = this.#newBlock();
        const otherwise = stmt.otherwise ? this.#newBlock() : after;
        this.#branch(stmt.condition, then, otherwise);
        this.#current = then;
        this.#statement(stmt.then);
        this.#jump(after);
        if (stmt.otherwise) {
          this.#current = otherwise;
          this.#statement(stmt.otherwise);
          this.#jump(after);
        }
        this.#current = after;
        return;
      }
      case "switch":
        this.#switch(stmt);
        return;
      case "case": {
        const frame = this.#switches.at(-1);
        if (!frame) return;
        const block = this.#newBlock();
        frame.labels.push({ label: stmt, block });
        this.#fallInto(block);
        return;
      }
      case "default": {
        const frame = this.#switches.at(-1);
        if (!frame) return;
        const block = this.#newBlock();
        frame.defaultBlock = block;
        this.#fallInto(block);
        return;
      }
      case "while": {
        const head = this.#newBlock();
        const body = this.#newBlock();
        const after = this.#newBlock();
        this.#loops.push({ kind: "while", span: stmt.span, condition: stmt.condition, body: stmt.body, head: head });
        this.#fallInto(head);
        this.#branch(stmt.condition, body, after);
        this.#loopBody(stmt.body, body, head, after);
        return;
      }
      case "do": {
        const body = this.#newBlock();
        const test = this.#newBlock();
        const after = this.#newBlock();
        if (!isConstantZero(stmt.condition)) {
          this.#loops.push({ kind: "do", span: stmt.span, condition: stmt.condition, body: stmt.body, head: body });
        }
        this.#fallInto(body);
        this.#breaks.push(after);
        this.#continues.push(test);
        this.#statement(stmt.body);
        this.#breaks.pop();
        this.#continues.pop();
        this.#fallInto(test);
        this.#branch(stmt.condition, body, after, true);
        this.#current = after;
        return;
      }
      case "for": {
        const head = this.#newBlock();
        const body = this.#newBlock();
        const update = this.#newBlock();
        const after = this.#newBlock();
        this.#loops.push({
          kind: "for", span: stmt.span, body: stmt.body, head: head,
          ...(stmt.condition && { condition: stmt.condition }),
        });
        if (stmt.init) this.#statement(stmt.init);
        this.#fallInto(head);
        if (stmt.condition) this.#branch(stmt.condition, body, after);
        else this.#jump(body);
        this.#loopBody(stmt.body, body, update, after, false);
        this.#current = update;
        if (stmt.update) this.#evaluate(stmt.update);
        this.#jump(head, true);
        this.#current = after;
        return;
      }
      case "foreach": {
        const head = this.#newBlock();
        const body = this.#newBlock();
        const after = this.#newBlock();
        this.#loops.push({ kind: "foreach", span: stmt.span, body: stmt.body, head: head });
        for (const arg of stmt.args) this.#evaluate(arg);
        this.#fallInto(head);
        this.#edge(head, { kind: "next", to: body });
        this.#edge(head, { kind: "next", to: after });
        this.#current = body;
        if (stmt.variable) this.#add({ kind: "declare", decl: withElement(stmt.variable, stmt.args), stmt });
        this.#loopBody(stmt.body, body, head, after);
        return;
      }
      case "return":
        if (stmt.value) this.#evaluate(stmt.value);
        this.#add({ kind: "return", stmt });
        this.#jump(this.#exit);
        return;
      case "break":
        this.#jump(this.#breaks.at(-1) ?? this.#exit);
        return;
      case "continue":
        this.#jump(this.#continues.at(-1) ?? this.#exit);
        return;
      case "goto":
        if (stmt.label === undefined) {
          this.#computedGotos.push(this.#current);
          this.#current = this.#newBlock();
        } else {
          this.#jump(this.#labelBlock(stmt.label));
        }
        return;
      case "label":
        this.#fallInto(this.#labelBlock(stmt.label));
        return;
      case "empty":
        return;
      case "try": {
        const start = this.#current;
        const after = this.#newBlock();
        this.#statement(stmt.body);
        this.#jump(after);
        for (const handler of stmt.handlers) {
          const block = this.#newBlock();
          this.#edge(start, { kind: "next", to: block });
          this.#current = block;
          this.#statement(handler);
          this.#jump(after);
        }
        this.#current = after;
        return;
      }
      case "unknown-stmt":
        this.#add({ kind: "unread", span: stmt.span });
        for (const part of stmt.parts) {
          // Each part may or may not run.
          const before = this.#current;
          const block = this.#newBlock();
          const after = this.#newBlock();
          this.#edge(before, { kind: "next", to: block });
          this.#edge(before, { kind: "next", to: after });
          this.#current = block;
          if (isStatement(part)) this.#statement(part);
          else this.#evaluate(part);
          this.#jump(after);
          this.#current = after;
        }
        this.#add({ kind: "unread", span: stmt.span });
        return;
    }
  }

  /** `next` is where an iteration ends: the head itself, or the update of a `for`, from which the back edge leaves. */
  #loopBody(body: Stmt, start: OpenBlock, next: OpenBlock, after: OpenBlock, isBack = true): void {
    this.#current = start;
    this.#breaks.push(after);
    this.#continues.push(next);
    this.#statement(body);
    this.#breaks.pop();
    this.#continues.pop();
    this.#jump(next, isBack);
    this.#current = after;
  }

  #switch(stmt: SwitchStmt): void {
    if (stmt.init) this.#statement(stmt.init);
    this.#evaluate(stmt.subject);
    const head = this.#current;
    const after = this.#newBlock();
    const frame: SwitchFrame = { labels: [], defaultBlock: undefined };
    this.#current = this.#newBlock();
    this.#breaks.push(after);
    this.#switches.push(frame);
    this.#statement(stmt.body);
    this.#switches.pop();
    this.#breaks.pop();
    this.#jump(after);

    const labels = frame.labels.map(({ label }) => label);
    for (const { label, block } of frame.labels) {
      this.#edge(head, { kind: "case", to: block, subject: stmt.subject, labels: [label] });
    }
    this.#edge(head, { kind: "default", to: frame.defaultBlock ?? after, subject: stmt.subject, labels });
    this.#current = after;
  }

  /** Ends the current block with a test; `&&`, `||`, `!` and `,` become control flow. No current block is left. */
  #branch(condition: Expr, whenTrue: OpenBlock, whenFalse: OpenBlock, isBack = false): void {
    if (condition.kind === "binary" && (condition.op === "&&" || condition.op === "||")) {
      const right = this.#newBlock();
      if (condition.op === "&&") this.#branch(condition.left, right, whenFalse);
      else this.#branch(condition.left, whenTrue, right, isBack);
      this.#current = right;
      this.#branch(condition.right, whenTrue, whenFalse, isBack);
      return;
    }
    if (condition.kind === "unary" && condition.op === "!") {
      this.#branch(condition.operand, whenFalse, whenTrue);
      return;
    }
    if (condition.kind === "comma") {
      this.#evaluate(condition.left);
      this.#branch(condition.right, whenTrue, whenFalse, isBack);
      return;
    }
    this.#evaluate(condition);
    const from = this.#current;
    this.#edge(from, isBack ? { kind: "true", to: whenTrue, condition, isBack } : { kind: "true", to: whenTrue, condition });
    this.#edge(from, { kind: "false", to: whenFalse, condition });
    this.#current = this.#newBlock();
  }

  // ---- expressions -----------------------------------------------------------------------------

  /** What is constructed from something is a call of the constructor. */
  #construct(type: TypeName, args: readonly Expr[], span: Span, stmt: Stmt): void {
    this.#add({ kind: "call", expr: { kind: "call", callee: typeAsName(type.base, span), args, argsSpan: span, span }, stmt });
  }

  /** Adds the effects of an expression in evaluation order; conditional operands become branches. */
  #evaluate(expr: Expr): void {
    const stmt = this.#stmt!;
    switch (expr.kind) {
      case "name": case "number": case "string": case "char": case "sizeof": case "type": case "lambda":
        return;
      case "call":
        if (expr.callee.kind !== "name") this.#evaluate(expr.callee);
        for (const arg of expr.args) this.#evaluate(arg);
        this.#add({ kind: "call", expr, stmt });
        return;
      case "member":
        this.#evaluate(expr.object);
        return;
      case "index":
        this.#evaluate(expr.object);
        this.#evaluate(expr.index);
        return;
      case "unary":
        this.#evaluate(expr.operand);
        return;
      case "update":
        this.#evaluate(expr.operand);
        this.#add({ kind: "update", expr, stmt });
        return;
      case "binary":
        if ((expr.op === "&&" || expr.op === "||") && hasEffects(expr.right)) {
          const right = this.#newBlock();
          const after = this.#newBlock();
          if (expr.op === "&&") this.#branch(expr.left, right, after);
          else this.#branch(expr.left, after, right);
          this.#current = right;
          this.#evaluate(expr.right);
          this.#fallInto(after);
          return;
        }
        this.#evaluate(expr.left);
        this.#evaluate(expr.right);
        return;
      case "assign":
        this.#evaluate(expr.value);
        if (expr.target.kind !== "name") this.#evaluate(expr.target);
        this.#add({ kind: "assign", expr, stmt });
        return;
      case "conditional":
        if (hasEffects(expr.whenFalse) || (expr.whenTrue && hasEffects(expr.whenTrue))) {
          const yes = this.#newBlock();
          const no = this.#newBlock();
          const after = this.#newBlock();
          this.#branch(expr.condition, yes, no);
          this.#current = yes;
          if (expr.whenTrue) this.#evaluate(expr.whenTrue);
          this.#jump(after);
          this.#current = no;
          this.#evaluate(expr.whenFalse);
          this.#jump(after);
          this.#current = after;
          return;
        }
        this.#evaluate(expr.condition);
        return;
      case "cast":
        this.#evaluate(expr.operand);
        return;
      case "comma":
        this.#evaluate(expr.left);
        this.#evaluate(expr.right);
        return;
      case "initializer":
        for (const item of expr.items) this.#evaluate(item.value);
        return;
      case "compound-literal":
        this.#evaluate(expr.initializer);
        if (expr.isConstruction && expr.initializer.items.length > 0) this.#construct(expr.type, expr.initializer.items.map(({ value }) => value), expr.span, stmt);
        return;
      case "statement-expr":
        this.#statement(expr.body);
        return;
      case "new":
        for (const arg of expr.args) this.#evaluate(arg);
        if (expr.args.length > 0) this.#construct(expr.type, expr.args, expr.span, stmt);
        return;
      case "delete":
        this.#evaluate(expr.operand);
        this.#add({ kind: "delete", operand: expr.operand, span: expr.span, stmt });
        return;
      case "unknown":
        for (const part of expr.parts) this.#evaluate(part);
        return;
    }
  }
}

/** The variable of a loop over a container as one that begins as an element of it, whichever. */
function withElement(variable: VarDecl, [range, ...others]: readonly Expr[]): VarDecl {
  if (!range || others.length > 0 || variable.init) return variable;
  const { span } = range;
  return { ...variable, init: { kind: "index", object: range, index: { kind: "unknown", parts: [], span }, span } };
}
