import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { RecordFile } from '@tracebloc/ingestor-contract';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copySmall, readSmallStored } from './small-file.js';

let root: string;
let images: string;
let target: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ingestor-small-')));
  [images, target] = [join(root, 'images'), join(root, 'target')];
  mkdirSync(images);
  mkdirSync(target);
});
afterEach(() => rmSync(root, { recursive: true }));

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');
const copied = (name: string) => join(target, name);

/** Writes a source, and returns the file that has it. */
function fileOf(name: string, content: string | Uint8Array = name): RecordFile {
  writeFileSync(join(images, name), content);
  return { source: join(images, name), within: images, target: name };
}

const copy = (file: RecordFile) => copySmall(file, [copied('partial'), copied(file.target)]);

describe('a small file that is copied', () => {
  it.each<[string, Uint8Array]>([
    ['empty', Buffer.of()],
    ['short', Buffer.from('as it is')],
    ['of the largest size', Buffer.alloc(256 << 10, 'abc')],
  ])('is complete: one that is %s', (_size, content) => {
    expect(copy(fileOf('a', content))).toBe(sha256(content));
    expect(readFileSync(copied('a')).equals(content)).toBe(true);
    expect(readdirSync(target)).toEqual(['a']);
    expect(readSmallStored(copied('a'))).toEqual({ digest: sha256(content), bytes: content.length });
  });

  it('replaces a link at its path, and does not follow it', () => {
    writeFileSync(join(root, 'other'), 'untouched');
    symlinkSync(join(root, 'other'), copied('a'));
    expect(copy(fileOf('a', 'new'))).toBe(sha256('new'));
    expect(readFileSync(copied('a'), 'utf8')).toBe('new');
    expect(readFileSync(join(root, 'other'), 'utf8')).toBe('untouched');
  });

  it('is only read, if it has no paths', () => {
    expect(copySmall(fileOf('a'))).toBe(sha256('a'));
    expect(readdirSync(target)).toEqual([]);
  });

  it('is left to others if it has no place to go', () => {
    expect(copySmall(fileOf('a'), [join(target, 'none', 'partial'), copied('a')])).toBeUndefined();
    expect(readdirSync(target)).toEqual([]);
  });

  it.each<[string, (file: RecordFile) => RecordFile]>([
    ['is too large', () => fileOf('a', Buffer.alloc((256 << 10) + 1))],
    ['has too large a content', (file) => ({ ...file, content: Buffer.alloc((256 << 10) + 1) })],
    ['is gone', (file) => (rmSync(file.source), file)],
    ['is a folder', (file) => (rmSync(file.source), mkdirSync(file.source), file)],
    ['is a pipe', (file) => (rmSync(file.source), execFileSync('mkfifo', [file.source]), file)],
    ['leads out of its folder', (file) => (leadOut(file.source), file)],
    ['leads out, and has another content', (file) => (leadOut(file.source), { ...file, content: Buffer.from('made') })],
    ['is in a folder that is a link now', (file) => (moveFolder(), file)],
  ])('is left to others if it %s', (_what, change) => {
    expect(copy(change(fileOf('a')))).toBeUndefined();
    expect(existsSync(copied('a'))).toBe(false);
  });
});

function leadOut(path: string): void {
  writeFileSync(join(root, 'secret'), 'outside');
  rmSync(path);
  symlinkSync(join(root, 'secret'), path);
}

function moveFolder(): void {
  renameSync(images, join(root, 'moved'));
  symlinkSync(join(root, 'moved'), images);
}

it('a stored file is not read through a link', () => {
  writeFileSync(join(images, 'a'), 'a');
  symlinkSync(join(images, 'a'), copied('a'));
  expect(readSmallStored(copied('a'))).toBeUndefined();
});

it('is never another file, however often links and files are swapped during the copy', async () => {
  const file = fileOf('a', 'inside');
  writeFileSync(join(root, 'secret'), 'outside');
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
      workerData: { next: join(images, 'next'), secret: join(root, 'secret'), source: file.source },
    },
  );
  const outcomes = new Set<string>();
  for (const end = performance.now() + 10_000; performance.now() < end && outcomes.size < 2;) {
    for (let turn = 0; turn < 200; turn++) outcomes.add(copySmall(file) ?? 'refused');
    await sleep(1);
  }
  await swapper.terminate();
  expect([...outcomes].sort()).toEqual([sha256('inside'), 'refused'].sort());
});
