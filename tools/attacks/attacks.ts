/**
 * Attacks ingests in ways that are too slow or too large for `npm test`: scale, hostile servers, kills at random moments.
 * Each scenario states what must hold and returns figures, which docs/reliability.md quotes.
 *
 * Usage: npm run test:attacks -- [--only NAME[,NAME]] [--seed N]
 *
 * The random numbers of a scenario depend only on the seed and its name: `--only NAME --seed N` repeats it.
 */
import { createHash, randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../random.ts';
import { World, type Scenario } from './world.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, seed: { type: 'string', default: `${randomInt(1, 1_000_000)}` } },
});
const seed = Number(values.seed);
const print = (text: string) => process.stdout.write(`${text}\n`);
const folder = new URL('scenarios/', import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
const chosen = values.only === undefined ? names : values.only.split(',');
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`${unknown.join(', ')} is not a scenario; choose from: ${names.join(', ')}.\n`);
  process.exit(2);
}

print(`seed ${seed}`);
const failures: string[] = [];
for (const name of chosen) {
  const { attack, run } = (await import(new URL(`${name}.ts`, folder).href)) as Scenario;
  print(`${name}: ${attack}`);
  const scratch = mkdtempSync(join(tmpdir(), 'ingestor-attack-'));
  const world = new World(scratch, seededRandom(seedOf(name)));
  const started = performance.now();
  try {
    const figures = await run(world);
    print(`  held, ${seconds(started)} ${JSON.stringify(figures)}`);
  } catch (error) {
    failures.push(name);
    print(`  FAILED, ${seconds(started)}: ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    await world.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}
if (failures.length > 0) print(`Failed: ${failures.join(', ')}; repeat with --only NAME --seed ${seed}`);
print(`${chosen.length - failures.length} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;

function seedOf(name: string): number {
  return createHash('sha256').update(`${seed}:${name}`).digest().readUInt32LE(0);
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
