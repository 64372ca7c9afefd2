import type { DatasetFindingCode } from '../findings/findings.js';

/** Why a value does not fit its type. */
export interface ValueProblem {
  code: DatasetFindingCode;
  expected: string;
}

/** Returns the canonical text of a cell, which the SQL server reads as its value, or the reason why the cell is invalid. */
export type Check = (text: string) => string | ValueProblem;
