import { describe, expect, it } from '@jest/globals';
import { readDuration } from './flags.js';

describe('a duration', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['5m', 300],
    ['2h', 7200],
  ])('%s is %i seconds', (text, seconds) => {
    expect(readDuration(text, '--timeout')).toBe(seconds * 1000);
  });

  it.each(['30 mins', 'soon', '-1', '1.5h', '1234567'])('%s is refused', (text) => {
    expect(() => readDuration(text, '--timeout')).toThrow(`--timeout: \`${text}\` is not a valid duration.`);
  });
});
