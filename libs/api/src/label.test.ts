import { describe, expect, test } from '@jest/globals';
import { labelCountsForBackend, labelForBackend } from './label.js';

describe('labelForBackend', () => {
  test('passthrough returns the label unchanged', () => {
    expect(labelForBackend('yes', 'passthrough')).toBe('yes');
    expect(labelForBackend('007', 'passthrough')).toBe('007');
    expect(labelForBackend(null, 'passthrough')).toBeNull();
  });

  // Computed with Python: int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], 'big') % 64
  test.each([
    ['yes', 49],
    ['1', 33],
    ['0', 56],
    ['', 20],
    ['Adélie', 10],
    ['setosa', 43],
    ['café', 9],
    ['x'.repeat(300), 23],
    ['churned', 3],
  ])('bucket returns for %j the number %d', (label, bucket) => {
    expect(labelForBackend(label, 'bucket')).toBe(bucket);
  });

  test('bucket returns -1 for a missing label', () => {
    expect(labelForBackend(null, 'bucket')).toBe(-1);
  });

  test('the counts of the classes of a label leave in the order of the classes, or of their buckets', () => {
    const counts = new Map([
      ['setosa', 2],
      ['O', 3],
      ['café', 1],
    ]);
    expect(labelCountsForBackend(counts, 'passthrough')).toBe('O:3 café:1 setosa:2');
    const [own, both] = [labelForBackend('O', 'bucket'), labelCountsForBackend(counts, 'bucket')];
    expect(both.split(' ').sort()).toEqual([`${String(own)}:3`, '43:2', '9:1'].sort());
    expect(
      labelCountsForBackend(
        new Map([
          ['setosa', 2],
          ['setosa ', 1],
        ]),
        'bucket',
      ),
    ).toMatch(/43:2/);
  });
});
