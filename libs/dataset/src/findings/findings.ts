import type { Finding } from '@tracebloc/ingestor-contract';
import { defineFindings } from './catalogue.js';
import { files } from './files.js';
import { reader } from './reader.js';
import { classes, columns, labels, tables } from './rows.js';
import { types } from './types.js';

const all = { ...reader, ...types, ...columns, ...labels, ...classes, ...tables, ...files };
export type DatasetFindingCode = keyof typeof all;

/** See `FindingCatalogue`. */
export const { make: makeFinding, report: reportFinding } = defineFindings<DatasetFindingCode>(all);

/** The findings that a `DatasetReader` reports. */
export const READER_FINDINGS = defineFindings(reader).list;
/** The findings of the checks of `compileCheck` and `compileCell`. */
export const TYPE_FINDINGS = defineFindings(types).list;
/** The findings that `resolveColumns`, `reportUnlisted` and `readKey` report, apart from those of a reader. */
export const COLUMN_FINDINGS = defineFindings(columns).list;
/** The findings that `readLabel` reports. */
export const LABEL_FINDINGS = defineFindings(labels).list;
/** The findings that `ClassCheck` reports. */
export const CLASS_FINDINGS = defineFindings(classes).list;
/** The findings that `checkTable` reports, and so `readRecords`. */
export const TABLE_FINDINGS = defineFindings(tables).list;

/** The findings that `SidecarFolder`, `checkPairs` and `reportRepeated` report. */
export const FILE_FINDINGS = defineFindings(files).list;

/** Ends the reading of a file, because what follows the place of the finding cannot be interpreted. */
export class UnreadableError extends Error {
  constructor(readonly finding: Finding) {
    super(finding.message);
    this.name = 'UnreadableError';
  }
}
