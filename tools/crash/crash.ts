/**
 * Kills ingests (SIGKILL) at seeded random moments of every phase, starts the same command again until it is done, and
 * compares table, files, catalog and the backend's record of calls with those of an undisturbed run.
 *
 * Usage: npm run test:crash -- [--points 100] [--seed N] [--point K]
 *
 * A point is one ingest; its kills follow from the seed and its number alone, so `--seed N --point K` repeats it, as far
 * as the machine keeps time.
 */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startMariaDb } from '@tracebloc/ingestor-testing';
import { seededRandom } from '../random.ts';
import { PHASES } from './ingest.ts';
import { measureUndisturbed, runPoint } from './point.ts';
import { makeScenarios } from './scenarios.ts';
import { World } from './world.ts';

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '100' },
    seed: { type: 'string', default: `${randomInt(1, 1_000_000)}` },
    point: { type: 'string' },
  },
});
const [points, seed] = [Number(values.points), Number(values.seed)];
/** A point whose run ended before the kill is tried again with another moment, ever earlier. */
const MOST_TRIES = 6;
/** Points under way at once: processes wait for the disk and the backend for much of their time. */
const AT_ONCE = 2;

const started = performance.now();
const tell = (text) => process.stdout.write(`${text}\n`);
const folder = mkdtempSync(join(tmpdir(), 'ingestor-crash-'));
const scenarios = makeScenarios(join(folder, 'sources'));
const kills = Object.fromEntries(PHASES.map((phase) => [phase, 0]));
const undisturbed = new Map();
/** What failed points have told, told again at the end. */
const failures = [];
let missed = 0;
let mariaDb;

tell(`seed ${seed}`);
try {
  // What is killed is never the server, so its disk need not keep up.
  mariaDb = await startMariaDb({ args: ['--innodb-flush-log-at-trx-commit=0'] });
  const chosen = values.point === undefined ? Array.from({ length: points }, (_, k) => k) : [Number(values.point)];
  const next = chosen.values();
  const takeTurns = async () => {
    for (const k of next) await tryPoint(k);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeTurns));
} finally {
  await mariaDb?.stop();
  rmSync(folder, { recursive: true, force: true });
}
const counts = PHASES.map((phase) => `${phase} ${kills[phase]}`).join(', ');
tell(`killed in ${counts}; ${missed} points ended before they could be killed`);
for (const text of failures) tell(text);
tell(`${((performance.now() - started) / 1000).toFixed(0)} s, seed ${seed}: ${failures.length} points failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

async function tryPoint(k) {
  const scenario = scenarios[k % scenarios.length];
  const aimed = PHASES[Math.floor(k / scenarios.length) % PHASES.length];
  const random = seededRandom(seed * 1000 + k);
  const expected = await expectedOf(scenario);
  for (let tries = 1; ; tries++) {
    const momentOf = (phase) => ({ phase, delayMs: (random() * expected.durations(phase)) / tries });
    const plan = {
      overwrite: random() < 1 / 3,
      victim: Math.floor(random() * scenario.shards),
      kills: [momentOf(aimed), ...(random() < 1 / 4 ? [momentOf(PHASES[Math.floor(random() * PHASES.length)])] : [])],
    };
    const { problems, killed } = await runPoint({ scenario, mariaDb, folder, plan, expected });
    for (const { phase } of killed) kills[phase]++;
    if (killed.length > 0 || problems.length > 0 || tries === MOST_TRIES) {
      if (killed.length === 0) missed++;
      return report({ k, scenario, plan, problems, killed });
    }
  }
}

/** The scenario's undisturbed run, made when it is first needed. */
function expectedOf(scenario) {
  if (!undisturbed.has(scenario)) undisturbed.set(scenario, measure(scenario));
  return undisturbed.get(scenario);
}

async function measure(scenario) {
  const world = await World.create(scenario, mariaDb, folder);
  const expected = await measureUndisturbed(world);
  await world.remove();
  const times = PHASES.map((phase) => `${phase} ${expected.durations(phase).toFixed(0)} ms`);
  tell(`  ${scenario.name}, undisturbed: ${times.join(', ')}`);
  return expected;
}

function report({ k, scenario, plan, problems, killed }) {
  const where = killed.map(({ phase, ms, ledger }) => `${phase} +${ms.toFixed(0)} ms (${ledger})`).join(', then ');
  const over = plan.overwrite ? ' over an older one' : '';
  const about = `${k} ${scenario.name}${over}: killed in ${where || 'no phase'}`;
  if (problems.length === 0) return tell(`✔ ${about}`);
  const details = problems.map((problem) => problem.slice(0, 2000).replaceAll('\n', '\n    '));
  const text = [`✖ ${about}`, ...details, `again: npm run test:crash -- --seed ${seed} --point ${k}`].join('\n    ');
  failures.push(text);
  tell(text);
}
