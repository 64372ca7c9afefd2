import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { CsvFormat } from '@tracebloc/ingestor-core';
import { csvFormat, readAll, temporaryFolder } from '../manifest/reading.test-support.js';
import { type CollectedReport, createReport } from '../findings/report.js';
import { type SplitRequest, type SplitResult, splitManifest } from './split.js';

export interface SplitTexts {
  train: string;
  test: string;
  result: SplitResult;
  report: CollectedReport;
}

export type SplitOptions = Partial<Omit<SplitRequest, 'source' | 'signal'>> & {
  name?: string;
  csv?: Partial<CsvFormat>;
};

/** Writes this content to a file and splits it, by default at random with seed 0. */
export async function split(
  content: string,
  { name = 'data.csv', csv, ...options }: SplitOptions = {},
): Promise<SplitTexts> {
  using folder = temporaryFolder();
  const path = folder.write(content, name);
  const format = extname(name) === '.csv' ? 'csv' : 'json';
  const source = { format, path, file: name, csv: { ...csvFormat, ...csv }, missing: 'tokens' } as const;
  const texts = { train: '', test: '' };
  const sinkOf = (side: 'train' | 'test') => ({ write: async (text: string) => void (texts[side] += text) });
  const report = createReport();
  const signal = new AbortController().signal;
  const sinks = { train: sinkOf('train'), test: sinkOf('test') };
  const result = await splitManifest({ source, testSize: 0.2, seed: 0, signal, ...options }, sinks, report);
  return { ...texts, result, report };
}

/** Returns the header and the rows of a manifest as the reader does. Throws if the reader reports an error. */
export async function rowsOf(content: string, name = 'data.csv'): Promise<string[][]> {
  using folder = temporaryFolder();
  const path = `${folder.path}/${name}`;
  writeFileSync(path, content);
  const format = extname(name) === '.csv' ? 'csv' : 'json';
  const { header, rows, report } = await readAll({ format, path, file: name, csv: csvFormat, missing: 'tokens' });
  if (report.errors > 0) throw new Error(JSON.stringify(report.findings()));
  return [[...header!], ...rows];
}
