import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface Measurement {
  /** Wall time. */
  seconds: number;
  /** Processor time, user and system, of the process and of the children that it waited for; in steps of 10 ms. */
  processorSeconds: number;
  /** The peak of the resident memory in MB (10^6 bytes). */
  rssMb: number;
}

export interface Command {
  command: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
}

/** Runs a process to its end. Throws an error with its stderr when it exits with another code than 0. */
export function measureProcess(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Measurement> {
  return measureTogether([{ command, args, env }]);
}

/**
 * Runs processes side by side until the last has ended. Adds up their processor times, and takes the largest of their
 * peaks of memory. No other child of this process may end meanwhile, because the kernel tells the time of all of them.
 */
export async function measureTogether(commands: readonly Command[]): Promise<Measurement> {
  const processor = processorOfChildren();
  const started = performance.now();
  const peaks = await Promise.all(commands.map(runToEnd));
  return {
    seconds: (performance.now() - started) / 1000,
    processorSeconds: processorOfChildren() - processor,
    rssMb: Math.max(...peaks),
  };
}

/** Returns the peak of the process's memory in MB. */
async function runToEnd({ command, args, env }: Command): Promise<number> {
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  let rssMb = 0;
  const sampler = setInterval(() => (rssMb = peakRss(child.pid) ?? rssMb), 20);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(sampler);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${code}:\n${stderr}`);
  return rssMb;
}

/** The kernel counts processor time in these parts of a second, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Returns the seconds of processor time, user and system, of all children of this process that have ended. */
function processorOfChildren(): number {
  return ticksOf('self', ['cutime', 'cstime']);
}

/** Returns the seconds of processor time, user and system, of a process that runs; NaN if it does not run on this machine. */
export function processorOf(pid: number): number {
  return ticksOf(String(pid), ['utime', 'stime']);
}

/** The positions of fields in `/proc/<pid>/stat`, behind the name of the program. */
const FIELDS = { utime: 11, stime: 12, cutime: 13, cstime: 14 } as const;

function ticksOf(pid: string, names: readonly (keyof typeof FIELDS)[]): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return names.map((name) => Number(fields[FIELDS[name]])).reduce((a, b) => a + b) / TICKS_PER_SECOND;
  } catch {
    return NaN;
  }
}

/** Returns the peak resident memory of a process in MB (10^6 bytes) as the kernel records it, `undefined` after its end. */
export function peakRss(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1.024e-3;
  } catch {
    return undefined;
  }
}

/** Returns the wall time of the work in seconds. */
export async function measure(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

/** Returns the best times and the largest peak of memory of several rounds. */
export function best(measured: readonly Measurement[]): Measurement {
  return {
    seconds: Math.min(...measured.map(({ seconds }) => seconds)),
    processorSeconds: Math.min(...measured.map(({ processorSeconds }) => processorSeconds)),
    rssMb: Math.max(...measured.map(({ rssMb }) => rssMb)),
  };
}
