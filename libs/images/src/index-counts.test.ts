import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IndexCounts } from './index-counts.js';

/** The rows of a mask, one array used again for each. */
async function* rowsOf(values: readonly (readonly number[])[], bits: number) {
  const row = bits === 16 ? new Uint16Array(values[0]!.length) : new Uint8Array(values[0]!.length);
  for (const one of values) {
    row.set(one);
    yield row;
    await Promise.resolve();
  }
}

it('counts the pixels of each index, in the order of the indices', async () => {
  const masks = fc
    .record({
      bits: fc.constantFrom(8, 16),
      width: fc.integer({ min: 1, max: 9 }),
      height: fc.integer({ min: 1, max: 9 }),
    })
    .chain(({ bits, width, height }) => {
      const index = fc.integer({ min: 0, max: bits === 16 ? 65_535 : 3 });
      const row = fc.array(index, { minLength: width, maxLength: width });
      return fc.record({ bits: fc.constant(bits), values: fc.array(row, { minLength: height, maxLength: height }) });
    });
  await fc.assert(
    fc.asyncProperty(masks, async ({ bits, values }) => {
      const pixels = new IndexCounts({ bits, height: values.length, rows: rowsOf(values, bits) });
      await pixels.readToEnd();
      const wanted = [...Map.groupBy(values.flat(), (index) => index)].map(([index, all]) => [index, all.length]);
      expect([...pixels.counts!]).toEqual(wanted.sort(([a], [b]) => a! - b!));
    }),
  );
});

it('has no counts unless it has read all rows', async () => {
  const pixels = new IndexCounts({ bits: 8, height: 3, rows: rowsOf([[1], [2]], 8) });
  expect(pixels.counts).toBeUndefined();
  await pixels.readToEnd();
  expect(pixels.counts).toBeUndefined();
});
