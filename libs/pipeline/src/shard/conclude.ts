import { createReport, reportByPart } from '@tracebloc/ingestor-dataset';
import type { Shard } from '@tracebloc/ingestor-config';
import { sumChecksums, type ShardRow } from '@tracebloc/ingestor-storage';
import { isHidden } from '../run/decide.js';
import { finishRun } from '../run/finish-run.js';
import { describeRun, invalid, unchanged } from '../run/ingest-work.js';
import type { IngestResult, ShardResult, ValidationResult } from '../result.js';
import type { RunContext } from '../run/run-context.js';
import { mergeStatistics } from '../read/statistics.js';
import { validationOf } from '../read/validation.js';
import { resumePublished } from '../run/resume-published.js';
import { failRun, stopShard } from './drop.js';
import { shardsDoNotFit } from './errors.js';

type Result = Omit<IngestResult, 'seconds'>;

/**
 * Publishes and registers the run if every shard is done, or continues after a process that was cut off in that. The
 * caller holds the table's lock. `validation` is that of this shard if this process has staged it.
 */
export async function concludeRun(
  context: RunContext,
  shard: Shard,
  validation: ValidationResult | undefined,
): Promise<Result> {
  const { database, run: joined } = context;
  const { ledger } = database;
  await ledger.closeStaging(joined.runId);
  const found = (await ledger.get(joined.runId))!;
  const whole = { ...context, run: found };
  if (found.state === 'staging' || found.state === 'dropped') return reportStaged(whole, shard, validation);
  const now = isHidden(found) ? whole : await resumePublished(whole);
  const { run } = now;
  const shards = await ledger.shards(run.runId);
  const about = { ...describeRun(now), shard: describeShard(shard, shards) };
  if (run.state === 'registered') return { ...about, ...(await unchanged(now)) };

  let told = validation;
  if (run.state === 'staged') {
    const conclusion = await checkWhole(now, shards);
    if (conclusion.totals.length > 0) told = validation ? joinValidations(validation, conclusion) : conclusion;
    if (!conclusion.valid) {
      await failRun(context, run, shard);
      return { ...about, ...invalid(told ?? conclusion) };
    }
    await keepChecksums(now, shards);
  }
  const { total: inserted, sent } = await finishRun(now);
  const skipped = sum(shards, ({ skipped }) => skipped);
  const outcome = validation ? 'ingested' : 'resumed';
  return { ...about, outcome, found: inserted + skipped, inserted, sent, skipped, failed: 0, validation: told };
}

/** Returns the result of a shard that leaves the rest to others. Throws if another shard has found the dataset invalid. */
export async function reportStaged(
  context: RunContext,
  shard: Shard,
  validation: ValidationResult | undefined,
): Promise<Result> {
  const { ledger } = context.database;
  const run = (await ledger.get(context.run.runId))!;
  if (run.state === 'dropped') throw await stopShard(context, run, shard);
  const result = describeShard(shard, await ledger.shards(run.runId));
  const { found, skipped } = validation ?? { found: result.records, skipped: 0 };
  const about = { ...describeRun(context), shard: result };
  return { ...about, outcome: 'staged', found, inserted: 0, sent: 0, skipped, failed: 0, validation };
}

/** Checks what only all shards together show. */
async function checkWhole(context: RunContext, shards: readonly ShardRow[]): Promise<ValidationResult> {
  const { config, run } = context;
  const started = performance.now();
  const records = sum(shards, (row) => row.records);
  const { total } = shards.at(-1)!;
  if (records !== total || run.staged !== total) throw shardsDoNotFit(run.staged, total);
  const collected = createReport();
  const parts = shards.map(({ part }) => part).filter((part) => part !== null);
  const { task, options, label, schema, columns, source } = config;
  const report = reportByPart(collected, source.parts ?? []);
  task.shards?.conclude?.(parts, { options, label: label?.column, schema, columns, report, file: source.path });
  const skipped = sum(shards, (row) => row.skipped);
  return validationOf(config, collected, { found: records + skipped, skipped, started });
}

/** Keeps the sums of all shards. If an earlier version staged one of them, without checksums, there are none to keep. */
async function keepChecksums({ config, database, run }: RunContext, shards: readonly ShardRow[]): Promise<void> {
  const parts = shards.map(({ checksums }) => checksums).filter((checksums) => checksums !== null);
  if (parts.length < shards.length) return;
  const counted = shards.flatMap((row) => (row.statistics ? [row.statistics] : []));
  const statistics = mergeStatistics(counted, config.task.statistics);
  await database.ledger.setState(run.runId, 'staged', sumChecksums(parts), statistics);
}

/** Returns the dataset's validation with the findings of this shard added. */
function joinValidations(own: ValidationResult, whole: ValidationResult): ValidationResult {
  return {
    ...whole,
    ...(own.notes && { notes: own.notes }),
    errors: own.errors + whole.errors,
    warnings: own.warnings + whole.warnings,
    totals: [...own.totals, ...whole.totals],
    findings: [...own.findings, ...whole.findings],
    seconds: own.seconds + whole.seconds,
  };
}

function describeShard({ index, count }: Shard, shards: readonly ShardRow[]): ShardResult {
  const own = shards.find(({ shard }) => shard === index);
  const done = shards.filter(({ state }) => state === 'staged').length;
  return { index, count, records: own?.records ?? 0, done };
}

function sum(shards: readonly ShardRow[], of: (row: ShardRow) => number): number {
  return shards.reduce((total, row) => total + of(row), 0);
}
