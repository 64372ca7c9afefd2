export * from './stored.js';
export { PIPELINE_FINDINGS } from './read/data-id.js';
export { ingest, type IngestOptions } from './run/ingest.js';
export { PIPELINE_ERRORS } from './errors.js';
export {
  silentObserver,
  type Phase,
  type PhaseEvent,
  type Progress,
  type RunObserver,
  type RunPhase,
} from './observer.js';
export {
  ingestTrainTest,
  validateTrainTest,
  type IngestTrainTestOptions,
  type ValidateTrainTestOptions,
} from './train-test/ingest-train-test.js';
export { hasClasses } from './train-test/check.js';
export { compareTrainTest, trainTestOf, type TrainTestConfigs } from './train-test/compare-configs.js';
export type { TrainTestResult, TrainTestValidation } from './train-test/result.js';
export type { IngestResult, ValidationResult } from './result.js';
export { verifyDataset, type Verification } from './verify/verify-dataset.js';
export { validate, type ValidateOptions } from './read/validate.js';
