import { IngestorError } from '@tracebloc/ingestor-core';
import { age } from '../output/job.js';
import { interruptible, leaveOnSignals } from '@tracebloc/ingestor-cli';
import type { Cluster } from './cluster.js';
import type { JobPlan } from './plan.js';
import { isOurs, observe } from './state.js';
import { stopped, stoppedLate, Submission } from './submission.js';
import type { ConfigMap, Job, ObjectMeta, Secret } from './kube-types.js';

/**
 * Makes the objects of each run. The Job goes first: it alone decides whether the name is free. The others belong to it
 * and go with it. Its pod waits for the ConfigMap, which it mounts, and so finds the Secret that is made before.
 * Throws an `IngestorError`; then nothing of any run is left, or it says what. SIGINT and SIGTERM are heeded in that way.
 */
export async function submitJobs(cluster: Cluster, plans: readonly JobPlan[]): Promise<void> {
  for (const { name } of plans) {
    const taken = await cluster.findJob(name);
    if (taken) throw await nameInUse(cluster, taken);
  }
  const submission = new Submission(cluster);
  await interruptible(
    async (signal) => {
      let current: string | undefined;
      try {
        for (const plan of plans) {
          current = plan.name;
          await submitJob(cluster, submission, plan, signal);
        }
      } catch (error) {
        throw await submission.rollBack(error as Error, current);
      }
    },
    { meanwhile: 'removing what was made until now', tooLate: () => submission.left(stoppedLate()) },
  ).finally(leaveOnSignals);
}

async function submitJob(
  cluster: Cluster,
  submission: Submission,
  { name, objects: { configMap, secret, job } }: JobPlan,
  signal: AbortSignal,
): Promise<void> {
  const heed = () => {
    if (signal.aborted) throw stopped();
  };
  heed();
  const made = await submission.createJob(name, job);
  if (!made) {
    const taken = await cluster.findJob(name);
    throw taken ? await nameInUse(cluster, taken) : vanished(name);
  }
  heed();
  if (secret) await putSecret(cluster, owned(secret, made));
  heed();
  await putConfigMap(cluster, owned(configMap, made));
  heed();
}

/** The object as one that goes with the Job. */
function owned<T extends { metadata?: ObjectMeta }>(object: T, { metadata }: Job): T {
  const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name: metadata!.name!, uid: metadata!.uid! }];
  return { ...object, metadata: { ...object.metadata, ownerReferences } };
}

/** One of that name was left by a Job that is no more, if it is this program's. */
async function putConfigMap(cluster: Cluster, configMap: ConfigMap): Promise<void> {
  if (await cluster.createConfigMap(configMap)) return;
  const there = await cluster.findConfigMap(configMap.metadata!.name!);
  if (there && !isOurs(there.metadata)) throw foreign(cluster, 'ConfigMap', there.metadata);
  await cluster.replaceConfigMap(configMap);
}

async function putSecret(cluster: Cluster, secret: Secret): Promise<void> {
  if (await cluster.createSecret(secret)) return;
  const there = await cluster.findSecret(secret.metadata!.name!);
  if (there && !isOurs(there.metadata)) throw foreign(cluster, 'Secret', there.metadata);
  await cluster.replaceSecret(secret);
}

async function nameInUse(cluster: Cluster, job: Job): Promise<IngestorError> {
  const { state } = await observe(cluster, job);
  const where = `${state.name} --namespace ${cluster.namespace}`;
  const ended = state.phase === 'succeeded' || state.phase === 'failed';
  const code = state.exitCode === undefined ? '' : ` with exit code ${state.exitCode}`;
  return new IngestorError({
    code: 'job-exists',
    message: `There is a Job ${state.name} already in namespace ${cluster.namespace}: ${state.phase}${code}, made ${age(state.created)} ago.`,
    fix: [
      ended ? `See what it did: ingestor job logs ${where}` : `Follow it: ingestor job logs ${where} --follow`,
      `Delete it and submit again: ingestor job delete ${where}`,
      'Or give the new one another name with --name.',
    ],
  });
}

function vanished(name: string): IngestorError {
  return new IngestorError({
    code: 'job-exists',
    message: `There was a Job ${name} already, which has just been removed.`,
    fix: 'Submit it again.',
  });
}

function foreign({ namespace }: Cluster, kind: string, metadata: ObjectMeta | undefined): IngestorError {
  return new IngestorError({
    code: 'name-in-use',
    message: `There is a ${kind} ${metadata!.name!} in namespace ${namespace} that ingestor has not made.`,
    fix: 'Give the Job another name with --name, or remove what has the name now.',
  });
}
