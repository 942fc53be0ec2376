/** `lws-lint init`: writes what fits the repository, and says what is left to do by hand. */
import { Buffer } from "node:buffer";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { LwsVersion } from "../reporters/report.js";
import { releaseInWords } from "../reporters/summary-text.js";
import { CONFIG_FILE_NAME, findConfigFiles } from "./config-file.js";
import { didYouMean } from "./did-you-mean.js";
import { describeSystemError } from "./file-reader.js";
import { remotesOf } from "./git.js";
import { withGitlabInclude, withPreCommitRepository } from "./init-texts.js";
import { chooseReleases } from "./lws-version-choice.js";
import { EXIT, type ExitCode } from "./options.js";
import { packageFile, packageVersion } from "./package-info.js";
import { scanPaths } from "./scan.js";
import { loadSettings } from "./settings.js";
import type { Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";
import { writeTogether, type NewContent } from "./write-files.js";

const HELP = `Usage: lws-lint init [options]

Writes a configuration, and files for what it finds in the working directory: a workflow for GitHub, a job for GitLab,
a module for CMake, a hook for pre-commit. Asks before it changes a file that is there.

Options:
  -y, --yes, --force  change files that are there without asking
  --help              print this text
`;

const OPTIONS = ["-y", "--yes", "--force", "--help"];
const WORKFLOWS = ".github/workflows";
const WORKFLOW = `${WORKFLOWS}/lws-lint.yml`;
const GITLAB_JOB = ".gitlab/lws-lint.yml";
const GITLAB_CI = ".gitlab-ci.yml";
const CMAKE_MODULE = "cmake/LwsLint.cmake";
const PRE_COMMIT = ".pre-commit-config.yaml";
const ESLINT_CONFIG = /^eslint\.config\.[cm]?[jt]s$/u;

interface PlannedFile {
  readonly name: string;
  readonly text: string;
  /** What there is to do instead when the file may not be changed. */
  readonly byHand?: string;
}

/** What is to be written, and what the person has to do. */
interface Plan {
  readonly files: PlannedFile[];
  readonly notes: string[];
  readonly steps: string[];
}

class Init {
  readonly #plan: Plan = { files: [], notes: [], steps: [] };

  constructor(readonly terminal: Terminal) {}

  plan(): Plan {
    this.#configuration();
    const remotes = remotesOf(this.terminal.cwd);
    const isAt = (service: string): boolean => remotes.some((url) => /^(?:\w[\w+.-]*:\/\/)?(?:[^/@]*@)?([^/:]+)/u.exec(url)![1]!.includes(service));
    if (this.#has(".github") || isAt("github")) this.#github();
    if (this.#has(GITLAB_CI) || this.#has(".gitlab") || isAt("gitlab")) this.#gitlab();
    if (this.#has("CMakeLists.txt")) this.#cmake();
    if (this.#has(PRE_COMMIT)) this.#preCommit();
    this.#eslint();
    return this.#plan;
  }

  #has(name: string): boolean {
    return existsSync(path.join(this.terminal.cwd, name));
  }

  /** The text of a file; `undefined` where there is none. */
  read(name: string): string | undefined {
    try {
      return readFileSync(path.join(this.terminal.cwd, name), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw new UsageError(`init: ${name} cannot be read: ${describeSystemError(error)}.`, { cause: error });
    }
  }

  #configuration(): void {
    const { cwd, systemIncludes } = this.terminal;
    const settings = loadSettings({ cwd, rules: [] });
    const { ignores, include, analyzer, lwsVersionFrom } = settings;
    const scan = scanPaths({ cwd, paths: ["."], ignores, include, includeVendored: false }, () => undefined);
    const said = lwsVersionFrom && { ...lwsVersionFrom, version: analyzer.lwsVersion! };
    const { all } = chooseReleases(scan, said, { cwd, paths: ["."], ...(systemIncludes && { systemIncludes }) });
    // What build files say is read from them at every run; a copy of it would grow old.
    const written = all.length === 1 && all[0]!.file !== undefined && path.isAbsolute(all[0]!.file) && said === undefined ? all[0] : undefined;
    if (scan.files.size === 0) this.#plan.notes.push("No file here uses libwebsockets yet.");
    else this.#plan.notes.push(`libwebsockets ${all.map(releaseInWords).join(", ")}.`);
    if (all.some(({ source }) => source === "assumed")) this.#plan.steps.push(`Say in ${CONFIG_FILE_NAME} which release of libwebsockets you use, as \`"lwsVersion": "4.3"\`.`);
    if (this.#has(CONFIG_FILE_NAME)) {
      this.#plan.notes.push(`${CONFIG_FILE_NAME} is there and stays as it is.`);
      return;
    }
    if (written !== undefined) {
      this.#plan.notes.push(`Written to ${CONFIG_FILE_NAME}, as other machines can have another release, or none.`);
    }
    this.#plan.files.push({ name: CONFIG_FILE_NAME, text: this.#configText(written) });
  }

  #configText(release: LwsVersion | undefined): string {
    const local = "node_modules/eslint-plugin-lws/schemas/config.schema.json";
    const schema = this.#has(local) ? `./${local}` : `https://unpkg.com/eslint-plugin-lws@${packageVersion()}/schemas/config.schema.json`;
    // A configuration further up goes on to count.
    const root = findConfigFiles(path.dirname(this.terminal.cwd)).length === 0 ? { root: true } : {};
    return `${JSON.stringify({ $schema: schema, ...root, ...(release && { lwsVersion: release.version }) }, null, 2)}\n`;
  }

  #github(): void {
    const own = path.basename(WORKFLOW);
    const folder = path.join(this.terminal.cwd, WORKFLOWS);
    const workflows = existsSync(folder) ? readdirSync(folder).filter((name) => /\.ya?ml$/u.test(name) && name !== own) : [];
    const other = workflows.find((name) => /\blws-lint\b/u.test(this.read(`${WORKFLOWS}/${name}`) ?? ""));
    if (other !== undefined) this.#plan.notes.push(`${WORKFLOWS}/${other} runs lws-lint already.`);
    else this.#plan.files.push({ name: WORKFLOW, text: packageFile("templates/github-workflow.yml") });
  }

  #gitlab(): void {
    const text = this.read(GITLAB_CI);
    const isOurs = text?.includes(GITLAB_JOB) === true;
    if (!isOurs && text !== undefined && /\blws-lint\b/u.test(text)) {
      this.#plan.notes.push(`${GITLAB_CI} runs lws-lint already.`);
      return;
    }
    this.#plan.files.push({ name: GITLAB_JOB, text: packageFile("templates/gitlab-ci.yml").replace(/^(?:#.*\n)+\n/u, "") });
    if (isOurs) return;
    const added = withGitlabInclude(text ?? "", GITLAB_JOB)?.replace(/^\n/u, "");
    this.#edit(GITLAB_CI, added, `Add to \`include\` in ${GITLAB_CI}:\n\n       - local: ${GITLAB_JOB}\n`);
  }

  #cmake(): void {
    this.#plan.files.push({ name: CMAKE_MODULE, text: packageFile(CMAKE_MODULE) });
    if (!(this.read("CMakeLists.txt") ?? "").includes('LwsLint.cmake')) {
      this.#plan.steps.push(`Add to the end of CMakeLists.txt, for a target \`lws-lint\`:\n\n       include(${CMAKE_MODULE})\n`);
    }
  }

  #preCommit(): void {
    const text = this.read(PRE_COMMIT) ?? "";
    const entry = packageFile("templates/pre-commit.yaml");
    if (/\blws-lint\b/u.test(text)) {
      this.#plan.notes.push(`${PRE_COMMIT} runs lws-lint already.`);
      return;
    }
    const added = withPreCommitRepository(text, entry);
    this.#edit(PRE_COMMIT, added, `Add to \`repos\` in ${PRE_COMMIT}:\n\n${entry.replaceAll(/^(?=.)/gmu, "     ").trimEnd()}\n`);
  }

  /** A file that is edited, or has to be edited by hand. */
  #edit(name: string, text: string | undefined, byHand: string): void {
    if (text === undefined) this.#plan.steps.push(byHand);
    else this.#plan.files.push({ name, text, byHand });
  }

  #eslint(): void {
    const config = readdirSync(this.terminal.cwd).find((name) => ESLINT_CONFIG.test(name));
    if (config === undefined || this.read(config)?.includes("eslint-plugin-lws") === true) return;
    this.#plan.steps.push(
      `For the same findings in ESLint, run \`npm install --save-dev eslint-plugin-lws\` and add to ${config}:\n\n` +
        `       import lws from "eslint-plugin-lws";\n       // and in the list:\n       lws.configs.recommended, lws.configs["recommended-cpp"],\n`,
    );
  }
}

