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
import { columnsOf, compareColumns, type ColumnComparison } from './compare-columns.js';
import { verifyFiles, type VerifiedFiles } from './verify-files.js';

export interface Verification extends VerifiedFiles {
  /** True if nothing differs. */
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
 * Compares what the database and the volume hold of a dataset with the catalog and the ledger. Reads only, without a lock.
 * `layoutOf` returns the layout of a task, or `undefined` if its plugin is not installed. Without a layout only the
 * records' own files are checked.
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
  if (!entry) throw unknownDataset(written, await database.catalog.summaries());
  const { table } = entry;
  const report = createReport();
  const expected = await database.ledger.checksums(entry.runId);
  const records = await verifyTable(database, entry, expected, report, signal);
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

/** Reports how the table differs. Returns its number of rows, or `undefined` if there is no table. */
async function verifyTable(
  database: Database,
  { table, runId, records, schema }: CatalogEntry,
  loaded: Checksums | undefined,
  report: Report,
  signal: AbortSignal,
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
  // Reading the table for its checksums counts its rows too; a table with other columns cannot be read so.
  const comparison =
    loaded && report.errors === 0
      ? await compareColumns(database, table, columnsOf(schema), loaded, { signal })
      : undefined;
  const found = comparison?.found.records ?? (await database.count(table));
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
  if (!loaded) reportUnkept(report);
  // The checksums of other rows say nothing about the columns.
  if (comparison && report.errors === 0) reportColumns(comparison, loaded!, report);
  return found;
}

function reportUnkept(report: Report): void {
  const message = 'Cells and the content of files were not compared: there are no checksums of what was loaded.';
  verifyFindings.report(report, 'no-checksums', () => ({ message }));
}

function reportColumns({ differing, found }: ColumnComparison, expected: Checksums, report: Report): void {
  for (const column of differing) {
    const [[now = 0] = [], [loaded = 0] = []] = [found.columns[column], expected.columns[column]];
    const values =
      now === loaded ? `${now} values as loaded, but not the same` : `${now} values, and ${loaded} were loaded`;
    const message = `Of ${found.records} records the column has ${values}.`;
    verifyFindings.report(report, 'column-values-differ', () => ({ message, column }));
  }
}

/** Throws `dataset-changed` if another run has replaced the dataset: the differences found are then not reliable. */
async function refuseChanged({ database }: Stores, { table, runId }: CatalogEntry): Promise<void> {
  const [entry, run] = [await database.catalog.get(table), await database.ledger.current(table)];
  const isReplaced = run !== undefined && run.runId !== runId && !isHidden(run);
  if (entry?.runId === runId && !isReplaced) return;
  throw errors.make('dataset-changed', {
    message: `The dataset ${table} was replaced or deleted while it was verified.`,
    fix: 'Verify it again when that is done.',
  });
}
