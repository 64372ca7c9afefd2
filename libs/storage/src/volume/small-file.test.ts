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
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyThread } from './copy-thread.js';
import { copySmall, type CopyJob, readSmallStored } from './small-file.js';

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

/** Writes a source, and returns the job that copies it. */
function jobOf(name: string, content: string | Uint8Array = name): CopyJob {
  writeFileSync(join(images, name), content);
  return { source: join(images, name), within: images, paths: [copied('partial'), copied(name)] };
}

/** Each way to copy gives the same. */
const WAYS: [string, (job: CopyJob) => Promise<string | undefined>][] = [
  ['a call', async (job) => copySmall(job)],
  ['the thread', async (job) => (await copyThread.copy([job]))[0]],
];

describe.each(WAYS)('a small file that %s copies', (_, copy) => {
  it.each<[string, Uint8Array]>([
    ['empty', Buffer.of()],
    ['short', Buffer.from('as it is')],
    ['of the largest size', Buffer.alloc(256 << 10, 'abc')],
  ])('is complete: one that is %s', async (_size, content) => {
    expect(await copy(jobOf('a', content))).toBe(sha256(content));
    expect(readFileSync(copied('a')).equals(content)).toBe(true);
    expect(readdirSync(target)).toEqual(['a']);
    expect(readSmallStored(copied('a'))).toEqual({ digest: sha256(content), bytes: content.length });
  });

  it('replaces a link at its path, and does not follow it', async () => {
    writeFileSync(join(root, 'other'), 'untouched');
    symlinkSync(join(root, 'other'), copied('a'));
    expect(await copy(jobOf('a', 'new'))).toBe(sha256('new'));
    expect(readFileSync(copied('a'), 'utf8')).toBe('new');
    expect(readFileSync(join(root, 'other'), 'utf8')).toBe('untouched');
  });

  it('is only read, if it has no paths', async () => {
    expect(await copy({ ...jobOf('a'), paths: undefined })).toBe(sha256('a'));
    expect(readdirSync(target)).toEqual([]);
  });

  it.each<[string, (job: CopyJob) => CopyJob]>([
    ['is too large', () => jobOf('a', Buffer.alloc((256 << 10) + 1))],
    ['has too large a content', (job) => ({ ...job, content: Buffer.alloc((256 << 10) + 1) })],
    ['is gone', (job) => (rmSync(job.source), job)],
    ['is a folder', (job) => (rmSync(job.source), mkdirSync(job.source), job)],
    ['is a pipe', (job) => (rmSync(job.source), execFileSync('mkfifo', [job.source]), job)],
    ['leads out of its folder', (job) => (leadOut(job.source), job)],
    ['leads out, and has another content', (job) => (leadOut(job.source), { ...job, content: Buffer.from('made') })],
    ['is in a folder that is a link now', (job) => (moveFolder(), job)],
    ['has no place to go', (job) => ({ ...job, paths: [join(target, 'none', 'partial'), copied('a')] })],
  ])('is left to others if it %s', async (_what, change) => {
    expect(await copy(change(jobOf('a')))).toBeUndefined();
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
  const job = jobOf('a', 'inside');
  writeFileSync(join(root, 'secret'), 'outside');
  // A thread of its own swaps them, since the calls here let nothing else run.
  const swapper = new Worker(
    `const { renameSync, symlinkSync, writeFileSync } = require('node:fs');
     const { workerData: { next, secret, source } } = require('node:worker_threads');
     for (let turn = 0; ; turn++) {
       if (turn % 2) symlinkSync(secret, next); else writeFileSync(next, 'inside');
       renameSync(next, source);
     }`,
    { eval: true, execArgv: [], workerData: { next: join(images, 'next'), secret: join(root, 'secret'), source: job.source } },
  );
  const outcomes = new Set<string>();
  for (const end = performance.now() + 10_000; performance.now() < end && outcomes.size < 2;) {
    for (let turn = 0; turn < 200; turn++) outcomes.add(copySmall(job) ?? 'refused');
    await sleep(1);
  }
  await swapper.terminate();
  expect([...outcomes].sort()).toEqual([sha256('inside'), 'refused'].sort());
});

it('the thread copies many batches, each in its order', async () => {
  const batches = Array.from({ length: 20 }, (_, batch) =>
    Array.from({ length: 10 }, (_file, file) => ({
      ...jobOf(`${batch}-${file}`),
      paths: [copied(`partial${batch}-${file}`), copied(`${batch}-${file}`)] as const,
    })),
  );
  const digests = await Promise.all(batches.map((jobs) => copyThread.copy(jobs)));
  expect(digests).toEqual(batches.map((jobs, batch) => jobs.map((_, file) => sha256(`${batch}-${file}`))));
  expect(readdirSync(target)).toHaveLength(200);
});
