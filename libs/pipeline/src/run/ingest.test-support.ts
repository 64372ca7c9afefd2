import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSqlType, type Column, type DatasetRecord, type TaskType } from '@tracebloc/ingestor-contract';
import { CSV_DEFAULTS, Secret } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { DatasetFolders, openDatabase, type Database } from '@tracebloc/ingestor-storage';
import type { FakeBackend } from '@tracebloc/ingestor-testing';
import type { Stores } from '../stores.js';

/** Takes a CSV of `label` and one integer column; a value of `bad` is an error. */
export const lines: TaskType = {
  id: 'lines',
  title: 'Lines',
  summary: 'A task for tests.',
  dataFormat: 'tabular',
  label: { use: 'required', statePolicy: false },
  schema: 'required',
  missing: 'tokens',
  allowFeatureModification: false,
  fields: {},
  fileOptions: {},
  layout: { manifest: ['csv'], sidecars: [], description: '' },
  findings: [],
  metadata: (_options, columns) => ({ number_of_columns: columns.length }),
  async *records({ dataset, report, signal }) {
    const manifest = await dataset.open(report, signal);
    if (!manifest) return;
    for await (const { rows, lines: numbers } of manifest.batches) {
      yield rows.map(([label, value], index): DatasetRecord => {
        const row = numbers[index]!;
        if (value === 'bad')
          report.add({ severity: 'error', code: 'bad', message: 'The value is bad.', row, fix: 'Mend it.' });
        return {
          row,
          label: label!,
          key: label!,
          filename: null,
          extension: null,
          annotation: null,
          values: [value!],
          files: [],
        };
      });
    }
  },
};

/** Each record brings the file that its label names. */
export const withFiles: TaskType = {
  ...lines,
  dataFormat: 'text',
  layout: {
    manifest: ['csv'],
    description: '',
    sidecars: [{ field: 'texts', extensions: ['.txt'], required: true, description: '' }],
  },
  async *records(context) {
    for await (const batch of lines.records(context)) {
      yield batch.map((record) => {
        const target = `${record.label!}.txt`;
        return {
          ...record,
          filename: record.label,
          extension: '.txt',
          files: [{ source: join(context.folders.texts!, target), target }],
        };
      });
    }
  },
};

export const column = (name: string): Column => ({ name, type: parseSqlType('INT') });

/** A folder with a source file and an embedded database, and the configuration to ingest one into the other. */
export class Place {
  private constructor(readonly folder: string) {}

  static async make(): Promise<Place> {
    return new Place(await mkdtemp(join(tmpdir(), 'pipeline-')));
  }

  get source(): string {
    return join(this.folder, 'data.csv');
  }

  async write(rows: readonly (readonly [label: string, value: number | string])[]): Promise<void> {
    await writeFile(this.source, ['label,n', ...rows.map((row) => row.join(','))].map((line) => `${line}\n`).join(''));
  }

  config(changes: Partial<RunConfig> = {}): RunConfig {
    return {
      task: lines,
      options: {},
      table: 'numbers',
      intent: 'train',
      source: {
        format: 'csv',
        path: this.source,
        sidecars: {},
        csv: { ...CSV_DEFAULTS, chunkSize: 65536 },
      },
      label: { column: 'label', policy: 'passthrough' },
      dataId: { strategy: 'uuid' },
      schema: [column('n')],
      columns: [column('n')],
      batchSize: 10,
      logLevel: 'WARNING',
      database: { kind: 'sqlite', file: join(this.folder, 'db.sqlite') },
      storage: { path: this.folder, claim: 'client-pvc' },
      backend: { kind: 'local' },
      warnings: [],
      ...changes,
    };
  }

  /** Looks into the database, as another process would. */
  async inspect<T>(look: (database: Database, stores: Stores) => Promise<T>): Promise<T> {
    const database = await openDatabase({ kind: 'sqlite', file: join(this.folder, 'db.sqlite') });
    try {
      return await look(database, { database, folders: new DatasetFolders(this.folder, database) });
    } finally {
      await database.close();
    }
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

export function remote({ url, token }: FakeBackend): RunConfig['backend'] {
  const secret = new Secret(token);
  return {
    kind: 'remote',
    url,
    retrySeconds: 120,
    timeoutSeconds: 60,
    credentials: { kind: 'token', token: secret, reread: () => secret },
  };
}

/** `count` rows whose labels alternate. */
export function rowsOf(count: number): [string, number][] {
  return Array.from({ length: count }, (_, index) => [index % 2 === 0 ? 'even' : 'odd', index]);
}
