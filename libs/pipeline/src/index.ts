export { deleteDataset, unknownDataset } from './delete-dataset.js';
export { PIPELINE_FINDINGS } from './data-id.js';
export { ingest, type IngestOptions } from './ingest.js';
export { silentObserver, type Phase, type Progress, type RunObserver } from './observer.js';
export type { CodeTotal, IngestResult, ValidationResult } from './result.js';
export { validate, type ValidateOptions } from './validate.js';
