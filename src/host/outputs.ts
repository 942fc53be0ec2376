/** Which report goes where. */
import path from "node:path";
import type { Output } from "./options.js";
import { UsageError } from "./usage-error.js";

const written = ({ format, file }: Output): string => (file === undefined ? format : `${format}:${file}`);

/**
 * The reports that `--format` and `--output-file` ask for together; text on standard output where nobody asks for
 * anything.
 *
 * @throws {UsageError} when two of them would get into each other's way
 */
export const outputsOf = (formats: readonly Output[], outputFile: string | undefined): readonly Output[] => {
  const asked: readonly Output[] = formats.length === 0 ? [{ format: "text" }] : formats;
  const [unplaced, another] = asked.filter(({ file }) => file === undefined);
  if (unplaced !== undefined && another !== undefined) {
    throw new UsageError(
      `Only one report can go to ${outputFile === undefined ? "standard output" : "--output-file"}: ` +
        `give \`--format ${unplaced.format}\` or \`--format ${another.format}\` a file, as in \`--format ${another.format}:FILE\`.`,
    );
  }
  if (outputFile !== undefined && unplaced === undefined) {
    throw new UsageError("--output-file is for a --format without a file of its own; here each one has a file.");
  }
  const outputs = asked.map((output) => (output === unplaced && outputFile !== undefined ? { ...output, file: outputFile } : output));
  const taken = new Map<string, Output>();
  for (const output of outputs) {
    if (output.file === undefined) continue;
    const place = path.resolve(output.file);
    const other = taken.get(place);
    if (other !== undefined) {
      throw new UsageError(`\`${written(other)}\` and \`${written(output)}\` would be written to the same file.`);
    }
    taken.set(place, output);
  }
  return outputs;
};
