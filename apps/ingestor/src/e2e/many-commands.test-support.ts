import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from '@oclif/core';
import { guardStreams } from '@tracebloc/ingestor-cli';
import { loadHost } from '../plugins/host.js';
import type { Env } from '@tracebloc/ingestor-testing/command';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COMPILED = fileURLToPath(new URL('../../dist/e2e/many-commands.test-support.js', import.meta.url));
const MARK = '=== end of command, exit code ';
const END = new RegExp(`${MARK}(\\d+)\\n`);

export interface Called {
  args: readonly string[];
  env: Env;
}

export interface Answered {
  stdout: string;
  stderr: string;
  code: number;
}

/**
 * Runs the commands one after the other in one process, which starts only once, and returns how each ended. The
 * process decides by `env` whether it prints colours.
 */
export async function runAll(commands: readonly Called[], cwd: string, env: Env = {}): Promise<Answered[]> {
  const child = spawn(process.execPath, [COMPILED], {
    cwd,
    env: { PATH: process.env.PATH, ...env, COMMANDS: JSON.stringify(commands) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text));
  }
  await once(child, 'close');
  // An odd part is the exit code of the command whose output is the part before it.
  const [stdout, stderr] = [output.stdout, output.stderr].map((text) => text.split(END));
  return commands.map((_, index) => ({
    stdout: stdout![2 * index] ?? 'nothing',
    stderr: stderr![2 * index] ?? 'nothing',
    code: Number(stdout![2 * index + 1]),
  }));
}

const exitCode = () => process.exitCode ?? 0;

/** Does what `main` does, once for each command. */
async function runHere(commands: readonly Called[]): Promise<void> {
  guardStreams();
  const { PATH } = process.env;
  for (const { args, env } of commands) {
    for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, { PATH, HOME: process.cwd(), ...env });
    process.exitCode = undefined;
    await run([...args], await loadHost(ROOT)).catch((error: unknown) => console.error((error as Error).stack));
    for (const fd of [1, 2]) writeSync(fd, `${MARK}${exitCode()}\n`);
  }
}

if (process.argv[1] === COMPILED || process.argv[1] === fileURLToPath(import.meta.url)) {
  await runHere(JSON.parse(process.env.COMMANDS!) as Called[]);
  process.exit();
}
