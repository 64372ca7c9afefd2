import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { folderEntries } from './folder-entries.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingestor-entries-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function entries(): Promise<string[]> {
  const names: string[] = [];
  for await (const page of folderEntries(folder)) {
    for (const entry of page) names.push(`${entry.name}${entry.isFile() ? '' : '/'}`);
  }
  return names.sort();
}

describe('the entries of a folder', () => {
  it.each([0, 1, 255, 256, 257, 1000])('are all there: %d files', async (count) => {
    const names = Array.from({ length: count }, (_, index) => `f${index}`);
    for (const name of names) writeFileSync(join(folder, name), '');
    expect(await entries()).toEqual(names.sort());
  });

  it('tell files from folders and links', async () => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'folder'));
    symlinkSync('file', join(folder, 'link'));
    expect(await entries()).toEqual(['file', 'folder/', 'link/']);
  });

  it('cannot be listed if there is no folder', async () => {
    await expect(folderEntries(join(folder, 'none')).next()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
