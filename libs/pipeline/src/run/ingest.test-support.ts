import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSqlType, type Column, type DatasetRecord, type TaskType } from '@tracebloc/ingestor-contract';
import { CSV_DEFAULTS, Secret, type MysqlConfig } from '@tracebloc/ingestor-core';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { DatasetFolders, openDatabase, type Database } from '@tracebloc/ingestor-storage';
import type { FakeBackend, MariaDb } from '@tracebloc/ingestor-testing';
import { silentObserver, type RunObserver } from '../observer.js';
import type { Stores } from '../stores.js';

/** Reads a CSV with a `label` and one integer column. A value of `bad` is an error. */
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

/** Does the same, and each record has the file that its label names. */
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
          files: [{ source: join(context.folders.texts as string, target), target }],
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

  /** Writes a text file for each name into `source`, for `withFiles`, and returns the folder. The content is the name. */
  async writeTexts(...names: string[]): Promise<string> {
    const folder = join(this.folder, 'source');
    await mkdir(folder);
    for (const name of names) await writeFile(join(folder, `${name}.txt`), name);
    return folder;
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

/** Returns the configuration of a new, empty database on the server. */
export async function newDatabase(server: MariaDb): Promise<MysqlConfig> {
  const { host, port, user, password } = server;
  return { kind: 'mysql', host, port, user, password: new Secret(password), name: await server.createDatabase() };
}

/** Returns options that abort a run when it has read so many records. */
export function abortAfter(records: number): { signal: AbortSignal; observer: RunObserver } {
  const controller = new AbortController();
  const observer = {
    ...silentObserver,
    progress: (progress: { records: number }) => {
      if (progress.records >= records) controller.abort();
    },
  };
  return { signal: controller.signal, observer };
}

/** Returns `count` rows whose labels alternate. */
export function rowsOf(count: number): [string, number][] {
  return Array.from({ length: count }, (_, index) => [index % 2 === 0 ? 'even' : 'odd', index]);
}
