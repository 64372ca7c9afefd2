import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../apps/ingestor/bin/run.js', import.meta.url));

/** The phases of a run, in order, by the event that each begins with. Checking and staging share a pass. */
const PHASE_OF_EVENT = {
  connected: 'validate',
  staging: 'stage',
  verifying: 'verify',
  publishing: 'publish',
  registering: 'register',
} as const;
export type Phase = (typeof PHASE_OF_EVENT)[keyof typeof PHASE_OF_EVENT];
export const PHASES = Object.values(PHASE_OF_EVENT);

/** The file descriptor to which the process writes its events, as lines of JSON. */
const EVENTS_FD = 3;

export interface IngestOptions {
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Called as a phase begins. */
  onPhase?: (run: Ingest, phase: Phase) => void;
}

/** A process of `ingestor ingest`, which writes an event as each phase begins. */
export class Ingest {
  /** The phases that have begun, with their times in milliseconds of `performance.now()`. */
  readonly times = new Map<Phase, number>();
  /** The time of the end, in milliseconds of `performance.now()`. */
  end: number | undefined;
  wasKilled = false;
  output = '';
  /** Settles when a kill of this process has been noted; `undefined` before the kill. */
  noted: Promise<void> | undefined;
  readonly child: ChildProcess;
  /** Resolves to the exit code; `null` after a signal. */
  readonly ended: Promise<number | null>;
  readonly #onPhase: NonNullable<IngestOptions['onPhase']>;

  constructor(args: readonly string[], { env, cwd, onPhase = () => undefined }: IngestOptions) {
    this.#onPhase = onPhase;
    this.child = spawn(process.execPath, [BIN, 'ingest', ...args], {
      cwd,
      env: { PATH: process.env.PATH, HOME: cwd, ...env, LOG_LEVEL: 'DEBUG', INGESTOR_EVENTS_FD: `${EVENTS_FD}` },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    createInterface({ input: this.child.stdio[EVENTS_FD] as Readable }).on('line', (line) =>
      this.#begin(JSON.parse(line) as { phase: string }),
    );
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

  #begin(event: { phase: string }): void {
    if (!Object.hasOwn(PHASE_OF_EVENT, event.phase)) return;
    const phase = PHASE_OF_EVENT[event.phase as keyof typeof PHASE_OF_EVENT];
    if (this.times.has(phase)) return;
    this.times.set(phase, performance.now());
    this.#onPhase(this, phase);
  }
}
