import { ux } from '@oclif/core';
import { ExitCode, printableLine } from '@tracebloc/ingestor-core';
import type { JobState, ShardsState } from '../services/state.js';
import { age, duration, renderTable } from '@tracebloc/ingestor-cli';

const MEANINGS: Readonly<Record<number, string>> = {
  [ExitCode.failed]: 'the run failed, or some records did',
  [ExitCode.usage]: 'wrong usage or configuration',
  [ExitCode.invalidData]: 'the data failed validation; nothing was published',
  [ExitCode.interrupted]: 'interrupted; the run continues when it is submitted again',
};

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

export function renderEnd(job: JobState): string {
  return [renderOutcome(job), ...renderProblem(job)].join('\n');
}

export function renderJob(job: JobState): string {
  const lines: [string, string | undefined][] = [
    ['image', job.image],
    ['shards', job.shards && renderShards(job.shards)],
    ['created', `${job.created.toISOString()}, ${age(job.created)} ago`],
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
