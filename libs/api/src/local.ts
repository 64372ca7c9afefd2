import type { JsonObject } from '@tracebloc/ingestor-contract';
import type { DatasetRegistry } from './types.js';

/** What is to be changed in a dataset's entry; what is absent stays as it is. */
export interface LocalDatasetDetails {
  title?: string;
  /** Every column of the table to its SQL type. */
  schema?: Record<string, string>;
  metadata?: JsonObject;
  registeredWith?: string;
}

/** The part of a catalog that registering locally needs. The dataset's entry may or may not be there yet. */
export interface LocalCatalog {
  register(table: string, details: LocalDatasetDetails): Promise<void>;
}

const ADDRESS = 'local';

/** The registry of `CLIENT_ENV=local`: a dataset is registered when its catalog entry says so. */
export function createLocalRegistry(catalog: LocalCatalog): DatasetRegistry {
  const nothingToDo = () => Promise.resolve();
  return {
    address: ADDRESS,
    wantsRecords: false,
    signIn: nothingToDo,
    sendRecords: nothingToDo,
    generateEdgeLabels: nothingToDo,
    sendMetadata: ({ table }, schema, metadata) => catalog.register(table, { schema, metadata }),
    prepare: nothingToDo,
    createDataset: ({ table }, title) => catalog.register(table, { title, registeredWith: ADDRESS }),
  };
}
