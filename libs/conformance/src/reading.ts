import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetRecord } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { readDataset } from './read.js';
import { setWritable } from './sample.js';

/** Checks that a sample has no errors and yields records. */
export async function* checkValid(config: RunConfig): AsyncGenerator<string, void> {
  let count = 0;
  const report = await readDataset(config, { take: () => count++ });
  for (const { code, row, column, message } of report.findings().filter(({ severity }) => severity === 'error')) {
    yield `The sample has the error ${code} (row ${row ?? '-'}, column ${column ?? '-'}): ${message} Correct the sample, or the check.`;
  }
  if (count === 0) yield 'The sample has no records: `records` must yield a record for each row.';
}

/** Checks that two passes yield the same, and so does a pass with `wantsFiles: false` except for the content of files. */
export async function* checkDeterministic(config: RunConfig): AsyncGenerator<string, void> {
  const [first, second] = [await readAll(config, true), await readAll(config, true)];
  yield* compare(first.records, second.records, (row) => {
    return `Row ${row} is another record, or has other files, when it is read again: it must not depend on time, chance or the order in which work ends.`;
  });
  const without = await readAll(config, false);
  yield* compare(first.bare, without.bare, (row) => {
    return `Row ${row} is another record if wantsFiles is false: only RecordFile.content may be left out.`;
  });
  if (first.findings !== second.findings || first.findings !== without.findings) {
    yield 'The findings differ between passes, or with wantsFiles: every pass must check the same.';
  }
}

interface Pass {
  /** The row of each record and a digest of it with the content of its files. */
  records: [row: number, digest: string][];
  /** The row of each record and a digest of it without the content of its files. */
  bare: [row: number, digest: string][];
  findings: string;
}

async function readAll(config: RunConfig, wantsFiles: boolean): Promise<Pass> {
  const pass: Pass = { records: [], bare: [], findings: '' };
  const take = (record: DatasetRecord): void => {
    pass.records.push([record.row, digestOf(record, true)]);
    pass.bare.push([record.row, digestOf(record, false)]);
  };
  const report = await readDataset(config, { wantsFiles, take });
  pass.findings = JSON.stringify(report.findings());
  return pass;
}

/** Returns a digest of a record and of its files, with or without their content. */
export function digestOf({ files, ...cells }: DatasetRecord, withContent: boolean): string {
  const hash = createHash('sha256').update(JSON.stringify(cells));
  for (const { source, target, content } of files) {
    hash.update(JSON.stringify([source, target]));
    if (withContent && content) hash.update(content);
  }
  return hash.digest('hex');
}

function* compare(one: Pass['records'], other: Pass['records'], say: (row: number) => string) {
  const at = one.findIndex(([, digest], index) => digest !== other[index]?.[1]);
  if (at !== -1) yield say(one[at]![0]);
  else if (one.length !== other.length) yield say(other[one.length]![0]);
}

/** Checks that reading does not change the dataset's folder. `samples` is a copy. */
export async function* checkReadOnly(config: RunConfig, samples: string): AsyncGenerator<string, void> {
  await setWritable(samples, false);
  const before = await snapshot(samples);
  for (const wantsFiles of [false, true]) {
    try {
      await readDataset(config, { wantsFiles });
    } catch (error) {
      yield `Reading a folder that is read-only fails (${String(error)}): do not write beside the data.`;
    }
  }
  const after = await snapshot(samples);
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(name) === after.get(name)) continue;
    yield `${name} was ${before.has(name) ? (after.has(name) ? 'changed' : 'removed') : 'created'} by reading the dataset: \`records\` must only read; return new content as RecordFile.content.`;
  }
}

/** Returns the size, time, mode and content of everything below a folder, by the path. */
async function snapshot(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of (await readdir(folder, { recursive: true })).sort()) {
    const { size, mtimeMs, mode } = await stat(join(folder, name));
    const content = (mode & 0o40_000) === 0 ? await readFile(join(folder, name)) : '';
    const digest = createHash('sha256').update(content).digest('hex');
    found.set(name, [size, mtimeMs, mode, digest].join());
  }
  return found;
}
