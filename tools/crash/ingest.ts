import { spawn } from 'node:child_process';
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
export const PHASES = Object.keys(MARKS);

/** A process of `ingestor ingest`, whose log tells how far it is. */
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
      env: { PATH: process.env.PATH, HOME: cwd, ...env, LOG_LEVEL: 'DEBUG' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout.setEncoding('utf8').on('data', (text) => (this.output += text));
    this.child.stderr.setEncoding('utf8').on('data', (text) => this.#read(text));
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

  #read(text) {
    this.output += text;
    for (const phase of PHASES) {
      if (this.times.has(phase) || !MARKS[phase].test(this.output)) continue;
      this.times.set(phase, performance.now());
      this.#onPhase(this, phase);
    }
  }
}
