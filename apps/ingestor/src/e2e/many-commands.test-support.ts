import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, settings } from '@oclif/core';
import { ExitCode } from '@tracebloc/ingestor-core';
import { guardStreams, takeSecrets } from '@tracebloc/ingestor-cli';
import { loadHost } from '../plugins/host.js';
import type { Ended, Env, World } from '@tracebloc/ingestor-testing/command';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COMPILED = fileURLToPath(new URL('../../dist/e2e/many-commands.test-support.js', import.meta.url));
const COMPILE_CACHE = join(tmpdir(), 'ingestor-compiled');
const MARK = /=== end of command, exit code (\d+)\n/;

export interface Called {
  args: readonly string[];
  env: Env;
}

/**
 * One process that runs command lines one after another, as `main` does, with the parser, the plugins and the streams of
 * the program. It starts only once, which takes most of a short command's time. What a test asks about the process
 * itself, such as signals, its exit and its environment, needs a process for each command (`World.run`).
 */
export class CommandSession {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #unread = { stdout: '', stderr: '' };
  #last: Promise<unknown> = Promise.resolve();
  #onOutput: () => void = () => undefined;

  constructor(cwd: string, env: Env = {}) {
    this.#child = spawn(process.execPath, [COMPILED], {
      cwd,
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#ended = once(this.#child, 'exit');
    for (const stream of ['stdout', 'stderr'] as const) {
      this.#child[stream]!.setEncoding('utf8').on('data', (text: string) => {
        this.#unread[stream] += text;
        this.#onOutput();
      });
    }
  }

  /** Runs the command after those that were given before it. The environment is empty but for PATH, HOME and `env`. */
  run(args: readonly string[], env: Env): Promise<Ended> {
    const ended = this.#last.then(() => this.#run({ args, env }));
    this.#last = ended.catch(() => undefined);
    return ended;
  }

  async #run(called: Called): Promise<Ended> {
    const started = performance.now();
    const ended = new Promise<boolean>((resolve) => {
      this.#onOutput = () => Object.values(this.#unread).every((text) => MARK.test(text)) && resolve(true);
    });
    this.#child.send(called);
    if (!(await Promise.race([ended, this.#ended.then(() => false)]))) {
      throw new Error(`The process of the commands has ended: ${JSON.stringify(this.#unread)}`);
    }
    const [stdout, code] = this.#take('stdout');
    const [stderr] = this.#take('stderr');
    return { code: Number(code), stdout, stderr, seconds: (performance.now() - started) / 1000 };
  }

  /** Takes what the command has written, and its exit code, from what was read. */
  #take(stream: 'stdout' | 'stderr'): [text: string, code: string] {
    const [text, code, ...rest] = this.#unread[stream].split(MARK);
    this.#unread[stream] = rest.join('');
    return [text!, code!];
  }

  /** Ends the process once the commands are done. */
  async stop(): Promise<void> {
    await this.#last;
    if (this.#child.connected) this.#child.disconnect();
    await this.#ended;
  }
}

/** Starts a session in the working folder of the tests. */
export const sessionIn = (world: World) => new CommandSession(world.folder);

/** Runs the commands one after another in one process, whose own environment is `env`, and returns how each ended. */
export async function runAll(commands: readonly Called[], cwd: string, env: Env = {}): Promise<Ended[]> {
  const session = new CommandSession(cwd, env);
  const ended = await Promise.all(commands.map((command) => session.run(command.args, command.env)));
  await session.stop();
  return ended;
}

/** Runs the commands that the parent process sends, until it disconnects. */
function serve(): void {
  guardStreams();
  settings.enableAutoTranspile = false;
  const { PATH } = process.env;
  process.on('message', ({ args, env }: Called) => {
    for (const name of Object.keys(process.env)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, { PATH, HOME: process.cwd(), ...env });
    void runHere(args);
  });
}

const exitCode = () => process.exitCode ?? 0;

async function runHere(args: readonly string[]): Promise<void> {
  process.exitCode = undefined;
  takeSecrets();
  await loadHost(ROOT)
    .then((host) => run([...args], host))
    .catch((error: unknown) => {
      console.error((error as Error).stack);
      process.exitCode = ExitCode.failed;
    });
  const mark = `=== end of command, exit code ${exitCode()}\n`;
  for (const stream of [process.stdout, process.stderr]) stream.write(mark);
}

if (process.argv[1] === COMPILED) serve();
