/** The command line's grammar: the only file that knows commander. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { formatRelease, parseRelease } from "../lws/api/releases.js";
import { didYouMean } from "./did-you-mean.js";
import { FORMATS, type Options, type Output } from "./options.js";
import { outputsOf } from "./outputs.js";
import { LEVEL_NAMES, parseLevel } from "./rule-levels.js";
import { RELEASE_FORM } from "./config-file.js";
import type { RuleOption } from "./settings.js";
import { parseShard, type Shard } from "./shard.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";

/** Commander said what was to say: help, version, or what is wrong with an option. */
export class ArgumentsHandled extends Error {
  constructor(readonly failed: boolean) {
    super();
  }
}

const parseRule = (value: string, previous: readonly RuleOption[]): RuleOption[] => {
  const separator = value.lastIndexOf(":");
  const level = parseLevel(value.slice(separator + 1).trim());
  const id = value.slice(0, Math.max(0, separator)).trim();
  if (id === "" || level === undefined) {
    throw new InvalidArgumentError(`Write it as RULE:LEVEL; a level is ${LEVEL_NAMES}.`);
  }
  return [...previous, { id, level }];
};

const parseFormat = (value: string, previous: readonly Output[]): Output[] => {
  const [name = "", ...rest] = value.split(":");
  const format = FORMATS.find((candidate) => candidate === name);
  if (format === undefined) {
    throw new InvalidArgumentError(`Formats are ${FORMATS.join(", ")}.${didYouMean(name, FORMATS)}`);
  }
  if (rest.length === 0) return [...previous, { format }];
  const file = rest.join(":");
  if (file === "") throw new InvalidArgumentError("Write it as FORMAT:FILE, or FORMAT alone for standard output.");
  return [...previous, { format, file }];
};

const parseCount = (value: string): number => {
  const number = /^\d{1,9}$/u.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw new InvalidArgumentError("It must be a whole number from 0 on.");
  return number;
};

const parseVersion = (value: string): string => {
  const release = parseRelease(value);
  if (release === undefined) throw new InvalidArgumentError(`${RELEASE_FORM}.`);
  return formatRelease(release);
};

const parseJobs = (value: string): number => {
  const number = parseCount(value);
  if (number < 1 || number > 256) throw new InvalidArgumentError("It must be a whole number from 1 to 256.");
  return number;
};

const shardOf = (value: string): Shard => {
  const shard = parseShard(value);
  if (shard === undefined) throw new InvalidArgumentError("Write it as I/N, from 1/N to N/N.");
  return shard;
};

const AFTER_HELP = `
Exit codes:
  0  no errors, and no more warnings than --max-warnings allows; what --since and --baseline take out does not count
  1  errors, too many warnings, or with --strict-coverage code that was not fully understood
  2  wrong options or configuration, a named path that cannot be read, a file that cannot be written, an internal error

Examples:
  lws-lint                        scan the working directory
  lws-lint --fix src              fix what is safe to fix
  lws-lint --explain no-sync-kill show the page of a rule
  lws-lint --format text --format sarif:lws.sarif
                                  one report to read and one for a service
  lws-lint init                   write a configuration and files for CI
  lws-lint merge 1.json 2.json    one report out of those of all shards
  lws-lint lsp                    serve an editor`;

const createProgram = (version: string, terminal: Terminal): Command =>
  new Command("lws-lint")
    .description("Finds misuse of libwebsockets in C sources.")
    .version(version, "--version", "print the version")
    .argument("[paths...]", "files and folders to scan (default: the working directory)")
    .option("--stdin", "read one file from standard input")
    .option("--stdin-filename <name>", "the name under which to judge and report standard input")
    .optionsGroup("Output:")
    .addOption(
      new Option("--format <format[:file]>", `one of ${FORMATS.join(", ")}; repeatable, all but one with a file`)
        .default([], "text")
        .argParser(parseFormat),
    )
    .option("--output-file <file>", "write the report to a file")
    .option("--color", "color the text even when it goes to no terminal")
    .option("--no-color", "never color the text")
    .option("--quiet", "report errors only")
    .option("--stats", "print what was read and how well it was understood")
    .option("--verbose", "list everything that was not fully understood or skipped")
    .optionsGroup("Fixes:")
    .option("--fix", "apply safe fixes to the files")
    .option("--fix-suggestions", "apply safe fixes and the first suggestion of every other finding")
    .option("--fix-dry-run", "print what --fix would change as a diff; nothing is written")
    .optionsGroup("Rules and configuration:")
    .addOption(
      new Option("--rule <id:level>", "set the level of a rule (repeatable)").default([], "none").argParser(parseRule),
    )
    .addOption(new Option("--max-warnings <n>", "fail when there are more warnings than this").argParser(parseCount))
    .addOption(
      new Option("--lws-version <release>", "the release of libwebsockets to judge by, as 4.3 (default: what build files say)").argParser(parseVersion),
    )
    .option("--config <file>", "use this configuration file and no other")
    .option("--no-config", "use no configuration file")
    .option("--include-vendored", "scan copies of libwebsockets itself, too")
    .option("--report-unused-suppressions", "report comments that suppress nothing")
    .option("--strict-coverage", "fail when something was not fully understood")
    .optionsGroup("Old code:")
    .option("--since <revision>", "report only what is new since this revision of git")
    .option("--baseline <file>", "do not report the findings that this file holds")
    .option("--update-baseline", "write all findings to the baseline and report none")
    .optionsGroup("Speed:")
    .addOption(new Option("--shard <i/n>", "report the i-th of n parts; merge JSON or SARIF reports later").argParser(shardOf))
    .option("--cache", "keep what was found out about files between runs")
    .option("--cache-location <folder>", "where to keep it (default: .lws-lint-cache in the working directory)")
    .addOption(new Option("--jobs <n>", "analyze in this many threads (default: as many as pay)").argParser(parseJobs))
    .optionsGroup("Information:")
    .option("--list-rules", "print all rules")
    .option("--explain <rule>", "print the page of a rule")
    .option("--print-config", "print the configuration that holds here")
    .helpOption("--help", "print this text")
    .addHelpText("after", AFTER_HELP)
    .showHelpAfterError("(`lws-lint --help` lists all options)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /u, "lws-lint: ")),
      getOutHelpWidth: () => terminal.stdout.columns || 100,
      getErrHelpWidth: () => terminal.stderr.columns || 100,
    });

