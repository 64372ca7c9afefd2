import { createHash, hash } from 'node:crypto';
import type { Cell, DatasetRecord, FindingCode, Report } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { FingerprintIndex } from '@tracebloc/ingestor-dataset';
import { TRAIN_TEST_FINDINGS } from '../train-test/findings.js';
import { verifyFindings } from '../verify/findings.js';

/** Returns the record's data_id. `ordinal` is the record's 0-based position in the run. */
export type DataIds = (record: DatasetRecord, ordinal: number) => string;

/**
 * Returns a function that derives data_ids. The same run, record and ordinal always have the same id. If the ids come from
 * the data, duplicates are reported.
 */
export function createDataIds(dataId: RunConfig['dataId'], runId: string, file: string, report: Report): DataIds {
  if (dataId.strategy === 'uuid') return uuids(runId);
  const column = dataId.strategy === 'column' ? dataId.column : undefined;
  const seen = new FingerprintIndex();
  return (record) => {
    const id = column === undefined ? contentHash(record) : (record.key ?? '');
    if (id === '') return id; // Reported by the task: the key is missing.
    const earlier = seen.add(id, record.row);
    if (earlier !== undefined) {
      report.add({
        severity: 'error',
        code: column === undefined ? 'duplicate-content' : 'duplicate-data-id',
        message:
          column === undefined
            ? `The row has the same content as row ${earlier}, so both would have one data_id.`
            : `The data_id is the same as in row ${earlier}.`,
        file,
        row: record.row,
        column,
        value: column === undefined ? undefined : id,
        expected: 'a distinct data_id for every record',
        fix:
          column === undefined
            ? 'Remove the repeated row, or use the data_id strategy uuid.'
            : 'Remove the repeated row, or use another column or strategy for data_id.',
      });
    }
    return id;
  };
}

/**
 * Derives UUIDs of version 8 (RFC 9562, section 5.8): the first 64 bits come from the run's id, the last 48 are the
 * ordinal. They are distinct without a list of used ids. They ascend, so that inserts into the unique index stay local.
 */
function uuids(runId: string): DataIds {
  const hex = createHash('sha256').update(runId).digest('hex');
  const prefix = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(12, 15)}-8${hex.slice(15, 18)}-`;
  return (_record, ordinal) => prefix + ordinal.toString(16).padStart(12, '0');
}

function contentHash(record: DatasetRecord): string {
  return hash('sha256', contentOf(record), 'hex');
}

/** Returns all values of the record as one text. Lengths precede the fields, so that different records never look alike. */
export function contentOf({ label, filename, extension, annotation, values }: DatasetRecord): string {
  let content = '';
  for (const cell of [label, filename, extension, annotation]) content += field(cell);
  for (const cell of values) content += field(cell);
  return content;
}

function field(cell: Cell): string {
  return cell === null ? '-' : `${cell.length}:${cell}`;
}

/** The codes of the findings that the pipeline itself reports. */
export const PIPELINE_FINDINGS: readonly FindingCode[] = [
  {
    code: 'duplicate-data-id',
    severity: 'error',
    meaning: 'Two rows have the same value in the data_id column.',
    fix: 'Remove the repeated row, or use another column or strategy for data_id.',
  },
  {
    code: 'duplicate-content',
    severity: 'error',
    meaning: 'Two rows are identical while data_id is the hash of the content.',
    fix: 'Remove the repeated row, or use the data_id strategy uuid.',
  },
  ...TRAIN_TEST_FINDINGS,
  ...verifyFindings.list,
];
