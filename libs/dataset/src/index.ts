export { compileCell, compileCheck, compileMissing } from './checks/cell.js';
export type { Check, ValueProblem } from './checks/problem.js';
export { type ColumnSearch, reportUnlisted, resolveColumns } from './columns.js';
export {
  COLUMN_FINDINGS,
  type DatasetFindingCode,
  type FindingDetails,
  LABEL_FINDINGS,
  READER_FINDINGS,
  TYPE_FINDINGS,
  makeFinding,
  reportFinding,
} from './findings.js';
export { type CellPlace, ClassCheck, readKey, readLabel } from './labels.js';
export { openReader } from './reader.js';
export { type CollectedReport, type FindingTotal, createReport } from './report.js';
export type { ReaderOptions } from './types.js';
