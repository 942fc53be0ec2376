/**
 * The format of a labels file: one JSON object a line, each a place in a public repository that a person has judged.
 */

/** What a label can say of a place. `NEG` means: looks like another kind and is right. */
export const KINDS = ["K1", "K2", "K3", "K4", "K5", "K6", "K7", "K8", "K9", "K10", "K11"] as const;

export type Kind = (typeof KINDS)[number];

/** In words, for reports. */
export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  K1: "internal API",
  K2: "context destroyed in a callback",
  K3: "synchronous close",
  K4: "no LWS_PRE",
  K5: "misplaced or repeated write",
  K6: "wrong thread",
  K7: "lws_service in a callback",
  K8: "blocking call",
  K9: "close reason without close",
  K10: "stale wsi",
  K11: "ignored or mis-tested write result",
};

/** The rules whose findings answer a label of a kind, present rules and planned ones. */
export const KIND_RULES: Readonly<Record<Kind, readonly string[]>> = {
  K1: ["no-internal-api"],
  K2: ["no-context-destroy-in-callback"],
  K3: ["no-sync-kill", "no-socket-close"],
  K4: ["require-lws-pre"],
  K5: ["no-write-outside-writeable", "no-multiple-writes"],
  K6: ["no-cross-thread-call", "no-unsafe-signal-handler"],
  K7: ["no-nested-service"],
  K8: ["no-blocking-call-in-callback"],
  K9: ["require-close-after-close-reason"],
  K10: ["no-stale-wsi", "no-use-after-close"],
  K11: ["no-ignored-write-result", "no-unsigned-write-compare", "no-return-write-result"],
};

/** One judged place. */
export interface Label {
  readonly dir: string;
  readonly file: string;
  readonly line: number;
  /** The kind of the misuse, or of the misuse that a negative looks like. */
  readonly kind: Kind;
  readonly negative: boolean;
  /** `false`: people may differ. */
  readonly certain: boolean;
  /** What it takes to see it, in the order helper, other file, conditional compilation. */
  readonly needs: readonly ("helper" | "cross-file" | "conditional")[];
  readonly why: string;
}

const isKind = (value: unknown): value is Kind => (KINDS as readonly unknown[]).includes(value);

/** Reads one label, or says what is wrong with it. */
function parseLabel(value: unknown): Label | string {
  if (typeof value !== "object" || value === null) return "expected an object";
  const fields = value as Readonly<Record<string, unknown>>;
  const { dir, file, line, why } = fields;
  if (typeof dir !== "string" || dir === "") return "`dir` must be a folder name";
  if (typeof file !== "string" || file === "") return "`file` must be a path";
  if (typeof line !== "number" || !Number.isInteger(line) || line < 1) return "`line` must be a line number";
  if (typeof fields["certain"] !== "boolean") return "`certain` must be true or false";
  const negative = fields["kind"] === "NEG";
  const kind = negative ? fields["neg_for"] : fields["kind"];
  if (!isKind(kind)) return `\`${negative ? "neg_for" : "kind"}\` must be one of ${KINDS.join(", ")}${negative ? "" : ", NEG"}`;
  const needs: ("helper" | "cross-file" | "conditional")[] = [];
  if (fields["via_helper"] === true) needs.push("helper");
  if (fields["cross_file"] === true) needs.push("cross-file");
  if (fields["conditional_compilation_involved"] === true) needs.push("conditional");
  return { dir, file, line, kind, negative, certain: fields["certain"], needs, why: typeof why === "string" ? why : "" };
}

/** Reads a labels file. Throws at the first bad line, with its number. */
export function parseLabels(text: string, name: string): Label[] {
  const labels: Label[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`${name}:${index + 1}: not JSON: ${why}`, { cause: error });
    }
    const label = parseLabel(value);
    if (typeof label === "string") throw new Error(`${name}:${index + 1}: ${label}`);
    labels.push(label);
  }
  return labels;
}
