import { isDeepStrictEqual } from 'node:util';
import { callsOf, checkCalls, unledgered } from './calls.ts';
import { World } from './world.ts';

/** Restarts after which a point is given up; no point kills as often. */
const MOST_STARTS = 6;

/**
 * One ingest whose processes are killed, each time `plan.kills` says so, and started again until they are done. A kill is
 * `{phase, delayMs}`: how long after a process has come to the phase. It meets the process of shard `plan.victim`; of
 * verify, publish and register, which only one process does, whichever that is.
 */
export class Point {
  /** What has been killed: phase, milliseconds into it, and how far the ledger was. */
  killed = [];
  #repeatable = [];
  #problems = [];
  #running = new Set();
  #kills;

  constructor(world, plan) {
    this.world = world;
    this.plan = plan;
    this.#kills = [...plan.kills];
  }

  /** Ingests as planned; returns what differs from `expected`, an undisturbed run, in sentences. */
  async check(expected) {
    const { world, plan } = this;
    if (plan.overwrite) await ingestOnce(world, world.scenario.older);
    this.since = world.backend.calls.length;
    await Promise.all(shardsOf(world).map((shard) => this.#untilDone(shard)));
    if (this.#problems.length === 0) {
      this.#problems.push(
        ...(await this.#checkState(expected)),
        ...checkCalls(callsOf(world, this.since), expected.calls, this.#repeatable),
      );
    }
    return this.#problems;
  }

  /** Runs one command until it exits with 0. */
  async #untilDone(shard) {
    const { world, plan } = this;
    const onPhase = (run, phase) => this.#arm(run, phase, shard);
    for (let starts = 0; starts < MOST_STARTS; starts++) {
      const run = world.ingest(world.scenario.config, { shard, overwrite: plan.overwrite, onPhase });
      this.#running.add(run);
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

  /** Sees to it that the run dies, if it is the next victim. */
  #arm(run, phase, shard) {
    const [next] = this.#kills;
    const isVictim =
      shard === undefined || shard === this.plan.victim || ['verify', 'publish', 'register'].includes(phase);
    if (next?.phase !== phase || !isVictim) return;
    this.#kills.shift();
    setTimeout(() => (run.noted ??= this.#kill(run)), next.delayMs);
  }

  /** Kills the run and notes what it leaves, before any other process, which would go on from there, can change it. */
  async #kill(run) {
    if (!this.#running.has(run)) return;
    const others = [...this.#running].filter((other) => other !== run);
    for (const other of others) other.pause();
    try {
      run.kill();
      await run.ended;
      if (run.wasKilled) await this.#note(run);
    } finally {
      for (const other of others) other.resume();
    }
  }

  async #note(run) {
    const { phase } = run;
    const [ledger] = (await this.world.runs()).slice(-1);
    const about = ledger ? `${ledger.state}, ${ledger.staged} staged, ${ledger.sent} sent` : 'no run yet';
    if (ledger && !ledger.verified && /^publish/.test(ledger.state)) {
      this.#problems.push(`a run was ${ledger.state} that was not compared with what was loaded`);
    }
    this.killed.push({ phase, ms: run.duration(phase), ledger: about });
    if (phase !== 'register') return;
    const unknown = await unledgered(this.world, this.since);
    if (unknown.length > 1) this.#problems.push(`more than one call was unknown to the ledger: ${unknown.join(', ')}`);
    this.#repeatable.push(...unknown);
  }

  async #checkState(expected) {
    const { world, plan } = this;
    const problems = [];
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

/**
 * An undisturbed run: the dataset, the calls in order, and how long each phase takes, in milliseconds.
 */
export async function measureUndisturbed(world) {
  const runs = await ingestOnce(world, world.scenario.config);
  const durations = (phase) => Math.max(...runs.map((run) => run.duration(phase)));
  return { dataset: await world.dataset(), calls: callsOf(world), durations };
}

async function ingestOnce(world, config) {
  const runs = shardsOf(world).map((shard) => world.ingest(config, { shard }));
  for (const run of runs) {
    if ((await run.ended) !== 0) throw new Error(`An undisturbed ingest of ${config} failed:\n${run.output}`);
  }
  return runs;
}

/** The indexes of the processes; of one alone, `undefined`. */
function shardsOf({ scenario: { shards } }) {
  return shards === 1 ? [undefined] : Array.from({ length: shards }, (_, index) => index);
}

/** The first place where two lists differ, or the two values. */
function difference(expected, actual) {
  if (!Array.isArray(expected) || !Array.isArray(actual))
    return `${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
  const index = expected.findIndex((value, i) => !isDeepStrictEqual(value, actual[i]));
  const at = index < 0 ? expected.length : index;
  const told = (value) => JSON.stringify(value) ?? 'nothing';
  return `${actual.length} of ${expected.length}; at ${at} ${told(actual[at])}, not ${told(expected[at])}`;
}

export async function runPoint({ scenario, mariaDb, folder, plan, expected }) {
  const world = await World.create(scenario, mariaDb, folder);
  const point = new Point(world, plan);
  try {
    return { problems: await point.check(expected), killed: point.killed };
  } finally {
    await world.remove();
  }
}
