import type { FindingTotal } from '@tracebloc/ingestor-contract';
import type { Finding } from '@tracebloc/ingestor-contract';
import type { IngestResult, ValidationResult } from '../result.js';

/** What validation found in a train and a test dataset, and between them. */
export interface TrainTestValidation {
  valid: boolean;
  train: ValidationResult;
  test: ValidationResult;
  /** Where one of the two has errors, what follows the first of them has not been compared. */
  between: {
    errors: number;
    warnings: number;
    totals: FindingTotal[];
    findings: Finding[];
  };
  seconds: number;
}

/** What the ingest of a pair did. */
export interface TrainTestResult {
  /** `complete`: both datasets are in the database and registered; `invalid`: validation found errors. */
  outcome: 'complete' | 'invalid';
  validation: TrainTestValidation;
  /** Absent where nothing was ingested. */
  train?: IngestResult;
  test?: IngestResult;
  seconds: number;
}
