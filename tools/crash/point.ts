import { isDeepStrictEqual } from 'node:util';
import { callsOf, checkCalls, unledgered } from './calls.ts';
import type { MariaDb } from '@tracebloc/ingestor-testing';
import type { Ingest, Phase } from './ingest.ts';
import type { Scenario } from './scenarios.ts';
import { World, type Dataset } from './world.ts';

/** A point is given up after this many starts; no point kills as often. */
const MOST_STARTS = 6;

/**
 * A moment to kill a process: so long after the phase has begun. It meets the process of shard `Plan.victim`, but in verify,
 * publish and register, which only one process does, it meets that process. With `isOther` it then meets the process of
 * `Plan.victim`, if that still guards its rows.
 */
export interface Kill {
  phase: Phase;
  delayMs: number;
  isOther: boolean;
}

export interface Plan {
  /** Whether the ingest replaces an older dataset. */
  overwrite: boolean;
  /** The index of a shard. */
  victim: number;
  kills: readonly Kill[];
}

/** A process that was killed: the phase, the milliseconds since its beginning, and the state of the ledger. */
export interface Killed {
  phase: Phase;
  ms: number;
  ledger: string;
}

/** An undisturbed run: the dataset, the calls in order, and how many milliseconds each phase takes. */
export interface Undisturbed {
  dataset: Dataset;
  calls: string[];
  durations: (phase: Phase) => number;
}

/** One ingest whose processes are killed as planned, and started again until they succeed. */
export class Point {
  readonly killed: Killed[] = [];
  readonly #world: World;
  readonly #plan: Plan;
  readonly #repeatable: string[] = [];
  readonly #problems: string[] = [];
  /** The shards of the processes that run. */
  readonly #running = new Map<Ingest, number | undefined>();
  readonly #kills: Kill[];
  /** How many calls the backend had accepted before this ingest. */
  #since = 0;

  constructor(world: World, plan: Plan) {
    this.#world = world;
    this.#plan = plan;
    this.#kills = [...plan.kills];
  }

