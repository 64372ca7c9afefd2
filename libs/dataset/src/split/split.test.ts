import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Classes } from './plan.js';
import { SeededRandom } from './random.js';
import { rowsOf, split } from './split.test-support.js';
import { StratifiedPlan } from './stratified.js';

/** Tables of a distinct `id`, a class and a group. Some texts need quotes. */
const tables = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'b', 'c', 'c', 'c', 'd "x"', 'e,f', 'g\nh'), fc.nat(15)), {
    minLength: 2,
    maxLength: 150,
    size: 'max',
  })
  .map((rows) => rows.map(([label, group], id) => ({ id: String(id), label, group: `g${group}` })));
type Table = { id: string; label: string; group: string }[];

const quoted = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const csvOf = (table: Table, end = '\n') =>
  ['id,label,group', ...table.map(({ id, label, group }) => [id, quoted(label), group].join(','))]
    .map((line) => line + end)
    .join('');

const counts = (values: readonly string[]) => {
  const result = new Map<string, number>();
  for (const value of values) result.set(value, (result.get(value) ?? 0) + 1);
  return result;
};

async function sidesOf(train: string, test: string): Promise<[string[][], string[][]]> {
  const [[header, ...trainRows], [otherHeader, ...testRows]] = await Promise.all([rowsOf(train), rowsOf(test)]);
  expect(header).toEqual(['id', 'label', 'group']);
  expect(otherHeader).toEqual(header);
  return [trainRows, testRows];
}

