import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { BatchReader, type FileToRead } from "../../src/host/batch-reader.js";
import { FileReader, type ReadResult } from "../../src/host/file-reader.js";

const root = mkdtempSync(path.join(tmpdir(), "lws-lint-batch-"));
afterAll(() => rmSync(root, { recursive: true }));

const padding = (length: number): Buffer => Buffer.alloc(length, "int x; /* a text without any trace */\n");
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le");

/** Files by kind. Two that stand side by side make a trace of the library: none of both has it. */
const CONTENTS: Readonly<Record<string, Buffer>> = {
  empty: Buffer.alloc(0),
  plain: padding(3000),
  trace: Buffer.concat([padding(50), Buffer.from("lws_write(wsi, p, n, 0);")]),
  "ends with a part": Buffer.from("int l"),
  "begins with a part": Buffer.from("ws_write;"),
  binary: Buffer.from("lws_\0write"),
  "half of a batch": padding(70_000),
  "more than a batch": padding(200_000),
  "as large as the room": padding(1024 * 1024),
  "larger than the room": Buffer.concat([padding(1_200_000), Buffer.from("lws_close")]),
  "UTF-16 with a trace": utf16("lws_write(wsi, p, n, 0);"),
  "UTF-16 without": utf16("int x;"),
};
for (const [name, content] of Object.entries(CONTENTS)) writeFileSync(path.join(root, name), content);

/** What is told of a file, with the bytes as they are at that moment. */
const told = (result: ReadResult): unknown =>
  result.kind === "refused" ? result : { kind: result.kind, ...(result.bytes && { bytes: Buffer.from(result.bytes).toString("latin1") }) };

const listed = fc.record({ name: fc.constantFrom(...Object.keys(CONTENTS), "not there"), named: fc.boolean() });

test("files of a batch are told of as if each was read alone, in their order", () => {
  fc.assert(
    fc.property(fc.array(listed, { maxLength: 12 }), (chosen) => {
      const files = chosen.map(({ name, named }): FileToRead => ({ absolute: path.join(root, name), named }));
      const single = new FileReader();
      const alone = files.map((file) => [file, told(single.read(file.absolute, file.named))]);
      const together: unknown[] = [];
      const reader = new BatchReader<FileToRead>((file, result) => together.push([file, told(result)]), true);
      for (const file of files) reader.add(file);
      reader.flush();
      expect(together).toEqual(alone);
    }),
    { numRuns: 150 },
  );
});

test("bytes of relevant files stay as they are while others are read", () => {
  const results: ReadResult[] = [];
  const reader = new BatchReader<FileToRead>((_, result) => results.push(result), false);
  for (const name of ["trace", "plain", "plain", "half of a batch", "more than a batch"]) reader.add({ absolute: path.join(root, name), named: false });
  reader.flush();
  expect(results.map(({ kind }) => kind)).toEqual(["relevant", "irrelevant", "irrelevant", "irrelevant", "irrelevant"]);
  expect(told(results[0]!)).toEqual({ kind: "relevant", bytes: CONTENTS["trace"]!.toString("latin1") });
});
