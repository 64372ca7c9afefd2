/**
 * Writes the samples of labelled sequences of plugins/time-series: real ones of countries, one step for each five years, and
 * made-up ones of a sensor that a person wears, the same each time. People are either in the train or in the test set.
 *
 * Usage: node tools/samples/time-series-classification.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../random.ts';
import { readVegaDataset } from './vega-datasets.ts';

const samples = fileURLToPath(new URL('../../plugins/time-series/samples/', import.meta.url));

writeCountries();
writeActivities();

/** All countries of a year are next to each other, so that the sequences interleave. Every fifth country is in the test set. */
function writeCountries(): void {
  type Row = { year: number; country: string; cluster: number; pop: number; life_expect: number; fertility: number };
  const regions = ['South Asia', 'Europe', 'Africa', 'Americas', 'East Asia and Pacific', 'Middle East'];
  const rows = JSON.parse(readVegaDataset('gapminder.json')) as Row[];
  const countries = [...new Map(rows.map(({ country, cluster }) => [country, cluster]))].sort(([, a], [, b]) => a - b);
  const tested = new Set(countries.filter((_, index) => index % 5 === 3).map(([country]) => country));
  const lines = rows
    .sort((a, b) => a.year - b.year)
    .map((row) => {
      const country = row.country.includes(',') ? `"${row.country}"` : row.country;
      const cells = [country, row.year, row.pop, row.life_expect, row.fertility, regions[row.cluster]];
      return { text: cells.join(), isTest: tested.has(row.country) };
    });
  const header = 'country,year,population,life_expectancy,fertility,region';
  write(
    'countries/train.csv',
    header,
    lines.filter(({ isTest }) => !isTest).map(({ text }) => text),
  );
  write(
    'countries/test.csv',
    header,
    lines.filter(({ isTest }) => isTest).map(({ text }) => text),
  );
}

/**
 * Recordings of 3 to 9 seconds at 10 Hz. Some are made at the same time, by two people, so that their rows alternate. The
 * sensor sometimes misses an axis, and sometimes a moment.
 */
function writeActivities(): void {
  const random = seededRandom(16);
  /** The frequency in Hz, and the size of the movement in m/s² in the directions x, y and z. */
  const activities: [string, number, number[]][] = [
    ['sitting', 0.3, [0.1, 0.1, 0.2]],
    ['walking', 1.8, [1.5, 1.0, 3.0]],
    ['running', 2.8, [4.0, 3.0, 9.0]],
    ['stairs', 1.4, [2.0, 1.5, 4.5]],
  ];
  let clock = Date.UTC(2024, 4, 6, 9);
  let count = 0;
  for (const [intent, recordings] of [
    ['train', 48],
    ['test', 16],
  ] as const) {
    const lines: string[] = [];
    for (let made = 0; made < recordings;) {
      const rows: [time: number, text: string][] = [];
      const together = Math.min(random() < 0.4 ? 2 : 1, recordings - made);
      for (let one = 0; one < together; one++, made++) {
        const [activity, frequency, sizes] = activities[count % activities.length]!;
        const id = `rec${String(++count).padStart(3, '0')}`;
        const phase = random() * 6;
        for (let step = Math.floor(30 + random() * 60), index = 0; index < step; index++) {
          if (random() < 0.02) continue;
          const time = clock + one * 37 + index * 100;
          const axes = sizes.map((size, axis) => {
            const wave = size * Math.sin(2 * Math.PI * frequency * (index / 10) + phase + axis);
            const value = wave + (random() - 0.5) * 0.6 + (axis === 2 ? 9.81 : 0);
            return random() < 0.01 ? '' : value.toFixed(2).replace('-0.00', '0.00');
          });
          const timestamp = new Date(time).toISOString().replace('T', ' ').slice(0, -1);
          rows.push([time, [id, timestamp, ...axes, activity].join()]);
        }
      }
      lines.push(...rows.sort(([a], [b]) => a - b).map(([, text]) => text));
      clock += 60_000 + Math.floor(random() * 600_000);
    }
    write(`activities/${intent}.csv`, 'sequence_id,timestamp,x,y,z,activity', lines);
  }
}

function write(name: string, header: string, lines: readonly string[]): void {
  mkdirSync(dirname(samples + name), { recursive: true });
  writeFileSync(samples + name, [header, ...lines].map((line) => `${line}\n`).join(''));
}
