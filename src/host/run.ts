/** One run of the command line: settings, files, engine, fixes, report. */
import { Buffer } from "node:buffer";
import path from "node:path";
import type { Analysis, AnalyzerApi, AnalyzerOptions, FileResult } from "../analyzer.js";
import type { Diagnostic, Problem } from "../diagnostics/diagnostic.js";
import { grouped, isFixable, type AdoptionSummary, type LwsVersion, type Report, type Summary } from "../reporters/report.js";
import type { Adoption } from "./adoption.js";
import { describeSystemError } from "./file-reader.js";
import type { FixResult } from "./fix-files.js";
import type { ReleaseChoice } from "./lws-version-choice.js";
import { EXIT, type ExitCode, type Options, type Output } from "./options.js";
import { packageVersion, rulePage } from "./package-info.js";
import { Progress } from "./progress.js";
import { render, summarize } from "./render.js";
import { repositoryRoot } from "./repository.js";
import type { RunCache } from "./run-cache.js";
import { scanPaths, scanText, withChosen, type Connecting, type Scan } from "./scan.js";
import { loadSettings, printableConfig, type Settings } from "./settings.js";
import { isInShard, partOf } from "./shard.js";
import type { OldTree } from "./since.js";
import { wantsColor, type Terminal } from "./terminal.js";
import { UsageError } from "./usage-error.js";
import { writeWhole } from "./write-files.js";

/** Makes the engine; called only when something needs it, as loading it takes longer than a scan that finds nothing. */
export type CreateAnalyzer = () => Promise<AnalyzerApi>;

const NOTHING: Pick<Analysis, "diagnostics" | "suppressed" | "problems" | "source"> = {
  diagnostics: [],
  suppressed: [],
  problems: [],
  source: () => undefined,
};

class LintRun {
  #analyzer: Promise<AnalyzerApi> | undefined;
  #cache: RunCache | undefined;
  readonly #start = performance.now();
  /** Files the engine could not read as text, in the last analysis. */
  #unreadable = 0;
  readonly #progress: Progress;

  constructor(
    readonly options: Options,
    readonly terminal: Terminal,
    readonly create: CreateAnalyzer,
  ) {
    this.#progress = new Progress(terminal.stderr, terminal.stderr.isTTY && terminal.stderr.columns > 0);
  }

  analyzer(): Promise<AnalyzerApi> {
    return (this.#analyzer ??= this.create());
  }

  async execute(): Promise<ExitCode> {
    const { options, terminal } = this;
    if (options.listRules || options.explain !== undefined) {
      const { explainRule, listRules } = await import("./information.js");
      const { rules } = await this.analyzer();
      return this.#print(options.explain === undefined ? listRules(rules) : explainRule(options.explain, rules));
    }

    const settings = this.#settings();
    if (settings.namesRules || options.printConfig) settings.checkRules((await this.analyzer()).rules);
    if (options.printConfig) {
      return this.#print(`${JSON.stringify(printableConfig(settings, (await this.analyzer()).rules), null, 2)}\n`);
    }
    return this.#lint(settings, await this.#scan(settings, terminal));
  }

  #settings(): Settings {
    const { config, noConfig, rules, lwsVersion } = this.options;
    return loadSettings({
      cwd: this.terminal.cwd,
      noConfig,
      rules,
      ...(config === undefined ? {} : { config }),
      ...(lwsVersion === undefined ? {} : { lwsVersion }),
    });
  }

