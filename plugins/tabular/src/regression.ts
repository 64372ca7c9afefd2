import type { TaskType } from '@tracebloc/ingestor-contract';
import {
  COLUMN_FINDINGS,
  LABEL_FINDINGS,
  TABLE_FINDINGS,
  TYPE_FINDINGS,
  concludeRows,
  numericTarget,
  readRecords,
} from '@tracebloc/ingestor-dataset';
import { detectRegression } from './detect.js';
import { tabular, type TabularOptions } from './task.js';

export const tabularRegression: TaskType<TabularOptions> = {
  ...tabular,
  id: 'tabular_regression',
  title: 'Tabular regression',
  summary: 'Predicts a number from the columns of a row.',
  label: { use: 'required', statePolicy: true },
  allowFeatureModification: false,
  findings: [...COLUMN_FINDINGS, ...TYPE_FINDINGS, ...LABEL_FINDINGS, ...TABLE_FINDINGS],
  detect: detectRegression,
  records: (context) => readRecords(context, numericTarget),
  shards: { rows: 'own', conclude: (parts, context) => concludeRows(numericTarget, parts, context) },
};
