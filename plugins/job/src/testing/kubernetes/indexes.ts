import type { FailureRule, Job, Pod } from './types.js';

/** The label and the annotation that have a pod's index. */
export const INDEX = 'batch.kubernetes.io/job-completion-index';

/** The state of one index of a Job. A Job that is not Indexed has a single one, whose `index` is undefined. */
export interface IndexState {
  index: number | undefined;
  succeeded: boolean;
  active: boolean;
  /** The number of pods that failed and count as tries. */
  failures: number;
  /** It is not tried again. */
  failed: boolean;
}

export function isIndexed({ spec }: Job): boolean {
  return spec.completionMode === 'Indexed';
}

export function indexStates(job: Job, pods: readonly Pod[]): IndexState[] {
  const indexes = isIndexed(job) ? Array.from({ length: job.spec.completions! }, (_, index) => index) : [undefined];
  return indexes.map((index) => {
    const own = pods.filter(({ metadata }) => metadata.annotations?.[INDEX] === index?.toString());
    const phases = own.map(({ status }) => status.phase);
    const actions = own.filter(({ status }) => status.phase === 'Failed').map((pod) => actionOn(job, pod));
    const failures = actions.filter((action) => action !== 'Ignore').length;
    return {
      index,
      succeeded: phases.includes('Succeeded'),
      active: own.some(isActive),
      failures,
      failed: actions.includes('FailIndex') || failures > (job.spec.backoffLimitPerIndex ?? Infinity),
    };
  });
}

export function isActive({ status }: Pod): boolean {
  return status.phase === 'Pending' || status.phase === 'Running';
}

/** Returns the condition that ends the Job, or undefined while it goes on. */
export function verdictOn(
  job: Job,
  pods: readonly Pod[],
  states: readonly IndexState[],
): { type: 'Complete' | 'Failed'; reason: string } | undefined {
  const { backoffLimit = 6, backoffLimitPerIndex } = job.spec;
  const fail = (reason: string) => ({ type: 'Failed', reason }) as const;
  if (pods.some((pod) => pod.status.phase === 'Failed' && actionOn(job, pod) === 'FailJob')) {
    return fail('PodFailurePolicy');
  }
  const failures = states.reduce((sum, state) => sum + state.failures, 0);
  if (backoffLimitPerIndex === undefined && failures > backoffLimit) return fail('BackoffLimitExceeded');
  if (!states.every(({ succeeded, failed }) => succeeded || failed)) return undefined;
  return states.some(({ failed }) => failed)
    ? fail('FailedIndexes')
    : { type: 'Complete', reason: 'CompletionsReached' };
}

/** Returns what the Job's policy demands for a pod that failed. */
function actionOn({ spec }: Job, pod: Pod): FailureRule['action'] {
  const code = pod.status.containerStatuses?.[0]?.state.terminated?.exitCode;
  const rule = spec.podFailurePolicy?.rules.find(
    ({ onExitCodes }) =>
      onExitCodes && code !== undefined && (onExitCodes.operator === 'In') === onExitCodes.values.includes(code),
  );
  return rule?.action ?? 'Count';
}

/** Formats sorted numbers as in a Job's status: `0,2,3,5-9`. */
export function intervals(numbers: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run?.[1] === number - 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs
    .map(([first, last]) => (first === last ? `${first}` : `${first}${last === first + 1 ? ',' : '-'}${last}`))
    .join();
}