  async #scan({ ignores, include }: Settings, { cwd }: Terminal): Promise<Scan> {
    const { paths, stdin, stdinFilename, includeVendored } = this.options;
    if (stdin) return scanText(cwd, stdinFilename, this.terminal.readStdin());
    const digest = this.options.cache ? (await import("node:crypto")).createHash("sha256") : undefined;
    const onFile = (seen: number): void => this.#progress.update(() => `Scanning: ${grouped(seen)} files`);
    const scan = scanPaths({ cwd, paths, ignores, include, includeVendored }, onFile, digest);
    this.#progress.clear();
    if (scan.files.size === 0 || scan.irrelevant.length === 0) return scan;
    const cache = await this.#openCache(scan);
    const find = async (): Promise<Connecting> => (await import("./connecting.js")).findConnecting(scan);
    return withChosen(scan, await (cache && digest ? cache.connecting(scan, digest.digest(), find) : find()));
  }

  async #lint(settings: Settings, scan: Scan): Promise<ExitCode> {
    const { options } = this;
    const versions = await this.#versions(settings, scan);
    const analyzerOptions: AnalyzerOptions = {
      ...settings.analyzer,
      ...(versions === undefined ? {} : { lwsVersionOf: versions.of }),
      eslintComments: true,
      reportUnusedSuppressions: options.reportUnusedSuppressions,
      ...(options.outputs.some(({ format }) => format === "html") && { describeCallbacks: true }),
    };
    const { files } = scan;
    const contents = new Map([...files].map(([name, { bytes }]) => [name, bytes]));
    const before = await this.#treeBefore(settings, scan);
    const fixes = options.fix || options.fixSuggestions || options.fixDryRun;
    const cache = await this.#openCache(scan);
    cache?.leaveOut(scan);
    const kept = fixes ? undefined : cache?.run(analyzerOptions, contents);
    const keptBefore = before?.changed === true ? cache?.run(analyzerOptions, before.contents) : undefined;
    const needed =
      (kept === undefined && (files.size > 0 || options.outputs.some(({ format }) => format === "sarif"))) ||
      (before?.changed === true && keptBefore === undefined && files.size > 0);
    const analyzer = needed ? await this.analyzer() : undefined;
    const results = kept === undefined ? analyzer && (await this.#localPhase(analyzer, scan, cache)) : undefined;
    // What is not of the files as they are is analyzed on the way.
    if (fixes || before?.changed === true) await analyzer?.ready?.();
    const resultOf = (name: string, bytes: Uint8Array): FileResult | undefined =>
      contents.get(name) === bytes && results !== undefined ? results.get(name) : cache?.facts(name, bytes);
    const run = (current: ReadonlyMap<string, Uint8Array>): Analysis => this.#analyze(analyzer!, analyzerOptions, current, resultOf);
    const keep = (of: ReadonlyMap<string, Uint8Array>, found: Analysis): Analysis => {
      cache?.keepRun(analyzerOptions, of, found, { rules: analyzer!.rules, unreadable: this.#unreadable });
      return found;
    };
    const analyzeBefore = (): Analysis => keptBefore ?? this.#aside(() => keep(before!.contents, run(before!.contents)));
    const adoption = await this.#adoption(scan, before && { ...before, analyze: analyzeBefore });
    const analyze = (current: ReadonlyMap<string, Uint8Array>): Analysis => adoption?.apply(run(current)) ?? run(current);

    let analysis: Analysis | typeof NOTHING = kept ?? NOTHING;
    let fixed: FixResult | undefined;
    if (kept !== undefined) {
      this.#unreadable = kept.unreadable;
      analysis = adoption?.apply(kept) ?? kept;
    } else if (files.size > 0) {
      if (fixes) {
        const mode = options.fixSuggestions ? "suggestions" : "safe";
        const { fixFiles } = await import("./fix-files.js");
        fixed = fixFiles(files, analyze, { mode, write: !options.fixDryRun });
        analysis = fixed.analysis;
      } else {
        const found = keep(contents, run(contents));
        analysis = adoption?.apply(found) ?? found;
      }
    } else analysis = adoption?.apply(analysis) ?? analysis;
    cache?.save();
    this.#progress.clear();
    const { shard } = options;
    let adopted = adoption?.summaryOf(analysis, shard);
    if (adoption !== undefined && options.updateBaseline && !scan.missing && fixed?.failed !== true) {
      ({ analysis, summary: adopted } = adoption.update(analysis));
    }
    if (shard !== undefined) analysis = partOf(analysis, shard);
    const report = this.#report(kept?.rules ?? analyzer?.rules ?? [], analysis, scan, fixed, versions?.all ?? [], adopted);
    await this.#emit(report, fixed);
    return this.#exitCode(report.summary, analysis.diagnostics, scan, fixed);
  }

  /** The files as they were at the revision of `--since`. */
  async #treeBefore(settings: Settings, scan: Scan): Promise<OldTree | undefined> {
    const { since, paths, includeVendored } = this.options;
    if (since === undefined) return undefined;
    const { treeAt } = await import("./since.js");
    const { ignores, include } = settings;
    const tree = treeAt(since, scan, { cwd: this.terminal.cwd, paths, ignores, include, includeVendored });
    for (const note of tree.notes) this.terminal.stderr.write(`lws-lint: --since: ${note}\n`);
    return tree;
  }

  /** What `--since` and `--baseline` take out of an analysis; `undefined` without either. */
  async #adoption(scan: Scan, before: (OldTree & { readonly analyze: () => Analysis }) | undefined): Promise<Adoption | undefined> {
    const { since, baseline, updateBaseline, stdin, stdinFilename, paths } = this.options;
    if (before === undefined && baseline === undefined) return undefined;
    const { cwd } = this.terminal;
    const [{ Adoption }, { Baseline }] = await Promise.all([import("./adoption.js"), import("./baseline.js")]);
    const file = baseline === undefined ? undefined : new Baseline(cwd, baseline);
    return new Adoption({
      cwd,
      paths: stdin ? [stdinFilename] : paths,
      unread: scan.problems.map((problem) => problem.file),
      ...(before && { since: { revision: since!, analysis: (now) => (before.changed ? before.analyze() : now) } }),
      ...(file && { baseline: { file, entries: file.read(!updateBaseline), update: updateBaseline } }),
    });
  }

  /** Carries out an analysis that is not that of the run. */
  #aside(analyze: () => Analysis): Analysis {
    const unreadable = this.#unreadable;
    const analysis = analyze();
    this.#unreadable = unreadable;
    return analysis;
  }

  /** The releases by which files are judged; not looked for unless some file uses the library. */
  async #versions({ analyzer, lwsVersionFrom }: Settings, scan: Scan): Promise<ReleaseChoice | undefined> {
    if (scan.files.size === 0) return undefined;
    const { chooseReleases } = await import("./lws-version-choice.js");
    const { cwd, systemIncludes } = this.terminal;
    const { paths, stdin } = this.options;
    const said = lwsVersionFrom && { ...lwsVersionFrom, version: analyzer.lwsVersion! };
    return chooseReleases(scan, said, { cwd, paths: stdin ? ["."] : paths, ...(systemIncludes && { systemIncludes }) });
  }

  async #openCache({ files }: Scan): Promise<RunCache | undefined> {
    const { cache, cacheLocation } = this.options;
    if (!cache || files.size === 0) return undefined;
    const { CACHE_FOLDER, RunCache } = await import("./run-cache.js");
    const folder = path.resolve(this.terminal.cwd, cacheLocation ?? CACHE_FOLDER);
    return (this.#cache ??= new RunCache(folder, (message) => this.terminal.stderr.write(`lws-lint: ${message}\n`)));
  }

  /** The local phase of all files: out of the cache, in this thread and in others. */
  async #localPhase(
    analyzer: AnalyzerApi,
    scan: Scan,
    cache: RunCache | undefined,
  ): Promise<ReadonlyMap<string, FileResult>> {
    const results = new Map<string, FileResult>();
    if (analyzer.analyzeFile === undefined) return results;
    for (const { name, bytes } of scan.files.values()) {
      const known = cache?.facts(name, bytes);
      if (known !== undefined) results.set(name, known);
    }
    const files = [...scan.files.values()].flatMap(({ name, bytes, leavesOut }) => (results.has(name) ? [] : [{ path: name, content: bytes, ...(leavesOut && { leavesOut }) }]));
    const { analyzeInParallel, usefulThreads } = await import("./workers.js");
    const threads = this.options.jobs ?? usefulThreads(files.reduce((sum, { content }) => sum + content.length, 0));
    const found = await analyzeInParallel(analyzer as Required<AnalyzerApi>, files, threads, (done) => {
      this.#progress.update(() => `Analyzing: ${grouped(done)} of ${grouped(files.length)} files: ${files[done]!.path}`);
    });
    for (const [index, { path, content }] of files.entries()) {
      const result = found[index]!;
      results.set(path, result);
      cache?.keepFacts(path, content, result);
    }
    return results;
  }

  #analyze(
    analyzer: AnalyzerApi,
    options: AnalyzerOptions,
    contents: ReadonlyMap<string, Uint8Array>,
    resultOf: (name: string, content: Uint8Array) => FileResult | undefined,
  ): Analysis {
    const run = analyzer.start(options);
    let unreadable = 0;
    for (const [file, content] of contents) {
      const result = resultOf(file, content);
      const added = run.add({ path: file, content, isChosen: true, ...(result && { result }) });
      if (added.kind === "unreadable") unreadable++;
    }
    this.#unreadable = unreadable;
    return run.finish();
  }

  #report(
    rules: AnalyzerApi["rules"],
    analysis: Analysis | typeof NOTHING,
    scan: Scan,
    fixed: FixResult | undefined,
    versions: readonly LwsVersion[],
    adopted: AdoptionSummary | undefined,
  ): Report {
    const { options, terminal } = this;
    const { shard } = options;
    const stats = "stats" in analysis ? analysis.stats : undefined;
    const { diagnostics } = analysis;
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error");
    const summary: Summary = {
      filesSeen: scan.filesSeen,
      filesIrrelevant: scan.filesIrrelevant + (stats?.filesPrefiltered ?? 0),
      filesAnalyzed: stats?.filesAnalyzed ?? 0,
      errors: errors.length,
      warnings: diagnostics.length - errors.length,
      fixable: diagnostics.filter(isFixable).length,
      fixableWithSuggestions:
        diagnostics.filter(({ fixes }) => fixes.length > 0).length - diagnostics.filter(isFixable).length,
      suppressed: analysis.suppressed.length,
      fixesApplied: fixed?.applied ?? 0,
      vendoredSkipped: scan.vendored,
      incompleteFunctions: stats?.incompleteFunctions.length ?? 0,
      unreadRegions: stats?.unreadRegions.length ?? 0,
      durationMs: Math.round(performance.now() - this.#start),
      ...adopted,
      ...(shard && { shard }),
      ...(versions.length > 0 && (stats?.filesAnalyzed ?? 0) > 0 ? { lwsVersions: versions } : {}),
    };
    return {
      tool: { name: "lws-lint", version: packageVersion() },
      cwd: terminal.cwd,
      root: repositoryRoot(terminal),
      rules,
      diagnostics: options.quiet ? errors : diagnostics,
      suppressed: analysis.suppressed,
      problems: [...(shard ? scan.problems.filter(({ file }) => isInShard(file, shard)) : scan.problems), ...analysis.problems, ...(fixed?.problems ?? [])] satisfies Problem[],
      summary,
      ...(stats === undefined ? {} : { stats }),
      ...("callbacks" in analysis && { callbacks: analysis.callbacks }),
      skippedFolders: scan.skippedFolders,
      source: (file) => analysis.source(file),
      rulePage,
    };
  }

  /**
   * The diff of a dry run has standard output for itself: reports go to files, the summary to standard error.
   */
  async #emit(report: Report, fixed: FixResult | undefined): Promise<void> {
    const { options, terminal } = this;
    const { stdout } = terminal;
    const { summary, gaps } = summarize(report);
    const showsGaps = ({ format, file }: Output): boolean => format === "text" && file === undefined && !options.fixDryRun;
    if (options.strictCoverage && !options.outputs.some(showsGaps)) terminal.stderr.write(gaps);
    for (const { format, file } of options.outputs) {
      const toFile = file !== undefined;
      if (options.fixDryRun && !toFile) continue;
      const text = await render(report, {
        format,
        stats: options.stats,
        verbose: options.verbose || options.strictCoverage,
        color: wantsColor(options.color, toFile ? { ...stdout, isTTY: false } : stdout, terminal.env),
        columns: toFile || !stdout.isTTY ? 0 : stdout.columns,
      });
      if (toFile) this.#writeReport(file, text);
      else stdout.write(text);
    }
    if (options.fixDryRun) {
      for (const diff of fixed?.diffs ?? []) stdout.write(diff);
      terminal.stderr.write(summary);
    }
  }

  #writeReport(file: string, text: string): void {
    try {
      writeWhole(path.resolve(this.terminal.cwd, file), Buffer.from(text, "utf8"));
    } catch (error) {
      throw new UsageError(`${file}: the report cannot be written: ${describeSystemError(error)}.`, { cause: error });
    }
  }

  #print(text: string): ExitCode {
    this.terminal.stdout.write(text);
    return EXIT.clean;
  }

  #exitCode(summary: Summary, diagnostics: readonly Diagnostic[], scan: Scan, fixed: FixResult | undefined): ExitCode {
    const { maxWarnings, strictCoverage } = this.options;
    if (scan.missing || fixed?.failed === true) return EXIT.failure;
    if (diagnostics.some((diagnostic) => diagnostic.severity === "error")) return EXIT.findings;
    if (maxWarnings !== undefined && summary.warnings > maxWarnings) return EXIT.findings;
    const { incompleteFunctions, unreadRegions } = summary;
    const gaps = incompleteFunctions + unreadRegions + scan.problems.length + this.#unreadable;
    return strictCoverage && gaps > 0 ? EXIT.findings : EXIT.clean;
  }
}

/**
 * Carries out one command line.
 *
 * @throws {UsageError} for what the user has to put right
 */
export const runLint = (options: Options, terminal: Terminal, create: CreateAnalyzer): Promise<ExitCode> =>
  new LintRun(options, terminal, create).execute();
