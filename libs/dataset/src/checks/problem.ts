import type { DatasetFindingCode } from '../findings/findings.js';

/** Why a value does not fit its type. */
export interface ValueProblem {
  code: DatasetFindingCode;
  expected: string;
}

/** Gives a cell's canonical text for the server, or the reason why there is none. */
export type Check = (text: string) => string | ValueProblem;