interface RawOptions {
  readonly stdin?: boolean;
  readonly stdinFilename?: string;
  readonly format: readonly Output[];
  readonly outputFile?: string;
  readonly color?: boolean;
  readonly quiet?: boolean;
  readonly stats?: boolean;
  readonly verbose?: boolean;
  readonly fix?: boolean;
  readonly fixSuggestions?: boolean;
  readonly fixDryRun?: boolean;
  readonly rule: readonly RuleOption[];
  readonly since?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly maxWarnings?: number;
  readonly lwsVersion?: string;
  readonly config?: string | boolean;
  readonly includeVendored?: boolean;
  readonly reportUnusedSuppressions?: boolean;
  readonly strictCoverage?: boolean;
  readonly cache?: boolean;
  readonly cacheLocation?: string;
  readonly jobs?: number;
  readonly shard?: Shard;
  readonly listRules?: boolean;
  readonly explain?: string;
  readonly printConfig?: boolean;
}

const checkAdoption = (raw: RawOptions): void => {
  const { stdin = false, since, baseline, updateBaseline = false } = raw;
  if (since !== undefined && stdin) throw new UsageError("--since compares files with those of a revision; it cannot be combined with --stdin.");
  if (!updateBaseline) return;
  if (baseline === undefined) throw new UsageError("--update-baseline needs --baseline FILE, the file to write.");
  const others = { "--since": since !== undefined, "--stdin": stdin, "--shard": raw.shard !== undefined, "--fix-dry-run": raw.fixDryRun === true };
  for (const [option, given] of Object.entries(others)) {
    if (given) throw new UsageError(`--update-baseline writes all findings that there are; it cannot be combined with ${option}.`);
  }
};

/** Combinations that cannot be meant. */
const checkCombination = (raw: RawOptions, paths: readonly string[]): void => {
  if (raw.stdin === true && paths.length > 0)
    throw new UsageError("--stdin takes no paths: the text comes from standard input.");
  if (raw.stdin !== true && raw.stdinFilename !== undefined) throw new UsageError("--stdin-filename needs --stdin.");
  if (raw.stdin === true && (raw.fix === true || raw.fixSuggestions === true) && raw.fixDryRun !== true) {
    throw new UsageError("Standard input cannot be fixed in place: add --fix-dry-run to get a diff.");
  }
  if (raw.shard !== undefined && (raw.fix === true || raw.fixSuggestions === true || raw.fixDryRun === true)) {
    throw new UsageError("--shard splits a report; it cannot be combined with fixing.");
  }
  checkAdoption(raw);
  if (paths.includes("-"))
    throw new UsageError("To read standard input, write --stdin --stdin-filename NAME instead of `-`.");
  if (paths.includes("")) throw new UsageError("A path is empty; the working directory is `.`.");
};

const isDefined = ([, value]: [string, unknown]): boolean => value !== undefined;

/**
 * Reads the arguments, without the names of node and of the script.
 *
 * @throws {ArgumentsHandled} after help or version was printed, or a wrong option was explained
 * @throws {UsageError} for options that do not go together
 */
export const parseArguments = (args: readonly string[], version: string, terminal: Terminal): Options => {
  const program = createProgram(version, terminal);
  try {
    program.parse([...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) throw new ArgumentsHandled(error.exitCode !== 0);
    throw error;
  }
  const raw = program.opts<RawOptions>();
  const paths = program.args;
  checkCombination(raw, paths);
  const optional = Object.fromEntries(
    Object.entries({
      color: raw.color,
      config: typeof raw.config === "string" ? raw.config : undefined,
      since: raw.since,
      baseline: raw.baseline,
      maxWarnings: raw.maxWarnings,
      lwsVersion: raw.lwsVersion,
      explain: raw.explain,
      cacheLocation: raw.cacheLocation,
      jobs: raw.jobs,
      shard: raw.shard,
    }).filter(isDefined),
  );
  return {
    ...optional,
    paths: paths.length === 0 ? ["."] : paths,
    stdin: raw.stdin === true,
    stdinFilename: raw.stdinFilename ?? "stdin.c",
    outputs: outputsOf(raw.format, raw.outputFile),
    noConfig: raw.config === false,
    rules: raw.rule,
    fix: raw.fix === true,
    fixSuggestions: raw.fixSuggestions === true,
    fixDryRun: raw.fixDryRun === true,
    updateBaseline: raw.updateBaseline === true,
    quiet: raw.quiet === true,
    includeVendored: raw.includeVendored === true,
    reportUnusedSuppressions: raw.reportUnusedSuppressions === true,
    strictCoverage: raw.strictCoverage === true,
    stats: raw.stats === true,
    verbose: raw.verbose === true,
    cache: raw.cache === true || raw.cacheLocation !== undefined,
    listRules: raw.listRules === true,
    printConfig: raw.printConfig === true,
  };
};
