import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../apps/ingestor/bin/run.js', import.meta.url));

/** What a run passes through, in order, and the line of its log that each begins with. Checking and staging share a pass. */
const MARKS = {
  validate: / Connected to /,
  stage: / Committing a batch\./,
  verify: / Verifying run /,
  publish: / Publishing run /,
  register: / Registering run /,
};
export type Phase = keyof typeof MARKS;
export const PHASES = Object.keys(MARKS) as Phase[];

export interface IngestOptions {
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Called as a phase begins. */
  onPhase?: (run: Ingest, phase: Phase) => void;
}

/** A process of `ingestor ingest`. Its log shows which phase it is in. */
export class Ingest {
  /** The phases that have begun, with their times in milliseconds of `performance.now()`. */
  readonly times = new Map<Phase, number>();
  /** The time of the end, in milliseconds of `performance.now()`. */
  end: number | undefined;
  wasKilled = false;
  output = '';
  /** Settles when a kill of this process has been noted; `undefined` before the kill. */
  noted: Promise<void> | undefined;
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Resolves to the exit code; `null` after a signal. */
  readonly ended: Promise<number | null>;
  readonly #onPhase: NonNullable<IngestOptions['onPhase']>;

  constructor(args: readonly string[], { env, cwd, onPhase = () => undefined }: IngestOptions) {
    this.#onPhase = onPhase;
    this.child = spawn(process.execPath, [BIN, 'ingest', ...args], {
      cwd,
      env: { PATH: process.env.PATH, HOME: cwd, ...env, LOG_LEVEL: 'DEBUG' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject).on('close', (code: number | null) => {
        this.end = performance.now();
        resolve(code);
      });
    });
  }

  /** Returns the phase that the process is in or ended in, and `undefined` before the first. */
  get phase(): Phase | undefined {
    return [...this.times.keys()].at(-1);
  }

  /** Returns how many milliseconds the process spent in the phase; 0 when it never began. */
  duration(phase: Phase): number {
    const times = [...this.times.values(), this.end ?? NaN];
    const index = [...this.times.keys()].indexOf(phase);
    return index < 0 ? 0 : times[index + 1]! - times[index]!;
  }

  kill(): void {
    this.wasKilled = this.child.exitCode === null && this.child.kill('SIGKILL');
  }

  /** Halts the process until `resume`. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  #read(text: string): void {
    this.output += text;
    for (const phase of PHASES) {
      if (this.times.has(phase) || !MARKS[phase].test(this.output)) continue;
      this.times.set(phase, performance.now());
      this.#onPhase(this, phase);
    }
  }
}
