import type { FindingTotal } from '@tracebloc/ingestor-contract';
import { InterruptedError, isFixedColumn } from '@tracebloc/ingestor-core';
import type { Finding, Layout, Report } from '@tracebloc/ingestor-contract';
import { createReport } from '@tracebloc/ingestor-dataset';
import type { CatalogEntry, Checksums, Database } from '@tracebloc/ingestor-storage';
import { errors } from '../errors.js';
import { unknownDataset } from '../delete-dataset.js';
import { isHidden } from '../run/decide.js';
import type { Stores } from '../stores.js';
import { verifyFindings } from './findings.js';
import { columnsOf, compareColumns, type ReadingOptions } from './compare-columns.js';
import { verifyFiles, type VerifiedFiles } from './verify-files.js';

/** What a published dataset was found to be. */
export interface Verification extends VerifiedFiles {
  /** Nothing differs. */
  whole: boolean;
  table: string;
  task: string;
  runId: string;
  /** Rows of the table. */
  records: number;
  errors: number;
  totals: FindingTotal[];
  findings: Finding[];
  seconds: number;
}

/**
 * Compares what database and volume hold of a dataset with what catalog and ledger say. Reads only, without a lock.
 * `layoutOf` gives the layout of a task, or nothing where its plugin is not installed: then of a folder only the records'
 * own files are looked at.
 */
export async function verifyDataset(
  stores: Stores,
  written: string,
  layoutOf: (task: string) => Layout | undefined,
  signal: AbortSignal,
): Promise<Verification> {
  const { database, folders } = stores;
  const started = performance.now();
  const entry = await database.catalog.get(written);
  if (!entry) throw unknownDataset(written, await database.catalog.list());
  const { table } = entry;
  const report = createReport();
  const records = await verifyTable(stores, entry, report);
  const expected = await database.ledger.checksums(entry.runId);
  if (records !== undefined && !expected) reportUnkept(report);
  if (records !== undefined && expected && report.errors === 0) {
    await verifyColumns(database, entry, expected, report, { signal });
  }
  const layout = layoutOf(entry.task);
  const hasFiles = layout ? layout.sidecars.length > 0 : (await folders.ownerOf(table)) !== undefined;
  let found: VerifiedFiles = { files: 0, bytes: 0 };
  if (hasFiles && records !== undefined) {
    found = await verifyFiles(stores, entry, layout, expected?.files, { report, signal }).catch((error: unknown) => {
      throw signal.aborted ? new InterruptedError() : error;
    });
  }
  await refuseChanged(stores, entry);
  return {
    ...found,
    whole: report.errors === 0,
    table,
    task: entry.task,
    runId: entry.runId,
    records: records ?? 0,
    errors: report.errors,
    totals: report.totals(),
    findings: report.findings(),
    seconds: (performance.now() - started) / 1000,
  };
}

/** The table's number of rows; nothing where there is no table. */
async function verifyTable(
  { database }: Stores,
  { table, runId, records, schema }: CatalogEntry,
  report: Report,
): Promise<number | undefined> {
  const columns = await database.columnsOf(table);
  if (!columns) {
    const message = `The database has no table ${table}.`;
    verifyFindings.report(report, 'table-missing', () => ({ message }));
    return undefined;
  }
  const expected = new Map(Object.entries(schema).filter(([name]) => !isFixedColumn(name)));
  const there = new Map(columns.map(({ name, sql }) => [name, sql]));
  for (const column of new Set([...expected.keys(), ...there.keys()])) {
    if (expected.get(column) === there.get(column)) continue;
    const message = `The column is ${there.get(column) ?? 'not in the table'}.`;
    verifyFindings.report(report, 'columns-differ', () => ({
      ...{ message, column, expected: expected.get(column) ?? 'no such column' },
    }));
  }
  const found = await database.count(table);
  const run = await database.ledger.get(runId);
  for (const [who, said] of [['catalog', records] as const, ['ledger', run?.staged] as const]) {
    if (said === undefined || said === found) continue;
    const message = `The table has ${found} rows, and the ${who} says ${said}.`;
    verifyFindings.report(report, 'rows-differ', () => ({ message, expected: `${said} rows` }));
  }
  const foreign = await database.countForeign(table, runId);
  if (foreign > 0) {
    const message = `${foreign} rows of the table are not of run ${runId}.`;
    verifyFindings.report(report, 'rows-foreign', () => ({ message }));
  }
  return found;
}

function reportUnkept(report: Report): void {
  const message = 'Cells and the content of files were not compared: there are no checksums of what was loaded.';
  verifyFindings.report(report, 'no-checksums', () => ({ message }));
}

/** Of a table that is complete: whether its cells are those that were loaded. */
async function verifyColumns(
  database: Database,
  { table, records, schema }: CatalogEntry,
  expected: Checksums,
  report: Report,
  reading: ReadingOptions,
): Promise<void> {
  const { differing, found } = await compareColumns(database, table, columnsOf(schema), expected, reading);
  for (const column of differing) {
    const [[now = 0] = [], [loaded = 0] = []] = [found.columns[column], expected.columns[column]];
    const values =
      now === loaded ? `${now} values as loaded, but not the same` : `${now} values, and ${loaded} were loaded`;
    const message = `Of ${records} records the column has ${values}.`;
    verifyFindings.report(report, 'column-values-differ', () => ({ message, column }));
  }
}

/** What differs while another run takes the dataset's place tells nothing. */
async function refuseChanged({ database }: Stores, { table, runId }: CatalogEntry): Promise<void> {
  const [entry, run] = [await database.catalog.get(table), await database.ledger.current(table)];
  const isReplaced = run !== undefined && run.runId !== runId && !isHidden(run);
  if (entry?.runId === runId && !isReplaced) return;
  throw errors.make('dataset-changed', {
    message: `The dataset ${table} was replaced or deleted while it was verified.`,
    fix: 'Verify it again when that is done.',
  });
}
