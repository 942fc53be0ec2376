const given = new Set<string>();

/**
 * Says that something kept a file from being read in full. There is no finding to show for it, and a lint error would fail builds
 * over what nobody can change, so it is a warning of the process; once, since `--fix` lints a file several times.
 */
export function warnOnce(file: string, message: string): void {
  const text = `${file}: ${message}`;
  if (given.has(text)) return;
  given.add(text);
  process.emitWarning(text, "LwsLintWarning");
}
