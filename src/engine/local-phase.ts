/**
 * The local phase of one file. Its result is plain data and depends on the path and the content alone, so it can be computed in any
 * thread and kept between runs.
 */
import type { FileFacts } from "../analysis/facts.js";
import { fragmentFunction, isFragment } from "../analysis/fragments.js";
import { analyzeUnit, type LocalOptions } from "../analysis/local.js";
import type { UnitMemory } from "../analysis/unit-memory.js";
import { constantValue, hasRole, INITIALIZER_MACROS, PRIVATE_TYPE, REASON_PREFIX, REASON_TYPE, STREAM_PREFIX, TIMEOUT_PREFIXES } from "../lws/api/index.js";
import { CONTEXT_TYPE } from "../lws/api/threads.js";
import { lwsCallEvents } from "../lws/call-events.js";
import { wellKnownResults } from "../lws/call-results.js";
import { isLibrarySource } from "../lws/library-source.js";
import { decode, type Decoded } from "../source/decode.js";
import { nameHash } from "../source/name-outline.js";
import { mayUseLws } from "../source/prefilter.js";
import { SourceFile } from "../source/source-file.js";
import type { TranslationUnit } from "../syntax/ast.js";
import { parseFragment, parseUnit, type FunctionHeader } from "../syntax/index.js";

export type Content = Uint8Array | string;

/** What one file came to. Plain data. */
export type FileResult =
  | { readonly kind: "analyzed"; readonly facts: FileFacts }
  /** No trace of lws in its bytes: never decoded. */
  | { readonly kind: "irrelevant" }
  /** Could not be read as text, in words. */
  | { readonly kind: "unreadable"; readonly problem: string }
  /** Part of libwebsockets itself (recognised by content). */
  | { readonly kind: "lws-source" };

const OPTIONS: LocalOptions = {
  constants: { valueOf: constantValue },
  results: wellKnownResults,
  isEdited: hasRole,
  watchedPrefixes: [...TIMEOUT_PREFIXES, STREAM_PREFIX, REASON_PREFIX],
  watchedTypes: CONTEXT_TYPE,
  events: lwsCallEvents,
  watchedParams: REASON_TYPE,
  watchedRecords: PRIVATE_TYPE,
};

/** The text of a content, or why it has none. */
export const sourceOf = (path: string, content: Content): Pick<Decoded, "file" | "problem"> =>
  typeof content === "string" ? { file: new SourceFile(path, content) } : decode(path, content);

export interface FileOptions {
  /** It matters without any trace of lws, too: as a link between files that have some. */
  readonly isChosen?: boolean | undefined;
  /** Hashes (`nameHash`) of the names of functions whose bodies are not asked for: taken for empty. */
  readonly leavesOut?: readonly number[] | undefined;
  /** What is to be kept of the file for its next version; gives the same result, sooner. */
  readonly memory?: UnitMemory | undefined;
}

const mayConcern = (content: Content): boolean => mayUseLws(typeof content === "string" ? Buffer.from(content) : content);

/** The local phase of one file. */
export function analyzeFile(path: string, content: Content, { isChosen = false, leavesOut, memory }: FileOptions = {}): FileResult {
  if (!isChosen && !mayConcern(content)) return { kind: "irrelevant" };
  const { file, problem = "cannot be decoded" } = sourceOf(path, content);
  if (!file) return { kind: "unreadable", problem };
  if (isLibrarySource(path, file.text)) return { kind: "lws-source" };
  return { kind: "analyzed", facts: analyzeUnit(readUnit(file, leavesOut), OPTIONS, memory && { text: file.text, memory }) };
}

/** A file as the front end reads it; one that is only part of a switch becomes a function that its includers call. */
function readUnit(source: SourceFile, leavesOut: readonly number[] = []): TranslationUnit {
  const unwanted = new Set(leavesOut);
  const options = { initializerMacros: INITIALIZER_MACROS, ...(unwanted.size > 0 && { wants: ({ name }: FunctionHeader) => !unwanted.has(nameHash(name)) }) };
  if (!isFragment(source.text)) return parseUnit(source, options);
  const unit = parseUnit(source, { ...options, wants: () => false });
  const fragment = fragmentFunction(source.path, parseFragment(source, { language: unit.language }));
  const where = fragment.variants.flatMap((variant) => variant.unparsable);
  return {
    ...unit,
    functions: [...unit.functions.filter((fn) => fn.macro), fragment],
    prototypes: [],
    variables: [],
    coverage: {
      ...unit.coverage,
      functions: 1,
      configurations: fragment.variants.length,
      incompleteFunctions: where.length === 0 ? [] : [{ name: fragment.name, span: fragment.span, where }],
      unreadRegions: [],
    },
  };
}
