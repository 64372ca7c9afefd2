import { type TaskType, parseSqlType } from '@tracebloc/ingestor-contract';
import {
  COLUMN_FINDINGS,
  LABEL_FINDINGS,
  TYPE_FINDINGS,
  compileCheck,
  reportFinding,
} from '@tracebloc/ingestor-dataset';
import { readRecords } from './records.js';
import { tabular, type TabularOptions } from './task.js';

const checkTarget = compileCheck(parseSqlType('DOUBLE'));

export const tabularRegression: TaskType<TabularOptions> = {
  ...tabular,
  id: 'tabular_regression',
  title: 'Tabular regression',
  summary: 'Predicts a number from the columns of a row.',
  label: { use: 'required', statePolicy: true },
  allowFeatureModification: false,
  findings: [...COLUMN_FINDINGS, ...TYPE_FINDINGS, ...LABEL_FINDINGS.filter(({ code }) => code !== 'one-class')],
  records: (context) =>
    readRecords(context, {
      take: (label, row, { report, file, column }) => {
        const target = checkTarget(label);
        if (typeof target === 'string') return;
        const message = 'The label of a regression must be a finite number.';
        reportFinding(report, target.code, () => {
          return { message, file, row, column, value: label, expected: target.expected };
        });
      },
    }),
};
