/**
 * Kills ingests (SIGKILL) at seeded random moments of every phase and starts the same command again until it succeeds. Then
 * compares the table, the files, the catalog and the backend's calls with those of an undisturbed run.
 *
 * Usage: npm run test:crash -- [--points 100] [--seed N] [--point K]
 *
 * A point is one ingest. Its kills depend only on the seed and its number: `--seed N --point K` repeats it, as far as the
 * machine has the same speed.
 */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import { seededRandom } from '../random.ts';
import { PHASES, type Phase } from './ingest.ts';
import { measureUndisturbed, runPoint, type Kill, type Killed, type Plan, type Undisturbed } from './point.ts';
import { makeScenarios, type Scenario } from './scenarios.ts';
import { World } from './world.ts';

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '100' },
    seed: { type: 'string', default: `${randomInt(1, 1_000_000)}` },
    point: { type: 'string' },
  },
});
const [points, seed] = [Number(values.points), Number(values.seed)];
/** A point whose run ended before the kill is tried again with another moment, which is earlier each time. */
const MOST_TRIES = 6;
/** How many points run at the same time: processes wait for the disk and the backend for much of their time. */
const CONCURRENCY = 2;

const started = performance.now();
const print = (text: string) => process.stdout.write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), 'ingestor-crash-'));
const scenarios = makeScenarios(join(folder, 'sources'));
const kills = Object.fromEntries(PHASES.map((phase) => [phase, 0])) as Record<Phase, number>;
const undisturbed = new Map<Scenario, Promise<Undisturbed>>();
/** The reports of failed points, which are repeated at the end. */
const failures: string[] = [];
let missed = 0;
let mariaDb: MariaDb | undefined;

print(`seed ${seed}`);
try {
  // The server is never killed, so that it need not wait for the disk.
  const server = (mariaDb = await startMariaDb({ args: ['--innodb-flush-log-at-trx-commit=0'] }));
  const chosen = values.point === undefined ? Array.from({ length: points }, (_, k) => k) : [Number(values.point)];
  const next = chosen.values();
  const takeTurns = async () => {
    for (const k of next) await tryPoint(k, server);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, takeTurns));
} finally {
  await mariaDb?.stop();
  rmSync(folder, { recursive: true, force: true });
}
const counts = PHASES.map((phase) => `${phase} ${kills[phase]}`).join(', ');
print(`killed in ${counts}; ${missed} points ended before they could be killed`);
for (const text of failures) print(text);
print(`${((performance.now() - started) / 1000).toFixed(0)} s, seed ${seed}: ${failures.length} points failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function tryPoint(k: number, server: MariaDb): Promise<void> {
  const scenario = scenarios[k % scenarios.length]!;
  const aimed = PHASES[Math.floor(k / scenarios.length) % PHASES.length]!;
  const random = seededRandom(seed * 1000 + k);
  const expected = await expectedOf(scenario, server);
  for (let tries = 1; ; tries++) {
    const momentOf = (phase: Phase): Kill => ({
      ...{ phase, delayMs: (random() * expected.durations(phase)) / tries },
      isOther: random() < 1 / 2,
    });
    const plan: Plan = {
      overwrite: random() < 1 / 3,
      victim: Math.floor(random() * scenario.shards),
      kills: [momentOf(aimed), ...(random() < 1 / 4 ? [momentOf(PHASES[Math.floor(random() * PHASES.length)]!)] : [])],
    };
    const { problems, killed } = await runPoint({ scenario, mariaDb: server, folder, plan, expected });
    for (const { phase } of killed) kills[phase]++;
    if (killed.length > 0 || problems.length > 0 || tries === MOST_TRIES) {
      if (killed.length === 0) missed++;
      report({ k, scenario, plan, problems, killed });
      return;
    }
  }
}

/** Returns the scenario's undisturbed run, which is made when it is first needed. */
function expectedOf(scenario: Scenario, server: MariaDb): Promise<Undisturbed> {
  const expected = undisturbed.get(scenario) ?? measure(scenario, server);
  undisturbed.set(scenario, expected);
  return expected;
}

async function measure(scenario: Scenario, server: MariaDb): Promise<Undisturbed> {
  const world = await World.create(scenario, server, folder);
  const expected = await measureUndisturbed(world);
  await world.remove();
  const times = PHASES.map((phase) => `${phase} ${expected.durations(phase).toFixed(0)} ms`);
  print(`  ${scenario.name}, undisturbed: ${times.join(', ')}`);
  return expected;
}

interface PointReport {
  k: number;
  scenario: Scenario;
  plan: Plan;
  problems: readonly string[];
  killed: readonly Killed[];
}

function report({ k, scenario, plan, problems, killed }: PointReport): void {
  const where = killed.map(({ phase, ms, ledger }) => `${phase} +${ms.toFixed(0)} ms (${ledger})`).join(', then ');
  const over = plan.overwrite ? ' over an older one' : '';
  const about = `${k} ${scenario.name}${over}: killed in ${where || 'no phase'}`;
  if (problems.length === 0) {
    print(`✔ ${about}`);
    return;
  }
  const details = problems.map((problem) => problem.slice(0, 2000).replaceAll('\n', '\n    '));
  const text = [`✖ ${about}`, ...details, `again: npm run test:crash -- --seed ${seed} --point ${k}`].join('\n    ');
  failures.push(text);
  print(text);
}
