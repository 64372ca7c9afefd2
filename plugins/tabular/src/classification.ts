import type { TaskType } from '@tracebloc/ingestor-contract';
import {
  CLASS_FINDINGS,
  COLUMN_FINDINGS,
  ClassCheck,
  LABEL_FINDINGS,
  TABLE_FINDINGS,
  TYPE_FINDINGS,
  concludeRows,
  readRecords,
} from '@tracebloc/ingestor-dataset';
import { detectClassification } from './detect.js';
import { tabular, type TabularOptions } from './task.js';

export const tabularClassification: TaskType<TabularOptions> = {
  ...tabular,
  id: 'tabular_classification',
  title: 'Tabular classification',
  summary: 'Predicts the class of a row from its columns.',
  label: { use: 'required', statePolicy: false },
  allowFeatureModification: true,
  findings: [...COLUMN_FINDINGS, ...TYPE_FINDINGS, ...LABEL_FINDINGS, ...CLASS_FINDINGS, ...TABLE_FINDINGS],
  detect: detectClassification,
  records: (context) => readRecords(context, new ClassCheck()),
  shards: { rows: 'own', conclude: (parts, context) => concludeRows(new ClassCheck(), parts, context) },
};
