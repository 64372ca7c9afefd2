import { ux } from '@oclif/core';
import { ExitCode, printableLine } from '@tracebloc/ingestor-core';
import type { JobState, ShardsState } from '../services/state.js';
import { duration, renderTable } from '@tracebloc/ingestor-cli';

const MEANINGS: Readonly<Record<number, string>> = {
  [ExitCode.failed]: 'the run failed, or some records did',
  [ExitCode.usage]: 'wrong usage or configuration',
  [ExitCode.invalidData]: 'the data failed validation; nothing was published',
  [ExitCode.interrupted]: 'interrupted; the run continues when it is submitted again',
};

/** `42 s`, `5 min`, `3 h`, `2 d`. */
export function age(since: Date, now = Date.now()): string {
  const seconds = Math.max(0, Math.floor((now - since.getTime()) / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 2 * 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** One line on how the Job is. */
export function renderOutcome({ name, namespace, phase, exitCode = 0, shards, started, finished }: JobState): string {
  const job = `Job ${ux.colorize('bold', printableLine(name))} in namespace ${printableLine(namespace)}`;
  const took = started && finished ? ` after ${duration((finished.getTime() - started.getTime()) / 1000)}` : '';
  if (phase === 'succeeded') return `${ux.colorize('green', '✔')} ${job} succeeded${took}.`;
  if (phase !== 'failed') return `${job} is ${phase}.`;
  const meaning = MEANINGS[exitCode];
  const code = `exit code ${exitCode}${meaning === undefined ? '' : `, ${meaning}`}`;
  return `${ux.colorize('red', '✖')} ${job} failed${took}: ${shards ? whichFailed(shards) : ''}${code}.`;
}

function whichFailed({ count, failed }: ShardsState): string {
  if (failed.length === 0) return '';
  return failed.length === 1 ? `shard ${failed[0]!}, ` : `${failed.length} of ${count} shards, `;
}

/** How a Job ended, and why it failed where its log does not say. */
export function renderEnd(job: JobState): string {
  return [renderOutcome(job), ...renderProblem(job)].join('\n');
}

/** Everything that is known of one Job. */
export function renderJob(job: JobState): string {
  const lines: [string, string | undefined][] = [
    ['image', job.image],
    ['shards', job.shards && renderShards(job.shards)],
    ['made', `${job.created.toISOString()}, ${age(job.created)} ago`],
    ['started', job.started?.toISOString()],
    ['finished', job.finished?.toISOString()],
  ];
  return [
    renderOutcome(job),
    ...lines.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(9)} ${printableLine(value)}`])),
    ...job.pods.map(({ name, shard, phase, exitCode, node, created }) =>
      printableLine(
        `  pod       ${name}${shard === undefined ? '' : `, shard ${shard}`}: ${phase}${exitCode === undefined ? '' : ` (exit code ${exitCode})`}, ${age(created)} old${node === undefined ? '' : `, on ${node}`}`,
      ),
    ),
    ...renderProblem(job),
  ].join('\n');
}

function renderShards({ count, done, running }: ShardsState): string {
  return `${done} of ${count} done${running > 0 ? `, ${running} running` : ''}`;
}

function renderProblem({ problem }: JobState): string[] {
  return problem ? [problem.message, ...problem.fix.map((fix) => `  ${fix}`)].map(printableLine) : [];
}

export function renderJobs(jobs: readonly JobState[]): string {
  return renderTable(
    ['JOB', 'STATE', 'SHARDS DONE', 'EXIT CODE', 'PODS', 'AGE', 'PROBLEM'],
    jobs.map(({ name, phase, shards, exitCode, pods, created, problem }) => [
      name,
      phase,
      shards ? `${shards.done}/${shards.count}` : '',
      exitCode === undefined ? '' : String(exitCode),
      String(pods.length),
      age(created),
      problem?.code ?? '',
    ]),
  );
}