  /** Ingests as planned. Returns the differences from the undisturbed run, in sentences. */
  async check(expected: Undisturbed): Promise<string[]> {
    const [world, plan] = [this.#world, this.#plan];
    if (plan.overwrite) await ingestOnce(world, world.scenario.older);
    this.#since = world.backend.calls.length;
    await Promise.all(shardsOf(world).map((shard) => this.#untilDone(shard)));
    if (this.#problems.length === 0) {
      this.#problems.push(
        ...(await this.#checkState(expected)),
        ...checkCalls(callsOf(world, this.#since), expected.calls, this.#repeatable),
      );
    }
    return this.#problems;
  }

  /** Runs one command until it exits with 0. */
  async #untilDone(shard: number | undefined): Promise<void> {
    const [world, plan] = [this.#world, this.#plan];
    const onPhase = (run: Ingest, phase: Phase) => this.#arm(run, phase, shard);
    for (let starts = 0; starts < MOST_STARTS; starts++) {
      const run = world.ingest(world.scenario.config, { shard, overwrite: plan.overwrite, onPhase });
      this.#running.set(run, shard);
      const code = await run.ended;
      this.#running.delete(run);
      await run.noted;
      if (code === 0) return;
      if (!run.wasKilled) {
        this.#problems.push(`a process exited with ${code}:\n${run.output.trimEnd()}`);
        return;
      }
    }
    this.#problems.push(`not done after ${MOST_STARTS} starts`);
  }

  /** Plans the kill of the process when it is the next victim. */
  #arm(run: Ingest, phase: Phase, shard: number | undefined): void {
    const [next] = this.#kills;
    const isVictim =
      shard === undefined || shard === this.#plan.victim || ['verify', 'publish', 'register'].includes(phase);
    if (next?.phase !== phase || !isVictim) return;
    this.#kills.shift();
    setTimeout(() => {
      const [other] = [...this.#running].find(([, its]) => its === this.#plan.victim) ?? [];
      const victim = (next.isOther && other) || run;
      victim.noted ??= this.#kill(victim);
    }, next.delayMs);
  }

  /** Kills the process and notes what it leaves. Other processes, which would change that, are halted meanwhile. */
  async #kill(run: Ingest): Promise<void> {
    if (!this.#running.has(run)) return;
    const others = [...this.#running.keys()].filter((other) => other !== run);
    for (const other of others) other.pause();
    try {
      run.kill();
      await run.ended;
      if (run.wasKilled) await this.#note(run);
    } finally {
      for (const other of others) other.resume();
    }
  }

  async #note(run: Ingest): Promise<void> {
    const phase = run.phase!;
    const [ledger] = (await this.#world.runs()).slice(-1);
    const about = ledger ? `${ledger.state}, ${ledger.staged} staged, ${ledger.sent} sent` : 'no run yet';
    if (ledger && !ledger.verified && /^publish/.test(ledger.state)) {
      this.#problems.push(`a run was ${ledger.state} that was not compared with what was loaded`);
    }
    this.killed.push({ phase, ms: run.duration(phase), ledger: about });
    if (phase !== 'register') return;
    const unknown = await unledgered(this.#world, this.#since);
    if (unknown.length > 1) this.#problems.push(`the ledger does not know more than one call: ${unknown.join(', ')}`);
    this.#repeatable.push(...unknown);
  }

  async #checkState(expected: Undisturbed): Promise<string[]> {
    const [world, plan] = [this.#world, this.#plan];
    const problems: string[] = [];
    const dataset = await world.dataset();
    for (const [part, value] of Object.entries(expected.dataset)) {
      if (!isDeepStrictEqual(dataset[part], value))
        problems.push(`${part} differ: ${difference(value, dataset[part])}`);
    }
    const states = (await world.runs()).map(({ state }) => state).join();
    const expectedStates = plan.overwrite ? 'superseded,registered' : 'registered';
    if (states !== expectedStates) problems.push(`the ledger's runs are ${states}, not ${expectedStates}`);
    if ((await world.unverified()).length > 0) problems.push('the dataset was registered without being verified');
    const leftovers = await world.leftovers();
    if (leftovers.length > 0) problems.push(`left behind: ${leftovers.join(', ')}`);
    for (const { request, problems: why } of world.backend.violations) problems.push(`${request}: ${why.join('; ')}`);
    return problems;
  }
}

export async function measureUndisturbed(world: World): Promise<Undisturbed> {
  const runs = await ingestOnce(world, world.scenario.config);
  const durations = (phase: Phase) => Math.max(...runs.map((run) => run.duration(phase)));
  return { dataset: await world.dataset(), calls: callsOf(world), durations };
}

async function ingestOnce(world: World, config: string): Promise<Ingest[]> {
  const runs = shardsOf(world).map((shard) => world.ingest(config, { shard }));
  for (const run of runs) {
    if ((await run.ended) !== 0) throw new Error(`An undisturbed ingest of ${config} failed:\n${run.output}`);
  }
  return runs;
}

/** Returns the indexes of the shards, or one `undefined` when the ingest is not sharded. */
function shardsOf({ scenario: { shards } }: World): (number | undefined)[] {
  return shards === 1 ? [undefined] : Array.from({ length: shards }, (_, index) => index);
}

/** Returns the first difference between two lists, or the two values. */
function difference(expected: unknown, actual: unknown): string {
  if (!Array.isArray(expected) || !Array.isArray(actual))
    return `${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
  const index = expected.findIndex((value, i) => !isDeepStrictEqual(value, actual[i]));
  const at = index < 0 ? expected.length : index;
  const shown = (list: readonly unknown[]) => (at < list.length ? JSON.stringify(list[at]) : 'nothing');
  return `${actual.length} of ${expected.length}; at ${at} ${shown(actual)}, not ${shown(expected)}`;
}

export interface PointOptions {
  scenario: Scenario;
  mariaDb: MariaDb;
  folder: string;
  plan: Plan;
  expected: Undisturbed;
}

export async function runPoint(options: PointOptions): Promise<{ problems: string[]; killed: Killed[] }> {
  const { scenario, mariaDb, folder, plan, expected } = options;
  const world = await World.create(scenario, mariaDb, folder);
  const point = new Point(world, plan);
  try {
    return { problems: await point.check(expected), killed: point.killed };
  } finally {
    await world.remove();
  }
}
