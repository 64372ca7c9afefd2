import { describe, expect, test } from '@jest/globals';
import { labelForBackend } from './label.js';

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
});
