/**
 * Writes the sample of plugins/time-to-event: how long invented pumps run until they fail. Their life has a Weibull
 * distribution; load, heat and the coast shorten it. A pump that still runs at the end of the study, or that leaves the study
 * early, is censored. Some temperatures are unknown. The numbers are seeded, so that the files are always the same.
 *
 * Usage: node tools/samples/time-to-event.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../random.ts';

const STUDY_DAYS = 730;
const WEIBULL_SHAPE = 1.6;
const SITES = { inland: 1, coast: 0.7, desert: 0.85 };
const HEADER = ['site', 'load', 'temperature', 'age_years', 'time', 'failed'];

const folder = fileURLToPath(new URL('../../plugins/time-to-event/samples/pumps/', import.meta.url));
const random = seededRandom(3);

const pumps = Array.from({ length: 300 }, makePump);
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}train.csv`, toCsv(pumps.filter((_, index) => index % 5 !== 4)));
writeFileSync(`${folder}test.csv`, toCsv(pumps.filter((_, index) => index % 5 === 4)));

function makePump(): (string | number)[] {
  const [site, siteFactor] = Object.entries(SITES)[Math.floor(random() * 3)]!;
  const load = 0.2 + 0.8 * random();
  const temperature = (site === 'desert' ? 34 : 18) + 14 * (random() - 0.5);
  const age = Math.floor(random() * 12);
  const scale = 2600 * siteFactor * Math.exp(-1.1 * load - 0.02 * (temperature - 18) - 0.04 * age);
  const life = scale * (-Math.log(1 - random())) ** (1 / WEIBULL_SHAPE);
  const observed = random() < 0.15 ? STUDY_DAYS * random() : STUDY_DAYS;
  return [
    site,
    load.toFixed(2),
    random() < 0.04 ? '' : temperature.toFixed(1),
    age,
    Math.min(life, observed).toFixed(1),
    life <= observed ? 1 : 0,
  ];
}

function toCsv(records: readonly (string | number)[][]): string {
  return [HEADER, ...records].map((cells) => `${cells.join(',')}\n`).join('');
}
