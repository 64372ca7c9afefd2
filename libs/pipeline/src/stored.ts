/** What commands need that look at runs and datasets, or remove them: without the reading of a dataset. */
export { deleteDataset, unknownDataset } from './delete-dataset.js';
export { listLeftovers, type Leftovers } from './runs/leftovers.js';
export { cleanRuns, listCleanable, type CleanOptions, type CleanResult } from './runs/clean.js';
export { findRun } from './runs/find.js';
export { describeResume, type RunAccount } from './runs/describe-next.js';
export type { Stores } from './stores.js';
