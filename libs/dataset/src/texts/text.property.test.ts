import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createReport } from '../findings/report.js';
import { checkText } from './text.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'texts-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns what is found in a file. A file that is said to be large is read in pieces. */
async function find(path: string, size: number) {
  const report = createReport();
  const file = { stem: 'a', extension: '.txt', shown: 'texts/a.txt', path, within: folder, size, repeated: false };
  await checkText(file, { options: {}, report, signal: new AbortController().signal });
  return report.findings();
}

/** Pieces of texts that are not plain: marks, archives, escapes, NULs, white space, and cut characters. */
const PIECES = ['a', 'ü', ' \n', '\u00a0', '\u2003', '\ufeff', 'PK\x03\x04', '\x1b$B!"', '\x1f', '\0', '\x7f', '本😀'];
const RAW = [Buffer.of(0xff, 0xfe), Buffer.of(0xfe, 0xff), Buffer.of(0x1f, 0x8b), Buffer.of(0xc3), Buffer.of(0xe4)];
const piece = fc.oneof(
  fc.constantFrom(...PIECES).map((text) => Buffer.from(text)),
  fc.constantFrom(...RAW),
  fc.constantFrom('ab', 'k m').map((text) => Buffer.from(text, 'utf16le')),
  fc.uint8Array({ minLength: 1, maxLength: 3 }),
);

it('a small text has the findings that it has when it is read in pieces, whatever its bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 6 }), async (pieces) => {
      const path = join(folder, 'a.txt');
      const content = Buffer.concat(pieces);
      writeFileSync(path, content);
      expect(await find(path, content.length)).toEqual(await find(path, 300_000));
    }),
  );
});
