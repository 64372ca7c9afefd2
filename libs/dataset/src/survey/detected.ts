import type { SurveyedOption } from '@tracebloc/ingestor-contract';
import { listNames } from '@tracebloc/ingestor-core';

/** The options that a table needs. */
export interface DetectedOptions {
  options: SurveyedOption[];
  /** Sentences about what no value decides: both readings, and how to choose the other one. They quote no value. */
  doubts: string[];
}

/** The end of the reason of an option that no value decides. */
export const DOUBT = '; check it, because no value decides';

/** The most names of columns in a reason. */
const MAX_NAMED = 5;

export function namesOf(columns: readonly { name: string }[]): string {
  return listNames(
    columns.map(({ name }) => name),
    MAX_NAMED,
  );
}
