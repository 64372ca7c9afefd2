import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface Measurement {
  /** Wall time. */
  seconds: number;
  /** The peak of the resident memory in MB (10^6 bytes). */
  rssMb: number;
}

/** Runs a process to its end. Throws an error with its stderr when it exits with another code than 0. */
export async function measureProcess(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Measurement> {
  const started = performance.now();
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  let rssMb = 0;
  const sampler = setInterval(() => (rssMb = peakRss(child.pid) ?? rssMb), 20);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(sampler);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${code}:\n${stderr}`);
  return { seconds: (performance.now() - started) / 1000, rssMb };
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
