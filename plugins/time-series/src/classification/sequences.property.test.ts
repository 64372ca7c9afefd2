import { expect, it } from '@jest/globals';
import { createReport } from '@tracebloc/ingestor-dataset';
import fc from 'fast-check';
import { MAX_IN_SHARD, type PartialSequences, SequenceCheck } from './sequences.js';

type Row = [id: string, label: string | null, time: number];

const PLACES = { file: 'data', id: 'sequence_id', time: 'timestamp', label: 'y' };

/** Checks rows in shards that end before the rows of `cuts`. */
function check(rows: readonly Row[], cuts: readonly number[] = []) {
  const report = createReport();
  const places = { ...PLACES, report };
  const add = (sequences: SequenceCheck, [id, label, time]: Row, index: number) =>
    sequences.add(id, label, [time, 0], `${time}`, index + 2);
  const whole = new SequenceCheck(places);
  if (cuts.length === 0) {
    rows.forEach((row, index) => add(whole, row, index));
  } else {
    const ends = [...cuts, rows.length].sort((a, b) => a - b);
    ends.forEach((end, shard) => {
      const from = shard === 0 ? 0 : ends[shard - 1]!;
      const own = new SequenceCheck(places);
      rows.slice(from, end).forEach((row, index) => add(own, row, from + index));
      whole.merge(JSON.parse(JSON.stringify(own.partial())) as PartialSequences);
    });
  }
  whole.finish();
  return { report, totals: new Map(report.totals().map(({ code, total }) => [code, total])), notes: report.notes() };
}

const row = fc.tuple(
  fc.constantFrom('a', 'b', 'c', 'd'),
  fc.constantFrom('up', 'down', null),
  fc.integer({ min: -3, max: 3 }),
);
/** Rows of which few are wrong. */
const rows = fc
  .tuple(fc.array(row, { maxLength: 30 }), fc.boolean())
  .map(([all, isGood]): Row[] =>
    all.map(([id, label, time], index) => [
      id,
      isGood ? (id < 'c' ? 'up' : 'down') : label,
      isGood ? index >> 1 : time,
    ]),
  );
const cuts = fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }).map((all) => all.sort((a, b) => a - b));

it('rows are wrong if they are earlier than the one before them of their sequence, or have not the label of its first', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const last = new Map<string, number>();
      const first = new Map<string, string | null>();
      let [unordered, mixed] = [0, 0];
      for (const [id, label, time] of all) {
        if (time < (last.get(id) ?? -Infinity)) unordered++;
        if (!first.has(id)) first.set(id, label);
        else if (first.get(id) !== label) mixed++;
        last.set(id, time);
      }
      const { totals } = check(all);
      expect([totals.get('unordered-sequence') ?? 0, totals.get('mixed-label') ?? 0]).toEqual([unordered, mixed]);
      expect(totals.has('one-class')).toBe(all.length > 0 && new Set([...first.values()].filter(Boolean)).size < 2);
    }),
  );
});

it('shards find what one process finds, wherever they are cut', () => {
  fc.assert(
    fc.property(rows, cuts, (all, at) => {
      const whole = check(all);
      const shards = check(
        all,
        at.map((cut) => Math.min(cut, all.length)),
      );
      for (const code of ['unordered-sequence', 'mixed-label']) {
        expect([code, shards.totals.has(code)]).toEqual([code, whole.totals.has(code)]);
      }
      expect(shards.totals.get('unordered-sequence')).toBe(whole.totals.get('unordered-sequence'));
      expect(shards.totals.get('single-row-sequences')).toBe(whole.totals.get('single-row-sequences'));
      expect(shards.notes).toEqual(whole.notes);
    }),
  );
});

it('names the rows at a seam', () => {
  const { report } = check(
    [
      ['a', 'up', 5],
      ['b', 'down', 1],
      ['a', 'up', 4],
      ['b', 'up', 2],
    ],
    [2],
  );
  expect(report.findings().map(({ code, row, message }) => [code, row, message])).toEqual([
    ['unordered-sequence', 4, 'The row is earlier than row 2, which is of the same sequence.'],
    ['mixed-label', 5, 'The label differs from that of the same sequence in row 3.'],
  ]);
});

it('more sequences than a shard may pass on are an error that says what to do', () => {
  const report = createReport();
  const sequences = new SequenceCheck({ ...PLACES, report });
  for (let index = 0; index <= MAX_IN_SHARD; index++) sequences.add(`s${index}`, 'up', [index, 0], '', index + 2);
  expect(JSON.stringify(sequences.partial()).length).toBeLessThan(12e6);
  expect(report.findings()).toMatchObject([
    { code: 'too-many-sequences', severity: 'error', message: 'The shard has more than 200,000 sequences.' },
  ]);
});
