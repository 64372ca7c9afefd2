import type { Finding, FindingTotal } from '@tracebloc/ingestor-contract';
import type { IngestResult, ValidationResult } from '../result.js';

/** The findings in a train and a test dataset, and those of comparing them. */
export interface TrainTestValidation {
  valid: boolean;
  train: ValidationResult;
  test: ValidationResult;
  /** The findings of comparing. If a dataset has errors, rows after the first error were not compared. */
  between: {
    errors: number;
    warnings: number;
    totals: FindingTotal[];
    findings: Finding[];
  };
  seconds: number;
}

export interface TrainTestResult {
  /** `complete`: both datasets are in the database and registered; `invalid`: validation found errors. */
  outcome: 'complete' | 'invalid';
  validation: TrainTestValidation;
  /** `undefined` if nothing was ingested. */
  train?: IngestResult;
  test?: IngestResult;
  seconds: number;
}
