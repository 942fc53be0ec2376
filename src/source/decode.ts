import { SourceFile } from "./source-file.js";

export type Decoded =
  | { readonly kind: "text"; readonly source: SourceFile }
  /** Not text; `message` says why and what to do. */
  | { readonly kind: "binary"; readonly message: string };

/** Placeholder of the decoder until the complete one lands. */
export function decode(path: string, bytes: Uint8Array): Decoded {
  if (bytes.subarray(0, 8192).includes(0)) return { kind: "binary", message: "looks binary (it holds NUL bytes) and was skipped; exclude it in the configuration if it is no source file" };
  const text = new TextDecoder("utf-8").decode(bytes);
  return { kind: "text", source: new SourceFile(path, text, text.includes("\ufffd")) };
}
