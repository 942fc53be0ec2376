/** What the client can do, out of its many capabilities. */
import { MarkupKind, type DiagnosticTag, type InitializeParams } from "vscode-languageserver";
import type { RuleMeta } from "../linter/rule.js";
import type { ShowOptions } from "./convert.js";

export interface ClientFeatures {
  readonly show: ShowOptions;
  /** It asks for diagnostics; then none are pushed. */
  readonly pull: boolean;
  /** It can be told to ask again. */
  readonly refresh: boolean;
  readonly configuration: boolean;
  readonly watches: boolean;
  readonly folders: boolean;
  readonly documentChanges: boolean;
  readonly markdown: boolean;
  readonly progress: boolean;
  /** It is our own extension, which shows what the server is doing. */
  readonly status: boolean;
}

export const featuresOf = ({ capabilities, initializationOptions }: InitializeParams, rules: readonly RuleMeta[]): ClientFeatures => {
  const { textDocument, workspace, window } = capabilities;
  const published = textDocument?.publishDiagnostics;
  const pulled = textDocument?.diagnostic;
  // Clients that pull describe what they can show there since 3.18, and in the older place before.
  const tags: readonly DiagnosticTag[] = pulled?.tagSupport?.valueSet ?? published?.tagSupport?.valueSet ?? [];
  const options = initializationOptions as { readonly status?: unknown } | null | undefined;
  return {
    show: {
      relatedInformation: pulled?.relatedInformation ?? published?.relatedInformation ?? false,
      codeDescription: pulled?.codeDescriptionSupport ?? published?.codeDescriptionSupport ?? false,
      tags,
      outdated: new Set(rules.filter(({ outdated }) => outdated === true).map(({ id }) => id)),
    },
    pull: pulled !== undefined,
    refresh: workspace?.diagnostics?.refreshSupport ?? false,
    configuration: workspace?.configuration ?? false,
    watches: workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false,
    folders: workspace?.workspaceFolders ?? false,
    documentChanges: workspace?.workspaceEdit?.documentChanges ?? false,
    markdown: textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) ?? false,
    progress: window?.workDoneProgress ?? false,
    status: options?.status === true,
  };
};
