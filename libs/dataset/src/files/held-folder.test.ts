import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { holdFolder, readHeld } from './held-folder.js';

let root: string;
let texts: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ingestor-held-')));
  texts = join(root, 'texts');
  mkdirSync(texts);
  writeFileSync(join(texts, 'a'), 'inside');
  writeFileSync(join(root, 'secret'), 'outside');
  holdFolder(texts);
});
afterEach(() => rmSync(root, { recursive: true }));

const read = (name = 'a') => readHeld(texts, name)?.toString();

/** Replaces a file by what `make` makes at its path. */
function replace(make: (path: string) => void): void {
  const path = join(texts, 'a');
  rmSync(path);
  make(path);
}

describe('a file of a folder that is held', () => {
  it.each<[string, Buffer]>([
    ['empty', Buffer.of()],
    ['short', Buffer.from('as it is')],
    ['of the largest size', Buffer.alloc(256 << 10, 'abc')],
  ])('is read completely: one that is %s', (_size, content) => {
    writeFileSync(join(texts, 'a'), content);
    expect(readHeld(texts, 'a')!.equals(content)).toBe(true);
  });

  it.each<[string, () => void]>([
    ['is too large', () => writeFileSync(join(texts, 'a'), Buffer.alloc((256 << 10) + 1))],
    ['is gone', () => rmSync(join(texts, 'a'))],
    ['is a folder', () => replace((path) => mkdirSync(path))],
    ['is a pipe', () => replace((path) => execFileSync('mkfifo', [path]))],
    ['is a link that leads out', () => replace((path) => symlinkSync(join(root, 'secret'), path))],
  ])('is left to the caller if it %s', (_what, change) => {
    change();
    expect(read()).toBeUndefined();
  });

  it('is never one of a folder that was swapped in', () => {
    mkdirSync(join(root, 'outside'));
    writeFileSync(join(root, 'outside', 'a'), 'outside');
    renameSync(texts, join(root, 'moved'));
    symlinkSync(join(root, 'outside'), texts);
    expect(read()).toBe('inside');
    holdFolder(texts);
    expect(read()).toBeUndefined();
  });

  it('is that of the new folder, once that is held', () => {
    renameSync(texts, join(root, 'moved'));
    mkdirSync(texts);
    writeFileSync(join(texts, 'a'), 'new');
    holdFolder(texts);
    expect(read()).toBe('new');
  });

  it('is never another file, however often links and files are swapped', async () => {
    // A separate thread swaps them, since the calls here let nothing else run.
    const swapper = new Worker(
      `const { renameSync, symlinkSync, writeFileSync } = require('node:fs');
       const { workerData: { next, secret, source } } = require('node:worker_threads');
       for (let turn = 0; ; turn++) {
         if (turn % 2) symlinkSync(secret, next); else writeFileSync(next, 'inside');
         renameSync(next, source);
       }`,
      {
        eval: true,
        execArgv: [],
        workerData: { next: join(texts, 'next'), secret: join(root, 'secret'), source: join(texts, 'a') },
      },
    );
    const outcomes = new Set<string>();
    for (const end = performance.now() + 10_000; performance.now() < end && outcomes.size < 2;) {
      for (let turn = 0; turn < 200; turn++) outcomes.add(read() ?? 'refused');
      await sleep(1);
    }
    await swapper.terminate();
    expect([...outcomes].sort()).toEqual(['inside', 'refused']);
  });
});
