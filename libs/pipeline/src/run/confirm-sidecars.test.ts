import {
  chmodSync,
  cpSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TaskType } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { afterReading, nextClockTick, rewriteInPlace, when, WRITTEN } from '../read/changing.test-support.js';
import { ingest } from './ingest.js';
import { lines, Place, rowsOf } from './ingest.test-support.js';
import { silentObserver } from '../observer.js';
import { validate } from '../read/validate.js';

const COMPANION = 'vocabulary';

/** Called after the task has checked a file and before the file is copied. */
let betweenCheckAndCopy: (path: string) => void;

function once(act: () => void): void {
  betweenCheckAndCopy = () => {
    betweenCheckAndCopy = () => undefined;
    act();
  };
}

/** Each record has the file that its label names; `odd` is changed to capitals. The first record also has the companion. */
const withFiles: TaskType = {
  ...lines,
  dataFormat: 'text',
  layout: {
    manifest: ['csv'],
    description: '',
    sidecars: [{ field: 'texts', extensions: ['.txt'], required: true, description: '' }],
    companions: [COMPANION],
  },
  async *records(context) {
    const folder = context.folders.texts as string;
    for await (const batch of lines.records(context)) {
      yield batch.map((record) => {
        const target = `${record.label!}.txt`;
        const source = join(folder, target);
        const text = readFileSync(source, 'utf8');
        if (record.row === 20) betweenCheckAndCopy(source);
        const content = record.label === 'odd' ? Buffer.from(text.toUpperCase()) : undefined;
        const companion = { source: join(folder, '..', COMPANION), target: COMPANION };
        return { ...record, files: [{ source, target, content }, ...(record.row === 2 ? [companion] : [])] };
      });
    }
  },
};

let place: Place;
let texts: string;
const path = (name: string) => join(texts, name);

function write(file: string, content: string): void {
  writeFileSync(file, content);
  utimesSync(file, WRITTEN, WRITTEN);
}

beforeEach(async () => {
  place = await Place.make();
  betweenCheckAndCopy = () => undefined;
  const beside = join(place.folder, 'source');
  texts = join(beside, 'texts');
  mkdirSync(texts, { recursive: true });
  for (const name of ['even', 'odd', 'unnamed']) write(path(`${name}.txt`), name);
  write(join(beside, COMPANION), 'words');
  await place.write(rowsOf(40));
  await nextClockTick(place.folder);
});
afterEach(() => place.remove());

function config(task = withFiles): RunConfig {
  const base = place.config();
  return { ...base, task, source: { ...base.source, sidecars: { texts } } };
}

const published = (name: string) => readFileSync(join(place.folder, 'numbers', name), 'utf8');

async function expectNothing(): Promise<void> {
  await place.inspect(async (database) => {
    expect(await database.columnsOf('numbers')).toBeUndefined();
    expect(await database.catalog.list()).toEqual([]);
    expect(await database.ledger.current('numbers')).toBeUndefined();
  });
  expect(() => published('odd.txt')).toThrow(/ENOENT/);
}

const SOURCE_CHANGED = { code: 'source-changed-while-read', exitCode: 3 };

/** Changes of files that are copied unchanged: a copy of the changed file may still be whole. */
const OF_COPIES: [string, () => void, [name: string, content: string]][] = [
  [
    'a file is rewritten with equal size and time',
    () => rewriteInPlace(path('even.txt'), 'even', 'EVEN'),
    ['even.txt', 'EVEN'],
  ],
  [
    'another file of equal size and time takes its name',
    () => {
      write(path('new'), 'EVEN');
      renameSync(path('new'), path('even.txt'));
    },
    ['even.txt', 'EVEN'],
  ],
  [
    'the companion beside the folder is rewritten',
    () => rewriteInPlace(join(texts, '..', COMPANION), 'words', 'WORDS'),
    [COMPANION, 'WORDS'],
  ],
];
const OTHERS: [string, () => void][] = [
  ['a file that the task changes is rewritten', () => rewriteInPlace(path('odd.txt'), 'odd', 'xxx')],
  ['a file that no row names is added', () => writeFileSync(path('more.txt'), 'more')],
  ['a file that no row names is removed', () => rmSync(path('unnamed.txt'))],
  ['a file is removed', () => rmSync(path('even.txt'))],
];
const CHANGES = [...OF_COPIES.map(([what, change]): [string, () => void] => [what, change]), ...OTHERS];