/** The top of the repository that a folder lies in, if it is not the folder itself. */
const topAbove = (folder: string): string | undefined => {
  for (let current = folder; ; current = path.dirname(current)) {
    if (existsSync(path.join(current, ".git"))) return current === folder ? undefined : current;
    if (current === path.dirname(current)) return undefined;
  }
};

/** Files that the person does not want to be changed; `undefined` when they went away instead of answering. */
const ask = async (names: readonly string[], question: NonNullable<Terminal["ask"]>): Promise<Set<string> | undefined> => {
  const refused = new Set<string>();
  for (const name of names) {
    const answer = await question(`${name} is there already. Change it? [y/N] `);
    if (answer === undefined) return undefined;
    if (!/^\s*y(?:es)?\s*$/iu.test(answer)) refused.add(name);
  }
  return refused;
};

const check = (args: readonly string[]): void => {
  for (const argument of args) {
    if (OPTIONS.includes(argument)) continue;
    const hint = argument.startsWith("-") ? didYouMean(argument, OPTIONS) : " To scan a folder named init, write ./init.";
    throw new UsageError(`init: there is no ${argument.startsWith("-") ? "option" : "argument"} \`${argument}\`.${hint}`);
  }
};

/**
 * Carries out `lws-lint init`. Either all files are written or none.
 *
 * @throws {UsageError} when it must not, or cannot, write
 */
