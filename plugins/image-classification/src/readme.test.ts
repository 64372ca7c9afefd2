import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { READER_FINDINGS } from '@tracebloc/ingestor-dataset';
import { tasks } from './index.js';

describe('README.md', () => {
  const cells = readFileSync('README.md', 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it.each([...READER_FINDINGS, ...tasks.flatMap((task) => task.findings)])(
    'documents $code as it is (else: `node readme.mjs`)',
    ({ code, severity, meaning, fix }) => {
      expect(cells).toContainEqual(['', `\`${code}\``, severity, meaning, fix, '']);
    },
  );
});
