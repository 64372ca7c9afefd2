import { expect, it } from '@jest/globals';
import { readTask } from '@tracebloc/ingestor-conformance';
import fc from 'fast-check';
import { timeSeriesForecasting } from './forecasting.js';

const FORMATS: readonly ((iso: string) => string)[] = [
  (iso) => iso.slice(0, 19).replace('T', ' '),
  (iso) => `${iso.slice(0, 19)}Z`,
  (iso) => `${iso.slice(8, 10)}.${iso.slice(5, 7)}.${iso.slice(0, 4)} ${iso.slice(11, 19)}`,
  (iso) => `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`,
];

const YEAR_2000 = Date.UTC(2000) / 1000;
/** Distinct moments in any order, in seconds. */
const moments = fc.uniqueArray(fc.integer({ min: YEAR_2000, max: YEAR_2000 + 20 * 366 * 86_400 }), {
  minLength: 2,
  maxLength: 40,
});
const format = fc.constantFrom(...FORMATS);

/** Warnings about the column as a whole, which other tests check. */
const OF_COLUMNS = ['ambiguous-date', 'mixed-offsets'];

async function findingsOf(timestamps: readonly string[]): Promise<[string, number | undefined][]> {
  const { found } = await readTask(timeSeriesForecasting, {
    manifest: ['timestamp,y', ...timestamps.map((text) => `${text},1`), ''].join('\n'),
    label: 'y',
    schema: { timestamp: 'TIMESTAMP' },
  });
  return found.filter(([code]) => !OF_COLUMNS.includes(code)).map(([code, row]) => [code, row]);
}

const isoOf = (seconds: number) => new Date(seconds * 1000).toISOString();

it('each row that is earlier than the one before is reported, and no other', async () => {
  await fc.assert(
    fc.asyncProperty(moments, format, async (seconds, write) => {
      const earlier = seconds.flatMap((moment, index) => (index > 0 && moment < seconds[index - 1]! ? [index] : []));
      const found = await findingsOf(seconds.map((moment) => write(isoOf(moment))));
      expect(found).toEqual(earlier.map((index) => ['unordered-timestamp', index + 2]));
    }),
  );
});

it('each row in another format than the first is reported, and no other', async () => {
  await fc.assert(
    fc.asyncProperty(
      moments,
      fc.array(fc.nat(FORMATS.length - 1), { minLength: 40, maxLength: 40 }),
      async (seconds, choice) => {
        const sorted = seconds.toSorted((a, b) => a - b);
        const unlike = sorted.flatMap((_, index) => (choice[index] === choice[0] ? [] : [index]));
        const found = await findingsOf(sorted.map((moment, index) => FORMATS[choice[index]!]!(isoOf(moment))));
        expect(found).toEqual(unlike.map((index) => ['mixed-time-format', index + 2]));
      },
    ),
  );
});
