import { folderEntries, IngestorError, InterruptedError } from '@tracebloc/ingestor-core';
import {
  differingColumns,
  LabelTally,
  ListChecksum,
  stagingMissing,
  stagingTable,
  type Checksums,
  type LabelCounts,
  type RunRow,
} from '@tracebloc/ingestor-storage';
import { errors } from '../errors.js';
import { enterPhase, type RunContext } from '../run/run-context.js';
import { withProgress } from '../run/register.js';
import { readColumns } from './read-columns.js';
import { readShards, type ReadShards } from './read-shards.js';
import { compareFiles } from './compare-files.js';
import { compareShardFiles } from './shard-files.js';

/** The number of names that an error lists. */
const MAX_LISTED = 5;

/** Where the data that a run loaded is now. */
interface Location {
  table: string;
  folder: string;
  differs: (what: string) => IngestorError;
}

/**
 * Compares the staged rows and files with what was loaded, before anybody sees them, and notes that in the ledger. Throws
 * `staged-differs` if they differ. Then nothing is published, by the next process either. Returns the shards on whose reading
 * the comparison relies, which holds for as long as they guard their rows.
 */
export async function verifyStaged(context: RunContext): Promise<ReadonlySet<number>> {
  const { database, folders, run } = context;
  const table = stagingTable(run.runId);
  if (!(await database.columnsOf(table))) throw stagingMissing(run.runId);
  const folder = folders.stagingOf(run.runId);
  return verifyAt(context, { table, folder, differs: (what) => stagedDiffers(run, what) });
}

/** Compares a dataset that an earlier version has published without comparing it. Throws `published-differs`. */
export async function verifyPublished(context: RunContext): Promise<void> {
  const { database, folders, run, signal } = context;
  const { runId, table } = run;
  if ((await database.ledger.get(runId))?.verified) return;
  const folder = folders.folderOf(table);
  try {
    await verifyAt(context, { table, folder, differs: (what) => publishedDiffers(table, what) });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw withProgress(new InterruptedError(), context, { total: run.staged, sent: run.sent });
  }
}

async function verifyAt(context: RunContext, location: Location): Promise<ReadonlySet<number>> {
  const { run, signal, observer } = context;
  const { ledger } = context.database;
  const { runId } = run;
  enterPhase(context, 'verifying');
  observer.debug(`Verifying run ${runId}.`);
  const loaded = await ledger.checksums(runId);
  if (!loaded) {
    observer.info('The dataset is not compared with what was loaded: an earlier version staged it, without checksums.');
    return new Set();
  }
  const { records, files: [files] = [0] } = loaded;
  const report = (done: number) => observer.progress({ phase: 'verify', records: done, done, total: records + files });
  report(0);
  let stored: ReadShards;
  try {
    stored = await verifyRows(context, location, loaded, report);
    if (loaded.files) await verifyFiles(context, location, loaded.files, (compared) => report(records + compared));
  } catch (error) {
    throw signal.aborted ? new InterruptedError() : error;
  }
  await keepLabels(context, stored.labels);
  await ledger.markVerified(runId);
  observer.info(`The dataset is what was loaded: ${records} rows and ${files} files were read and compared.`);
  return stored.guarding;
}

/** Compares the rows, and returns what the table holds. */
async function verifyRows(
  context: RunContext,
  { table, differs }: Location,
  loaded: Checksums,
  onProgress: (records: number) => void,
): Promise<ReadShards> {
  const stored = await readRows(context, table, loaded.records, onProgress);
  const total = stored.checksums.records;
  if (total !== loaded.records) throw differs(`it has ${total} rows, and ${loaded.records} were loaded`);
  const differing = differingColumns(loaded, stored.checksums);
  if (differing.length === 0) return stored;
  const names = listed(
    differing.slice(0, MAX_LISTED).map((name) => JSON.stringify(name)),
    differing.length - MAX_LISTED,
  );
  throw differs(`${total} rows are there, but not with the values that were loaded into ${names}`);
}

async function readRows(
  context: RunContext,
  table: string,
  lastId: number,
  onProgress: (records: number) => void,
): Promise<ReadShards> {
  const { config, database, run, readBack, signal, observer } = context;
  if (run.shards > 1) return readShards(context, table, onProgress);
  const guarding = new Set<number>();
  const stored = await readBack?.finish(lastId);
  if (stored) return { ...stored, guarding };
  observer.debug('Reading all rows: they were not read back while they were loaded.');
  const labels = new LabelTally();
  const checksums = await readColumns(database, table, config.columns, { signal, onProgress, labels });
  return { checksums, labels: labels.result, guarding };
}

/** Keeps the counts of the labels, so that showing the dataset need not count. A failure only makes that slower. */
async function keepLabels({ database, run, observer }: RunContext, labels: LabelCounts): Promise<void> {
  await database.keepLabels(run.runId, labels).catch((error: unknown) => {
    observer.debug(`The counts of the labels are not kept: ${(error as Error).message}`);
  });
}

async function verifyFiles(
  context: RunContext,
  { folder, differs }: Location,
  [expected, sum]: NonNullable<Checksums['files']>,
  onProgress: (files: number) => void,
): Promise<void> {
  const { folders, run, signal } = context;
  const list = new ListChecksum();
  const differing: string[] = [];
  let [compared, others] = [0, 0];
  const all = () => compareFiles(folder, folders.hashesOf(run.runId, list), signal);
  for await (const files of run.shards > 1 ? compareShardFiles(context, folder, list) : all()) {
    for (const { name, differs: how } of files) {
      if (how && differing.length < MAX_LISTED) differing.push(`${name} (${how})`);
      else if (how) others++;
    }
    compared += files.length;
    onProgress(compared);
  }
  if (differing.length > 0) throw differs(`of its files some are not what was read: ${listed(differing, others)}`);
  const [lines, found] = list.result;
  if (lines !== expected || found !== sum) {
    throw differs(`the list of its files' hashes has ${lines} lines, and not the ${expected} that were written`);
  }
  // Several shards may list the same file, so the folder may hold fewer.
  const entries = await countEntries(folder);
  if (entries > lines) throw differs(`its folder holds ${entries} files, and ${lines} were brought`);
}

async function countEntries(folder: string): Promise<number> {
  let count = 0;
  for await (const entries of folderEntries(folder)) count += entries.length;
  return count;
}

function listed(names: readonly string[], others = 0): string {
  return names.join(', ') + (others > 0 ? ` and ${others} more` : '');
}

const CAUSE = 'Find out what else writes to the table or the volume, or whether the server or a disk is at fault.';

function stagedDiffers({ runId, table, shards }: RunRow, what: string): IngestorError {
  return errors.make('staged-differs', {
    message: `What run ${runId} has staged for ${table} differs from what was loaded: ${what}. Nothing was published.`,
    fix: [
      `${CAUSE} The same command compares again.`,
      shards === 1
        ? 'To load the dataset anew, run again with --restart: it drops the staged records.'
        : `To load the dataset anew, drop the staged records with \`ingestor runs clean ${runId} --unfinished\`, then run every shard again.`,
    ],
  });
}

function publishedDiffers(table: string, what: string): IngestorError {
  return errors.make('published-differs', {
    message: `${table} is published, but differs from what was loaded: ${what}. Nothing was registered.`,
    fix: [
      CAUSE,
      `ingestor datasets verify ${table} shows all differences; the same command compares again.`,
      'To load the dataset anew, run again with --restart --overwrite; with --shards, delete it first: ' +
        `ingestor datasets delete ${table}`,
    ],
  });
}
