import {
  appendFileSync,
  chmodSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CSV_DEFAULTS } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { afterReading, nextClockTick, rewriteInPlace, when, WRITTEN } from '../read/changing.test-support.js';
import { ingest } from './ingest.js';
import { lines, Place, rowsOf } from './ingest.test-support.js';
import type { Progress } from '../observer.js';
import { validate } from '../read/validate.js';

const ROWS = 400;

let place: Place;

beforeEach(async () => {
  place = await Place.make();
  await write(rowsOf(ROWS));
  await nextClockTick(place.folder);
});
afterEach(() => place.remove());

async function write(rows: readonly [string, number][]): Promise<void> {
  await place.write(rows);
  utimesSync(place.source, WRITTEN, WRITTEN);
}

/** The chunks are small, so that most of the file is not read yet when the first batch is full. */
function config(changes: Partial<RunConfig> = {}): RunConfig {
  const base = place.config({ batchSize: 20, ...changes });
  return { ...base, source: { ...base.source, csv: { ...CSV_DEFAULTS, chunkSize: 256 } } };
}

const MOMENTS: [string, (progress: Progress) => boolean][] = [
  ['as it begins', () => true],
  ['halfway', ({ records }) => records >= ROWS / 2],
  ['when all is read', ({ records }) => records === ROWS],
];

const CHANGES: [string, (path: string) => void, RegExp][] = [
  ['rows are appended', (path) => appendFileSync(path, 'odd,7\n'), /grew/],
  ['the last line is cut', (path) => truncateSync(path, statSync(path).size - 3), /shorter/],
  ['the last row is rewritten', (path) => rewriteInPlace(path, 'odd,399', 'odd,999'), /other content/],
  ['the first odd row is rewritten', (path) => rewriteInPlace(path, 'odd,1\n', 'odd,3\n'), /other content/],
  [
    'another file takes its name',
    (path) => {
      writeFileSync(`${path}.new`, 'label,n\neven,4\nodd,5\n');
      renameSync(`${path}.new`, path);
    },
    /shorter/,
  ],
  ['it is removed', (path) => rmSync(path), /was removed|There is no file/],
];

const CASES = CHANGES.flatMap(([what, change, message]) =>
  MOMENTS.map(([moment, isDue]) => [what, moment, change, isDue, message] as const),
);

describe('a manifest that changes while it is ingested', () => {
  it.each(CASES)('(%s %s) is reported, and nothing of it is left', async (_what, _moment, change, isDue, reported) => {
    const original = readFileSync(place.source);
    const { observer, hasActed } = when(isDue, () => change(place.source));
    await expect(ingest(config(), { observer })).rejects.toMatchObject({
      code: 'source-changed-while-read',
      exitCode: 3,
      message: expect.stringMatching(reported) as unknown,
      fix: expect.arrayContaining([expect.stringContaining('run the same command again')]) as unknown,
    });
    expect(hasActed.value).toBe(true);
    await place.inspect(async (database) => {
      expect(await database.columnsOf('numbers')).toBeUndefined();
      expect(await database.catalog.list()).toEqual([]);
      expect(await database.ledger.current('numbers')).toBeUndefined();
    });
    writeFileSync(place.source, original);
    expect(await ingest(config())).toMatchObject({ outcome: 'ingested', inserted: ROWS });
  });

  it('keeps the dataset that it was to replace', async () => {
    await ingest(config());
    await write(rowsOf(ROWS + 10));
    const { observer } = when(
      ({ records }) => records > ROWS / 4,
      () => appendFileSync(place.source, 'odd,7\n'),
    );
    await expect(ingest(config(), { observer, overwrite: true })).rejects.toMatchObject({
      code: 'source-changed-while-read',
    });
    expect(await place.inspect((database) => database.count('numbers'))).toBe(ROWS);
  });

  it('is reported instead of the errors that only the change made', async () => {
    const { observer } = when(
      ({ records }) => records >= ROWS / 4,
      () => appendFileSync(place.source, 'odd,bad\nod'),
    );
    await expect(ingest(config(), { observer })).rejects.toMatchObject({ code: 'source-changed-while-read' });
  });

  it('is the same after a change of its permissions', async () => {
    const { observer, hasActed } = when(
      ({ records }) => records >= ROWS / 4,
      () => chmodSync(place.source, 0o600),
    );
    expect(await ingest(config(), { observer })).toMatchObject({ outcome: 'ingested', inserted: ROWS });
    expect(hasActed.value).toBe(true);
    chmodSync(place.source, 0o644);
    expect(await ingest(config())).toMatchObject({ outcome: 'unchanged' });
  });
});

