import { ux } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import type { Leftovers, CleanResult, RunAccount } from '@tracebloc/ingestor-pipeline';
import type { RunRow } from '@tracebloc/ingestor-storage';
import { age, count, plural, renderTable, wrapText } from '@tracebloc/ingestor-cli';
import type { RunList } from '../services/runs/list.js';

/**
 * Renders a list of runs. Returns `undefined` for a part that has none, because the list ends before it. For a terminal of
 * `width` cells, ids and times are short.
 */
export function renderRunList(list: RunList, width?: number): string | undefined {
  if (list.total === 0) return list.kind === 'runs' ? `No runs in ${list.database}.` : 'Nothing is abandoned.';
  if (list.shown.length === 0) return undefined;
  if (list.kind === 'leftovers') return renderLeftovers(list.shown, width);
  return width === undefined ? renderRuns(list.shown) : renderShortRuns(list.shown, width);
}

function renderRuns(runs: readonly RunRow[]): string {
  return renderTable(
    ['RUN', 'TABLE', 'TASK', 'INTENT', 'STATE', 'STAGED', 'SENT', 'SHARDS', 'HOST', 'STARTED', 'UPDATED'],
    runs.map((run) => [
      run.runId,
      run.table,
      run.task,
      run.intent,
      run.state,
      count(run.staged),
      count(run.sent),
      count(run.shards),
      run.host,
      run.startedAt.toISOString(),
      run.updatedAt.toISOString(),
    ]),
  );
}

/** The fewest characters of an id that are shown. */
const MIN_ID = 8;

/** `runs show` takes the beginning of an id too. What matters most comes first, because the rest may need another line. */
function renderShortRuns(runs: readonly RunRow[], width: number): string {
  const ids = runs.map(({ runId }) => runId);
  const length = shortLength(ids);
  return renderTable(
    ['RUN', 'TABLE', 'STATE', 'STAGED', 'SENT', 'STARTED', 'UPDATED', 'TASK', 'INTENT', 'SHARDS', 'HOST'],
    runs.map((run) => [
      ...[run.runId.slice(0, length), run.table, run.state, count(run.staged), count(run.sent)],
      ...[`${age(run.startedAt)} ago`, `${age(run.updatedAt)} ago`],
      ...[run.task, run.intent, count(run.shards), run.host],
    ]),
    width,
  );
}

/** Returns the length at which the beginnings of all ids differ. */
function shortLength(ids: readonly string[]): number {
  const sorted = ids.toSorted();
  const shared = sorted.map((id, index) => {
    const before = sorted[index - 1] ?? '';
    let length = 0;
    while (length < id.length && id[length] === before[length]) length++;
    return length;
  });
  return Math.max(MIN_ID, ...shared.map((length) => length + 1));
}

/** Renders everything that is known about one run. `resume` says what resuming it would do. */
export function renderRun({ run, shards, calls }: RunAccount, resume: string): string {
  return [
    `${ux.colorize('bold', printableLine(run.runId))}  ${run.state}`,
    `  table     ${printableLine(run.table)}`,
    `  task      ${printableLine(`${run.task} (${run.intent})`)}`,
    `  staged    ${plural(run.staged, 'record')}`,
    `  sent      ${plural(run.sent, 'record')}`,
    `  calls     ${calls.length > 0 ? calls.join(', ') : 'none'}`,
    `  process   ${run.pid} on ${printableLine(run.host)}`,
    `  started   ${run.startedAt.toISOString()}`,
    `  updated   ${run.updatedAt.toISOString()}`,
    ...(run.shards === 1 ? [] : [`  shards    ${shards.length} of ${run.shards} have begun`]),
    ...shards.map(
      ({ shard, state, records, pid, host, updatedAt }) =>
        `    ${shard}: ${state}, ${plural(records, 'record')}, process ${pid} on ${printableLine(host)}, ${updatedAt.toISOString()}`,
    ),
    printableLine(resume),
  ].join('\n');
}

const CLEANED_BY: Record<Leftovers['reason'], string> = {
  gone: 'runs clean',
  unfinished: 'runs clean --unfinished',
  foreign: 'runs clean --foreign',
};

/**
 * Renders a line for each table, folder and kind of row. For a terminal they are indented below a line for their run, which has
 * the whole id, since `runs clean` needs it.
 */
function renderLeftovers(abandoned: readonly Leftovers[], width?: number): string {
  if (width !== undefined) return abandoned.flatMap((left) => leftoverLines(left, width)).join('\n');
  const rows = abandoned.flatMap(({ runId, run, reason, ...left }) =>
    whatIsLeft(left).map((what) => [runId, run?.table ?? '', run?.state ?? 'unknown', what, CLEANED_BY[reason]]),
  );
  return renderTable(['RUN', 'TABLE', 'STATE', 'LEFT BEHIND', 'REMOVED BY'], rows);
}

function leftoverLines({ runId, run, reason, ...left }: Leftovers, width: number): string[] {
  const table = run ? `${run.table}, ` : '';
  const line = `${ux.colorize('bold', printableLine(runId))}  ${printableLine(`${table}${run?.state ?? 'unknown'}; removed by: ${CLEANED_BY[reason]}`)}`;
  return [line, ...whatIsLeft(left).map((what) => `  ${printableLine(what)}`)].map((one) => wrapText(one, width, 4));
}

/** The most runs that are shown before something is done with all of them. */
const MAX_RUNS = 100;

/** Renders what runs have left, of many runs only the first. */
export function renderCleanable(abandoned: readonly Leftovers[], width?: number): string {
  const more = abandoned.length - MAX_RUNS;
  const rest = more > 0 ? `\n… and what ${plural(more, 'run')} more left: ingestor runs list --abandoned` : '';
  return renderLeftovers(abandoned.slice(0, MAX_RUNS), width) + rest;
}

function whatIsLeft({ tables, folders, ledgerRows }: Pick<Leftovers, 'tables' | 'folders' | 'ledgerRows'>): string[] {
  return [
    ...tables.map((table) => `table ${table}`),
    ...folders,
    ...(ledgerRows > 0 ? [`${plural(ledgerRows, 'row')} of the ledger`] : []),
  ];
}

/** Renders what `runs clean` removed and what it kept; for a dry run, what it would remove. */
export function renderCleaned(
  { abandoned, removed, kept }: CleanResult & { abandoned: readonly Leftovers[] },
  { runId, dryRun }: { runId?: string; dryRun: boolean },
): string {
  if (abandoned.length === 0) {
    return runId === undefined ? 'Nothing is abandoned.' : `Run ${runId} has left nothing that these flags remove.`;
  }
  if (dryRun) return renderCleanable(abandoned);
  const lines = [`Removed what ${plural(removed.length, 'run')} left.`];
  return [...lines, ...(kept.length > 0 ? [renderKept(kept)] : [])].join('\n');
}

function renderKept(kept: CleanResult['kept']): string {
  return kept.map(({ runId, why }) => printableLine(`Kept what run ${runId} left. ${why}`)).join('\n');
}
