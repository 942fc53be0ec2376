/** Runs programs in turns and times them. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** One finished process. */
export interface Timing {
  readonly milliseconds: number;
  /** Of the processor, in the program and in the system for it: other work on the machine hardly bears on it. 0 where the system does not tell. */
  readonly cpuMilliseconds: number;
  /** Largest resident size that was seen; 0 where the system does not tell. */
  readonly peakBytes: number;
  /** It was ended at the limit: it takes longer than this. */
  readonly isCut?: true;
}

/** A program with its arguments, under the name it has in tables. */
export interface Command {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** May take minutes: timed in the first round only, and ended after `LIMIT`. */
  readonly isSlow?: boolean;
  /** Whether it uses other ends than "nothing found" and "something found" for either. */
  readonly anyStatus?: boolean;
}

/** In milliseconds. */
export const LIMIT = 60_000;

/** The middle of some numbers, the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The largest resident size of a running process so far. */
function peakOf(pid: number): number {
  try {
    const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    return Number(found?.[1] ?? 0) * 1024;
  } catch {
    return 0; // ended meanwhile, or not Linux
  }
}

/** What the children of this process that have ended took of the processor, in milliseconds: in ticks of ten. */
function cpuOfChildren(): number {
  try {
    const fields = readFileSync("/proc/self/stat", "latin1").split(") ").at(-1)!.split(" ");
    return (Number(fields[13]) + Number(fields[14])) * 10;
  } catch {
    return 0;
  }
}

/** Runs a command to its end. Status 0 and 1 are results ("nothing found", "something found"), others are failures. */
export function time({ program, args, anyStatus = false, isSlow = false }: Omit<Command, "name">): Promise<Timing> {
  const cpuBefore = cpuOfChildren();
  const started = performance.now();
  const child = spawn(program, args, { detached: isSlow, stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, NO_COLOR: "1" } });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4000)));
  let peakBytes = 0;
  const poll = setInterval(() => (peakBytes = Math.max(peakBytes, peakOf(child.pid ?? 0))), 25);
  let isCut = false;
  const limit = !isSlow ? undefined : setTimeout(() => {
    isCut = true;
    // With the processes that it started itself.
    process.kill(-child.pid!, "SIGKILL");
  }, LIMIT);
  return new Promise((done, fail) => {
    child.on("error", (error) => {
      clearInterval(poll);
      fail(new Error(`cannot run ${program}: ${error.message}`));
    });
    child.on("close", (code) => {
      const milliseconds = performance.now() - started;
      clearInterval(poll);
      clearTimeout(limit);
      const cpuMilliseconds = cpuOfChildren() - cpuBefore;
      if (isCut) return void done({ milliseconds: LIMIT, cpuMilliseconds, peakBytes, isCut: true });
      if (code === 0 || code === 1 || (anyStatus && code !== null)) done({ milliseconds, cpuMilliseconds, peakBytes });
      else fail(new Error(`${program} ${args.join(" ")} ended with ${code}:\n${errors}`));
    });
  });
}

/** Timings of commands that took turns, by name, in the order of the rounds; one round before the first is not counted. */
export async function takeTurns(commands: readonly Command[], rounds: number): Promise<ReadonlyMap<string, readonly Timing[]>> {
  const timings = new Map(commands.map(({ name }) => [name, [] as Timing[]]));
  for (let round = -1; round < rounds; round++) {
    for (const command of commands) {
      if (command.isSlow === true && round !== 0) continue;
      const timing = await time(command);
      if (round >= 0) timings.get(command.name)!.push(timing);
    }
  }
  return timings;
}

/** How much longer one took than another, round by round: the middle, the smallest and the largest. */
export function ratio(over: readonly Timing[], under: readonly Timing[]): { readonly middle: number; readonly smallest: number; readonly largest: number } {
  const ratios = over.map((one, index) => one.milliseconds / (under[index]?.milliseconds ?? Number.NaN));
  return { middle: median(ratios), smallest: Math.min(...ratios), largest: Math.max(...ratios) };
}

/** How much more of the processor one took than another, all rounds together; `undefined` where the system does not tell. */
export function cpuRatio(over: readonly Timing[], under: readonly Timing[]): number | undefined {
  const mean = (timings: readonly Timing[]): number => timings.reduce((sum, { cpuMilliseconds }) => sum + cpuMilliseconds, 0) / timings.length;
  const found = mean(over) / mean(under);
  return Number.isFinite(found) && found > 0 ? found : undefined;
}

export const cpuOf = (timings: readonly Timing[]): number => median(timings.map((one) => one.cpuMilliseconds));

export const millisecondsOf = (timings: readonly Timing[]): number => median(timings.map((one) => one.milliseconds));

/** In MiB. */
export const peakOfAll = (timings: readonly Timing[]): number => Math.max(...timings.map((one) => one.peakBytes)) / 2 ** 20;
