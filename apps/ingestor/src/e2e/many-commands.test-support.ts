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

export interface Called {
  args: readonly string[];
  env: Env;
}

/** What each command printed, by both streams, and its exit code; all run in one process, which starts but once. */
export async function runAll(commands: readonly Called[], cwd: string): Promise<{ output: string; code: number }[]> {
  const child = spawn(process.execPath, [COMPILED], {
    cwd,
    env: { PATH: process.env.PATH, FORCE_COLOR: '1', COMMANDS: JSON.stringify(commands) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (output[stream] += text));
  }
  await once(child, 'close');
  const parts = [output.stdout, output.stderr].map((text) => text.split(/=== end of command, exit code (\d+)\n/));
  return commands.map((_, index) => ({
    output: parts.map((part) => part[2 * index] ?? 'nothing').join(''),
    code: Number(parts[0]![2 * index + 1]),
  }));
}

const exitCode = () => process.exitCode ?? 0;

/** As `main` does, again and again. */
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
