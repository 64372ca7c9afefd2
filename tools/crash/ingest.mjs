import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../apps/ingestor/bin/run.js', import.meta.url));

/** The phases of a run, in order, by the event that each begins with. Checking and staging share a pass. */
const PHASE_OF_EVENT = {
  connected: 'validate',
  staging: 'stage',
  verifying: 'verify',
  publishing: 'publish',
  registering: 'register',
};
export const PHASES = Object.values(PHASE_OF_EVENT);

/** The file descriptor to which the process writes its events, as lines of JSON. */
const EVENTS_FD = 3;

/** A process of `ingestor ingest`, which writes an event as each phase begins. */
export class Ingest {
  /** Each phase that it has come to, with the time: milliseconds of `performance.now()`. */
  times = new Map();
  /** The time of its end. */
  end;
  wasKilled = false;
  output = '';
  #onPhase;

  /** `onPhase` is called as a phase begins. */
  constructor(args, { env, cwd, onPhase = () => undefined }) {
    this.#onPhase = onPhase;
    this.child = spawn(process.execPath, [BIN, 'ingest', ...args], {
      cwd,
      env: { PATH: process.env.PATH, HOME: cwd, ...env, LOG_LEVEL: 'DEBUG', INGESTOR_EVENTS_FD: `${EVENTS_FD}` },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    this.child.stdout.setEncoding('utf8').on('data', (text) => (this.output += text));
    this.child.stderr.setEncoding('utf8').on('data', (text) => (this.output += text));
    createInterface({ input: this.child.stdio[EVENTS_FD] }).on('line', (line) => this.#begin(JSON.parse(line)));
    /** Resolves to its exit code; `null` after a signal. */
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject).on('close', (code) => {
        this.end = performance.now();
        resolve(code);
      });
    });
  }

  /** The phase that it is in, or ended in; nothing before its first. */
  get phase() {
    return [...this.times.keys()].at(-1);
  }

  /** Milliseconds that it spent in the phase; 0 where it never came to it. */
  duration(phase) {
    const times = [...this.times.entries(), ['', this.end]];
    const index = times.findIndex(([name]) => name === phase);
    return index < 0 ? 0 : times[index + 1][1] - times[index][1];
  }

  kill() {
    this.wasKilled = this.child.exitCode === null && this.child.kill('SIGKILL');
  }

  /** Stops it where it is, until `resume`. */
  pause() {
    this.child.kill('SIGSTOP');
  }

  resume() {
    this.child.kill('SIGCONT');
  }

  #begin(event) {
    const phase = PHASE_OF_EVENT[event.phase];
    if (phase === undefined || this.times.has(phase)) return;
    this.times.set(phase, performance.now());
    this.#onPhase(this, phase);
  }
}
