import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FingerprintIndex } from './fingerprint-index.js';

it('finds exactly the repeats that a Map finds, across growth', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.nat(20_000).map(String)), { maxLength: 12_000, size: 'max' }),
      (keys) => {
        const index = new FingerprintIndex();
        const rows = new Map<string, number>();
        keys.forEach((key, position) => {
          expect(index.find(key)).toBe(rows.get(key));
          expect(index.add(key, position + 1)).toBe(rows.get(key));
          if (!rows.has(key)) rows.set(key, position + 1);
        });
      },
    ),
    { numRuns: 20 },
  );
});
