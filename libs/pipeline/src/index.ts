export { deleteDataset, unknownDataset } from './delete-dataset.js';
export { PIPELINE_FINDINGS } from './data-id.js';
export { ingest, type IngestOptions } from './ingest.js';
export { silentObserver, type Phase, type Progress, type RunObserver } from './observer.js';
export type { Stores } from './stores.js';
export {
  ingestTrainTest,
  validateTrainTest,
  type IngestTrainTestOptions,
  type ValidateTrainTestOptions,
} from './pair.js';
export { hasClasses } from './pair-check.js';
export { compareTrainTest, trainTestOf, type TrainTestConfigs } from './pair-compare.js';
export type { TrainTestResult, TrainTestValidation } from './pair-result.js';
export type { IngestResult, ValidationResult } from './result.js';
export { listLeftovers, type Leftovers } from './runs/abandoned.js';
export { cleanRuns, listCleanable, type CleanOptions, type CleanResult } from './runs/clean.js';
export { findRun } from './runs/find.js';
export { describeResume, type RunAccount } from './runs/resume.js';
export { verifyDataset, type Verification } from './verify/verify-dataset.js';
export { validate, type ValidateOptions } from './validate.js';
