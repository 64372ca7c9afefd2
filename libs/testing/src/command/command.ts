import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const COMPILED = join(tmpdir(), 'ingestor-compiled');

/** The compiled executable that users run. */
export const BIN = fileURLToPath(new URL('../../../../apps/ingestor/bin/run.js', import.meta.url));

export type Env = Readonly<Record<string, string>>;

/** The result of a command. */
export interface Ended {
  /** The exit code; `null` after a signal that it did not handle. */
  code: number | null;
  stdout: string;
  stderr: string;
  seconds: number;
}

export interface Running {
  readonly pid: number;
  /** Sends the signal. */
  kill(signal: NodeJS.Signals): void;
  /** The output so far. */
  readonly output: Readonly<Pick<Ended, 'stdout' | 'stderr'>>;
  readonly ended: Promise<Ended>;
}

/** Starts `ingestor`, or another program. Its environment contains only PATH and the given variables. */
export function start(
  args: readonly string[],
  { env, cwd, program = [process.execPath, BIN] }: { env: Env; cwd: string; program?: readonly string[] },
): Running {
  const started = performance.now();
  const [command, ...before] = program;
  const child = spawn(command!, [...before, ...args], {
    cwd,
    // The processes share a cache of compiled code.
    env: { PATH: process.env.PATH, HOME: cwd, NODE_COMPILE_CACHE: COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text));
  }
  const ended = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    ...output,
    seconds: (performance.now() - started) / 1000,
  }));
  return {
    pid: child.pid!,
    kill: (signal) => void child.kill(signal),
    output,
    ended,
  };
}

/** Parses stdout, which must be one JSON document. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows what its command prints
export function documentOf<T = Record<string, unknown>>({ stdout }: Ended): T {
  return JSON.parse(stdout) as T;
}

/** Returns the last line of the log. */
export function lastLine({ stderr }: Ended): string {
  return stderr.trimEnd().split('\n').at(-1)!;
}