describe('files that change while they are ingested', () => {
  it.each(OTHERS)('(%s, between check and copy) are not published', async (_what, change) => {
    once(change);
    await expect(ingest(config())).rejects.toMatchObject(SOURCE_CHANGED);
    await expectNothing();
  });

  it.each(OF_COPIES)('(%s, between check and copy) are checked again', async (_what, change, [name, content]) => {
    once(change);
    expect(await ingest(config())).toMatchObject({ outcome: 'ingested' });
    expect(published(name)).toBe(content);
    expect(await ingest(config())).toMatchObject({ outcome: 'unchanged' });
  });

  it.each(CHANGES)('(%s, after all are copied) are not published', async (_what, change) => {
    const { task, observer, hasActed } = afterReading(withFiles, change);
    await expect(ingest(config(task), { observer })).rejects.toMatchObject({
      ...SOURCE_CHANGED,
      message: expect.stringMatching(/texts was added, removed or written to/) as unknown,
    });
    expect(hasActed.value).toBe(true);
    await expectNothing();
  });

  it('are not published when their folder is gone', async () => {
    const { task, observer } = afterReading(withFiles, () => rmSync(texts, { recursive: true }));
    await expect(ingest(config(task), { observer })).rejects.toMatchObject({
      ...SOURCE_CHANGED,
      message: expect.stringContaining(`The folder ${texts} cannot be listed. It could be read before.`) as unknown,
    });
    await expectNothing();
  });

  it('are not published when one was another file only while it was read', async () => {
    const swap = (from: string, to: string) => renameSync(path(from), path(to));
    const { observer } = when(
      () => true,
      () => {
        swap('odd.txt', 'kept');
        write(path('odd.txt'), 'xxx');
      },
    );
    once(() => swap('kept', 'odd.txt'));
    await expect(ingest(config(), { observer })).rejects.toMatchObject(SOURCE_CHANGED);
    await expectNothing();
  });

  it.each<[string, () => void]>([
    ['permissions', () => chmodSync(path('odd.txt'), 0o600)],
    ['number of links', () => linkSync(path('odd.txt'), join(place.folder, 'backup'))],
    [
      'place, and come back',
      () => {
        renameSync(path('odd.txt'), join(place.folder, 'away'));
        renameSync(join(place.folder, 'away'), path('odd.txt'));
      },
    ],
  ])('but for their %s are compared by their content, and published', async (_what, change) => {
    once(change);
    expect(await ingest(config())).toMatchObject({ outcome: 'ingested', inserted: 40 });
    expect([published('even.txt'), published('odd.txt')]).toEqual(['even', 'ODD']);
    const readings = countReadings();
    expect(await ingest(config(), readings)).toMatchObject({ outcome: 'unchanged' });
    expect(readings.count).toBe(0);
  });
});

/** Counts how often the whole source is read for a comparison. */
function countReadings() {
  const counted = {
    count: 0,
    observer: {
      ...silentObserver,
      info: (text: string) => void (counted.count += /reading them again/.test(text) ? 1 : 0),
    },
  };
  return counted;
}

describe('files that change while they are validated', () => {
  it.each(CHANGES)('(%s) have no verdict', async (_what, change) => {
    once(change);
    await expect(validate(config())).rejects.toMatchObject(SOURCE_CHANGED);
  });
});

it('a source that never existed is reported as missing', async () => {
  rmSync(texts, { recursive: true });
  await expect(validate(config())).rejects.toMatchObject({ code: 'folder-unreadable', exitCode: 2 });
  rmSync(place.source);
  await expect(validate(config())).rejects.toMatchObject({ code: 'file-not-found', exitCode: 2 });
});

describe('files of a registered dataset', () => {
  beforeEach(() => ingest(config()));

  it.each(CHANGES)('(%s) make another dataset', async (_what, change) => {
    change();
    await expect(ingest(config())).rejects.toMatchObject({ exitCode: expect.any(Number) as unknown });
    expect(published('odd.txt')).toBe('ODD');
  });

  it('are the same when they are restored from a copy, and are compared once', async () => {
    const copy = join(place.folder, 'copy');
    cpSync(texts, copy, { recursive: true, preserveTimestamps: true });
    rmSync(texts, { recursive: true });
    renameSync(copy, texts);
    const readings = countReadings();
    expect(await ingest(config(), readings)).toMatchObject({ outcome: 'unchanged' });
    expect(await ingest(config(), readings)).toMatchObject({ outcome: 'unchanged' });
    expect(readings.count).toBe(1);
  });
});

it('files that were rewritten with equal size and time while their run was cut off are not mixed in', async () => {
  const stop = new AbortController();
  const { observer } = when(
    ({ records }) => records === 20,
    () => stop.abort(),
  );
  await expect(ingest(config(), { observer, signal: stop.signal })).rejects.toMatchObject({ code: 'interrupted' });
  rewriteInPlace(path('even.txt'), 'even', 'EVEN');
  await expect(ingest(config())).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(/even\.txt/) as unknown,
  });
  await place.inspect(async (database) => {
    expect(await database.ledger.current('numbers')).not.toMatchObject({ state: 'registered' });
  });
});