/** Fails if a row is lost, doubled, changed or out of order. */
async function expectPartition(table: Table, train: string, test: string): Promise<[string[][], string[][]]> {
  const sides = await sidesOf(train, test);
  for (const side of sides) {
    const ids = side.map(([id]) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  }
  const all = sides.flat().sort((a, b) => Number(a[0]) - Number(b[0]));
  expect(all).toEqual(table.map(({ id, label, group }) => [id, label, group]));
  return sides;
}

describe('a random split', () => {
  it('divides the rows, with each class in proportion and on both sides', async () => {
    const sizes = fc.double({ min: 0.05, max: 0.95, noNaN: true });
    await fc.assert(
      fc.asyncProperty(tables, sizes, fc.nat(9), async (table, testSize, seed) => {
        const labels = counts(table.map(({ label }) => label));
        fc.pre([...labels.values()].some((size) => size > 1));
        const { train, test, result } = await split(csvOf(table), { testSize, seed, label: 'label' });
        const [trainRows, testRows] = await expectPartition(table, train, test);
        expect([result.train, result.test]).toEqual([trainRows.length, testRows.length]);
        const inTest = counts(testRows.map(([, label]) => label!));
        const fraction = Math.min(Math.max(Math.round(testSize * table.length), 1), table.length - 1) / table.length;
        for (const [label, size] of labels) {
          const has = inTest.get(label) ?? 0;
          expect(result.classes).toContainEqual({ label, train: size - has, test: has });
          if (size === 1) {
            expect(has).toBe(0);
            continue;
          }
          expect(has).toBeGreaterThanOrEqual(Math.min(Math.max(Math.floor(fraction * size + 1e-9), 1), size - 1));
          expect(has).toBeLessThanOrEqual(Math.min(Math.max(Math.ceil(fraction * size - 1e-9), 1), size - 1));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('depends on the seed', async () => {
    const content = csvOf(Array.from({ length: 200 }, (_, id) => ({ id: String(id), label: 'a', group: 'g' })));
    const [first, again, other] = await Promise.all([0, 0, 1].map((seed) => split(content, { seed })));
    expect(again).toMatchObject({ train: first!.train, test: first!.test });
    expect(other!.test).not.toBe(first!.test);
    expect(other!.result.test).toBe(40);
  });

  it('gives every row the same chance', () => {
    const rows = Array.from({ length: 20 }, (_, id) => [String(id)]);
    const often = new Array<number>(rows.length).fill(0);
    for (let seed = 0; seed < 400; seed++) {
      const plan = new StratifiedPlan(new Classes(undefined), new SeededRandom(seed));
      for (const row of rows) plan.add(row);
      const chooser = plan.choose(4);
      rows.forEach((row, index) => (often[index]! += Number(chooser.isTest(row))));
    }
    // 80 of 400 are expected for each row; five standard deviations of the binomial are 40.
    expect(Math.min(...often)).toBeGreaterThan(40);
    expect(Math.max(...often)).toBeLessThan(120);
  });

  it('accepts a size in rows, and refuses one that leaves no row for training', async () => {
    const content = 'a\n1\n2\n3\n4\n';
    expect((await split(content, { testSize: 3 })).result).toMatchObject({ train: 1, test: 3 });
    await expect(split(content, { testSize: 4 })).rejects.toMatchObject({ code: 'test-size-too-large', exitCode: 2 });
    await expect(split('a\n1\n')).rejects.toMatchObject({ code: 'too-few-rows', exitCode: 3 });
    await expect(split('a\nx\ny\n', { label: 'a' })).rejects.toMatchObject({ code: 'one-sided-split' });
  });

  it('keeps a class of one row for training, and reports it', async () => {
    const { result, report } = await split('id,y\n1,a\n2,a\n3,rare\n4,b\n5,b\n', { label: 'y' });
    expect(result.classes).toEqual([
      { label: 'a', train: 1, test: 1 },
      { label: 'rare', train: 1, test: 0 },
      { label: 'b', train: 1, test: 1 },
    ]);
    expect(report.findings()).toMatchObject([{ code: 'single-row-class', column: 'y', value: 'rare' }]);
  });

  it('refuses a label with too many classes', async () => {
    const content = `y\n${Array.from({ length: 10_001 }, (_, index) => index).join('\n')}\n`;
    await expect(split(content, { label: 'y' })).rejects.toMatchObject({ code: 'too-many-classes' });
  });
});

describe('a split by groups', () => {
  it('divides the rows and keeps each group on one side', async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.nat(9), async (table, seed) => {
        const groups = counts(table.map(({ group }) => group));
        fc.pre(groups.size > 1);
        const { train, test, result } = await split(csvOf(table), { seed, label: 'label', groupBy: 'group' });
        const [trainRows, testRows] = await expectPartition(table, train, test);
        const trainGroups = new Set(trainRows.map((row) => row[2]!));
        const testGroups = new Set(testRows.map((row) => row[2]!));
        expect([...trainGroups].filter((group) => testGroups.has(group))).toEqual([]);
        expect(result.groups).toEqual({ train: trainGroups.size, test: testGroups.size });
        // The size of the largest group, and the rounding of each class, limit how near the split comes.
        const classes = new Set(table.map(({ label }) => label)).size;
        const distance = Math.abs(testRows.length - 0.2 * table.length);
        expect(distance).toBeLessThanOrEqual(Math.max(...groups.values()) + classes);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps classes in proportion as far as groups allow, and depends only on the seed', async () => {
    // A hundred groups of ten rows, of which every fifth group is of the rare class.
    const table = Array.from({ length: 1000 }, (_, id) => ({
      id: String(id),
      label: Math.floor(id / 10) % 5 === 0 ? 'rare' : 'common',
      group: `g${Math.floor(id / 10)}`,
    }));
    const options = { label: 'label', groupBy: 'group' };
    const first = await split(csvOf(table), options);
    expect(first.result.classes).toEqual([
      { label: 'rare', train: 160, test: 40 },
      { label: 'common', train: 640, test: 160 },
    ]);
    expect((await split(csvOf(table), options)).test).toBe(first.test);
    expect((await split(csvOf(table), { ...options, seed: 1 })).test).not.toBe(first.test);
  });

  it('keeps rows without a group together, and reports a class that is on one side only', async () => {
    const { result, report } = await split('g,y\n,a\n,a\n,a\nx,b\n', { label: 'y', groupBy: 'g' });
    expect(result).toMatchObject({ train: 3, test: 1, groups: { train: 1, test: 1 } });
    expect(report.findings()).toMatchObject([
      { code: 'missing-group', message: '3 rows have no group.' },
      { code: 'one-sided-class', value: 'a', message: 'All 3 rows of the class are in the training set.' },
      { code: 'single-row-class', value: 'b' },
    ]);
  });

  it('is refused if there is only one group', async () => {
    await expect(split('g\nx\nx\n', { groupBy: 'g' })).rejects.toMatchObject({ code: 'one-sided-split' });
  });
});

describe('a split by time', () => {
  it('takes the latest rows, and keeps those of one time together', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { minLength: 2, maxLength: 60 }), async (times) => {
        const sorted = [...times].sort((a, b) => a - b);
        const content = ['t,id', ...sorted.map((time, id) => `2024-01-${String(time + 1).padStart(2, '0')},${id}`)];
        const cut = sorted.length - Math.max(1, Math.round(0.2 * sorted.length));
        const start = sorted.findIndex((time, index) => index >= cut && time !== sorted[index - 1]);
        const outcome = split(`${content.join('\n')}\n`, { time: 't' });
        if (start === -1) {
          await expect(outcome).rejects.toMatchObject({ code: 'one-sided-split' });
          return;
        }
        const { train, test } = await outcome;
        expect((await rowsOf(train)).slice(1).map((row) => Number(row[1]))).toEqual([...sorted.keys()].slice(0, start));
        expect((await rowsOf(test)).slice(1).map((row) => Number(row[1]))).toEqual([...sorted.keys()].slice(start));
      }),
      { numRuns: 40 },
    );
  });

  it('compares numbers as numbers and moments as moments', async () => {
    expect((await split('t\n9\n10\n1e2\n', { time: 't' })).test).toBe('t\n1e2\n');
    const moments = 't\n2024-01-31 23:00\n01.02.2024\n2024-02-01T00:00:00.5\n';
    expect((await split(moments, { time: 't' })).test).toBe('t\n2024-02-01T00:00:00.5\n');
  });

  it('reports values that are not times, other kinds of times, and times out of order', async () => {
    const { report, train, test, result } = await split('t\n2\n\n1\nsoon\n2024-01-01\n3\n', {
      time: 't',
      csv: { skipBlankLines: false },
    });
    expect(report.findings()).toMatchObject([
      { code: 'unreadable-time', row: 3, column: 't', value: '' },
      { code: 'unreadable-time', row: 5, value: 'soon' },
      { code: 'unreadable-time', row: 6, value: '2024-01-01' },
      { code: 'time-not-ascending', row: 4, value: '1' },
    ]);
    expect([train, test, result.train]).toEqual(['', '', 0]);
  });
});