describe('a manifest that changes while it is validated', () => {
  it.each(CASES)('(%s %s) has no verdict', async (_what, _moment, change, isDue) => {
    const { observer } = when(isDue, () => change(place.source));
    await expect(validate(config(), { observer })).rejects.toMatchObject({
      code: 'source-changed-while-read',
      exitCode: 3,
    });
  });

  it('(but for its permissions) has a verdict', async () => {
    const { observer } = when(
      ({ records }) => records >= ROWS / 4,
      () => chmodSync(place.source, 0o600),
    );
    expect(await validate(config(), { observer })).toMatchObject({ valid: true, found: ROWS });
  });
});

describe('a manifest that was rewritten with equal size and modification time', () => {
  // A run takes samples of the first and the last MiB when it begins; the row that changes is between them.
  const MANY = 300;
  const rewrite = () => rewriteInPlace(place.source, 'even,150,', 'even,999,');

  function writeLarge(): void {
    const rows = rowsOf(MANY).map(([label, n]) => `${label},${n},${'.'.repeat(10_000)}\n`);
    writeFileSync(place.source, `label,n,not read\n${rows.join('')}`);
    utimesSync(place.source, WRITTEN, WRITTEN);
  }

  it('after its dataset was registered is another dataset', async () => {
    writeLarge();
    const large = place.config({ batchSize: 50 });
    await ingest(large);
    expect(await ingest(large)).toMatchObject({ outcome: 'unchanged' });
    rewrite();
    await expect(ingest(large)).rejects.toMatchObject({ code: 'dataset-exists' });
    expect(await ingest(large, { overwrite: true })).toMatchObject({ outcome: 'ingested', inserted: MANY });
  });

  it('while its run was cut off is not mixed with what was staged', async () => {
    writeLarge();
    const large = place.config({ batchSize: 50 });
    const stop = new AbortController();
    const { observer } = when(
      ({ records }) => records >= 200,
      () => stop.abort(),
    );
    await expect(ingest(large, { observer, signal: stop.signal })).rejects.toMatchObject({ code: 'interrupted' });
    rewrite();
    await expect(ingest(large)).rejects.toMatchObject({ exitCode: 1 });
    expect(await place.inspect((database) => database.ledger.current('numbers'))).not.toMatchObject({
      state: 'registered',
    });
  });

  it('and back again, while its run was cut off, leaves nothing of the other state in the dataset', async () => {
    const stop = new AbortController();
    const rewritten = when(
      () => true,
      () => rewriteInPlace(place.source, 'odd,11\n', 'odd,99\n'),
    );
    const halfway = when(
      ({ records }) => records >= ROWS / 2,
      () => stop.abort(),
    );
    const progress = (progressed: Progress) =>
      [rewritten, halfway].forEach(({ observer }) => observer.progress(progressed));
    const observer = { ...halfway.observer, progress };
    await expect(ingest(config(), { observer, signal: stop.signal })).rejects.toMatchObject({ code: 'interrupted' });
    rewriteInPlace(place.source, 'odd,99\n', 'odd,11\n');
    // The file's size and time are those from the beginning of the run, but the staged rows are not what is read now.
    await expect(ingest(config())).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/"n"/) as unknown,
    });
    expect(await place.inspect((database) => database.ledger.current('numbers'))).not.toMatchObject({
      state: 'registered',
    });
  });

  it('between staging and publishing does not let the staged rows be published', async () => {
    writeLarge();
    const stop = new AbortController();
    const { observer, task } = afterReading(lines, () => stop.abort());
    const large = place.config({ batchSize: 50, task });
    await expect(ingest(large, { observer, signal: stop.signal })).rejects.toMatchObject({ code: 'interrupted' });
    expect(await place.inspect((database) => database.ledger.current('numbers'))).toMatchObject({ state: 'staged' });
    rewrite();
    await expect(ingest(large)).rejects.toMatchObject({ code: 'source-changed' });
    expect(await place.inspect((database) => database.columnsOf('numbers'))).toBeUndefined();
    expect(await ingest(large, { restart: true })).toMatchObject({ outcome: 'ingested' });
  });
});
