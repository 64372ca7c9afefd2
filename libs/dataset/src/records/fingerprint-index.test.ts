import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FingerprintIndex } from './fingerprint-index.js';

it('finds exactly the repeats that a Map finds, also after the table has grown', () => {
  const keys = fc.array(fc.oneof(fc.string(), fc.nat(20_000).map(String)), { maxLength: 12_000, size: 'max' });
  fc.assert(
    fc.property(keys, (all) => {
      const index = new FingerprintIndex();
      const rows = new Map<string, number>();
      const wrong = all.filter((key, position) => {
        const row = rows.get(key);
        if (row === undefined) rows.set(key, position + 1);
        return index.find(key) !== row || index.add(key, position + 1) !== row;
      });
      expect(wrong).toEqual([]);
    }),
    { numRuns: 10 },
  );
});
