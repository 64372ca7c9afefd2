/**
 * Attacks an ingest in the ways that are too slow or too large for `npm test`: scale, hostile servers, kills at random
 * moments. Each scenario states what must hold; the figures that it returns stand in docs/reliability.md.
 *
 * Usage: npm run test:attacks -- [--only NAME[,NAME]] [--seed N]
 *
 * A scenario's randomness follows from the seed and its name alone, so `--only NAME --seed N` repeats it.
 */
import { createHash, randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../random.ts';
import { World } from './world.ts';

const { values } = parseArgs({
  options: { only: { type: 'string' }, seed: { type: 'string', default: `${randomInt(1, 1_000_000)}` } },
});
const seed = Number(values.seed);
const tell = (text) => process.stdout.write(`${text}\n`);
const folder = new URL('scenarios/', import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
const chosen = values.only === undefined ? names : values.only.split(',');
const unknown = chosen.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no scenario ${unknown.join(', ')}; there are ${names.join(', ')}.\n`);
  process.exit(2);
}

tell(`seed ${seed}`);
const failures = [];
for (const name of chosen) {
  const { attack, run } = await import(new URL(`${name}.ts`, folder).href);
  tell(`${name}: ${attack}`);
  const place = mkdtempSync(join(tmpdir(), 'ingestor-attack-'));
  const world = new World(place, seededRandom(seedOf(name)));
  const started = performance.now();
  try {
    const figures = await run(world);
    tell(`  held, ${seconds(started)} ${JSON.stringify(figures ?? {})}`);
  } catch (error) {
    failures.push(name);
    tell(`  FAILED, ${seconds(started)}: ${error.stack}`);
  } finally {
    await world.stop();
    rmSync(place, { recursive: true, force: true });
  }
}
if (failures.length > 0) tell(`Failed: ${failures.join(', ')}; repeat with --only NAME --seed ${seed}`);
tell(`${chosen.length - failures.length} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;

function seedOf(name) {
  return createHash('sha256').update(`${seed}:${name}`).digest().readUInt32LE(0);
}

function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
