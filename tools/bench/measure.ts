import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Runs a process to its end.
 * @returns {Promise<{seconds: number, rssMb: number}>} wall time, and the peak resident memory in MB (10^6 bytes)
 */
export async function measureProcess(command, args, env) {
  const started = performance.now();
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  let rssMb = 0;
  const sampler = setInterval(() => (rssMb = peakRss(child.pid) ?? rssMb), 20);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(sampler);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${code}:\n${stderr}`);
  return { seconds: (performance.now() - started) / 1000, rssMb };
}

/** The peak resident memory of a process in MB (10^6 bytes), by the kernel's own mark; undefined once it is gone. */
export function peakRss(pid) {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1.024e-3;
  } catch {
    return undefined;
  }
}

export async function measure(work) {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

export function round(value, digits = 2) {
  return Number(value.toFixed(digits));
}