export const runInit = async (args: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  check(args);
  const { cwd, stdout } = terminal;
  if (args.includes("--help")) {
    stdout.write(HELP);
    return EXIT.clean;
  }
  const top = topAbove(cwd);
  if (top !== undefined) throw new UsageError(`init: run it at the top of the repository, ${top}: services look for their files there.`);
  const init = new Init(terminal);
  const { files, notes, steps } = init.plan();
  const planned = files.map((file) => ({ ...file, before: init.read(file.name) }));
  const changing = planned.filter(({ text, before }) => before !== undefined && before !== text).map(({ name }) => name);

  let refused: ReadonlySet<string> = new Set<string>();
  if (changing.length > 0 && args.length === 0) {
    if (terminal.ask === undefined) {
      throw new UsageError(`init: nothing was written, as it would change ${changing.join(", ")}. \`lws-lint init --yes\` does so.`);
    }
    const answer = await ask(changing, terminal.ask);
    if (answer === undefined) throw new UsageError("init: nothing was written: there was no answer.");
    refused = answer;
  }

  const writes: NewContent[] = planned
    .filter(({ name, text, before }) => before !== text && !refused.has(name))
    .map(({ name, text, before }) => ({
      absolute: path.join(cwd, name),
      name,
      ...(before === undefined ? {} : { before: readFileSync(path.join(cwd, name)) }),
      after: Buffer.from(text, "utf8"),
    }));
  const failure = writeTogether(writes);
  if (failure !== undefined) throw new UsageError(`init: nothing was written: ${failure.file} ${failure.message}.`);

  const written = new Set(writes.map(({ name }) => name));
  const outcome = (name: string): string => (written.has(name) ? "wrote" : refused.has(name) ? "left" : "unchanged");
  const run = existsSync(path.join(cwd, "node_modules/.bin/lws-lint")) ? "npx lws-lint" : "npx -p eslint-plugin-lws lws-lint";
  const last = [
    `Run \`${run}\`.`,
    `If it finds more than you can put right now, keep what is there for later: \`${run} --baseline lws-lint-baseline.json --update-baseline\`, and \`--baseline lws-lint-baseline.json\` from then on.`,
  ];
  const instead = planned.flatMap(({ name, byHand }) => (refused.has(name) ? (byHand ?? []) : []));
  const list = [...instead, ...steps, ...last].map((step, index) => `  ${index + 1}. ${step}\n`);
  stdout.write(
    [
      ...notes.map((note) => `${note}\n`),
      ...planned.map(({ name }) => `${outcome(name).padEnd(9)} ${name}\n`),
      "\nNext:\n",
      ...list,
    ].join(""),
  );
  return EXIT.clean;
};
