import type { DatasetRegistry } from './types.js';

/**
 * The registry of `CLIENT_ENV=local`, which nobody is behind: publishing enters a dataset in the local catalog, and with
 * nothing more to tell it is registered.
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
