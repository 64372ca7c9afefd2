import type { DatasetRegistry } from './types.js';

/**
 * Creates the registry of `CLIENT_ENV=local`, which calls no backend. Publishing enters a dataset in the local catalog, and
 * that alone makes it registered.
 */
export function createLocalRegistry(): DatasetRegistry {
  const nothingToDo = () => Promise.resolve();
  return {
    address: 'local',
    wantsRecords: false,
    signIn: nothingToDo,
    sendRecords: nothingToDo,
    generateEdgeLabels: nothingToDo,
    sendMetadata: nothingToDo,
    prepare: nothingToDo,
    createDataset: nothingToDo,
  };
}
