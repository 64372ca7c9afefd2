import { ExitCode, IngestorError } from '@tracebloc/ingestor-core';
import { renderEnd } from '../output/job.js';
import { interruptible } from '@tracebloc/ingestor-cli';
import type { Cluster } from './cluster.js';
import { followJob, type FollowOptions } from './follow.js';
import type { JobState } from './state.js';

export interface StayOptions extends Omit<FollowOptions, 'signal'> {
  /** For how long to stay, in milliseconds; absent: to the end. */
  timeout?: number;
}

/**
 * Stays with Jobs until all have ended, tells how each did, and sets the exit code: that of the first run that failed.
 * Of more Jobs than one, each line of a log begins with the Job's name. SIGINT and SIGTERM leave the Jobs to themselves.
 * Throws what `followJob` throws, once the other Jobs have ended too.
 */
export async function stayWithJobs(
  cluster: Cluster,
  names: readonly string[],
  { timeout, ...options }: StayOptions,
): Promise<JobState[]> {
  const { print, tell } = options;
  const stay = async (name: string, signal: AbortSignal): Promise<JobState> => {
    const prefixed = print && names.length > 1 ? (line: string) => print(`${name} | ${line}`) : print;
    const state = await followJob(cluster, name, { ...options, print: prefixed, signal });
    tell(renderEnd(state));
    return state;
  };
  const states = await interruptible(
    async (interrupted) => {
      const deadline = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
      const signal = deadline ? AbortSignal.any([interrupted, deadline]) : interrupted;
      const ends = await Promise.allSettled(names.map((name) => stay(name, signal)));
      const unfinished = names.filter((_, index) => ends[index]!.status === 'rejected');
      if (interrupted.aborted) throw leftAlone('detached', ExitCode.interrupted, 'still there', unfinished, cluster);
      if (deadline?.aborted) throw leftAlone('timeout', ExitCode.failed, 'not done yet', unfinished, cluster);
      return ends.map((end) => {
        if (end.status === 'rejected') throw end.reason;
        return end.value;
      });
    },
    { meanwhile: `${names.length > 1 ? 'the Jobs go' : 'the Job goes'} on in the cluster` },
  );
  process.exitCode = states.find(({ exitCode }) => exitCode !== ExitCode.ok)?.exitCode;
  return states;
}

/** How to look at Jobs, or stop them, later. */
export function howToGoOn(names: readonly string[], { namespace }: Cluster): string[] {
  return names.flatMap((name) => [
    `Look again: ingestor job logs ${name} --namespace ${namespace} --follow`,
    `Stop it:    ingestor job delete ${name} --namespace ${namespace}`,
  ]);
}

function leftAlone(
  code: string,
  exitCode: ExitCode,
  how: string,
  names: readonly string[],
  cluster: Cluster,
): IngestorError {
  const jobs = names.length > 1 ? `Jobs ${names.join(' and ')} are` : `Job ${names[0]!} is`;
  const message = `${jobs} ${how}, and nobody is looking.`;
  return new IngestorError({ code, message, fix: howToGoOn(names, cluster), exitCode });
}
