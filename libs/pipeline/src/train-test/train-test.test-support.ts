import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { Place } from '../run/ingest.test-support.js';
import { trainTestOf, type TrainTestConfigs } from './compare-configs.js';

export type Rows = readonly (readonly [label: string, value: number | string])[];

/** What `usePlace` returns. `place` is replaced before each test. */
export interface TrainTestPlace {
  place: Place;
  /** Writes a train and a test file with these rows and returns their configurations. */
  configsOf(train: Rows, test: Rows, changes?: Partial<RunConfig>): Promise<TrainTestConfigs>;
  /** Returns the datasets of the catalog with their numbers of records. */
  tables(): Promise<[table: string, records: number][]>;
}

/** Creates a place for each test of the file, and removes it afterwards. */
export function usePlace(): TrainTestPlace {
  const context: TrainTestPlace = {
    place: undefined as unknown as Place,
    async configsOf(train, test, changes = {}) {
      const configs = await Promise.all(
        Object.entries({ train, test }).map(async ([intent, rows]) => {
          const path = join(context.place.folder, `${intent}.csv`);
          await writeFile(path, `label,n\n${rows.map((row) => `${row.join(',')}\n`).join('')}`);
          const base = context.place.config(changes);
          return { ...base, intent, table: `n_${intent}`, source: { ...base.source, path } } as RunConfig;
        }),
      );
      return trainTestOf(configs);
    },
    tables: () =>
      context.place.inspect(async ({ catalog }) =>
        (await catalog.list()).map(({ table, records }): [string, number] => [table, records]),
      ),
  };
  beforeEach(async () => {
    context.place = await Place.make();
  });
  afterEach(() => context.place.remove());
  return context;
}
