import type { IngestorError } from '@tracebloc/ingestor-core';
import { age, interruptible, leaveOnSignals } from '@tracebloc/ingestor-cli';
import { JOB_ERRORS } from '../errors.js';
import type { Cluster, ConfigMap, Job, ObjectMeta, Secret } from './cluster.js';
import type { JobPlan } from './plan.js';
import { shardsOf } from './shards.js';
import { isOurs, observe } from './state.js';
import { stopped, stoppedLate, Submission } from './submission.js';

const SHARED = 'ReadWriteMany';

/** Warns of claims that keep shards on one node. A claim that is missing or not visible gets no warning. */
export async function claimWarnings(cluster: Cluster, plans: readonly JobPlan[]): Promise<string[]> {
  const jobs = plans.map(({ objects: { job } }) => job).filter((job) => shardsOf(job) !== undefined);
  const volumes = jobs.flatMap(({ spec }) => spec!.template.spec!.volumes ?? []);
  const names = new Set(volumes.flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []));
  const claims = await Promise.all([...names].map((name) => cluster.findClaim(name)));
  return claims.flatMap((claim) => {
    const modes = claim?.spec?.accessModes ?? [SHARED];
    if (modes.includes(SHARED)) return [];
    return `Claim ${claim!.metadata!.name!} is ${modes.join(', ')}: the shards that are not on the node that has its volume cannot start. ${SHARED} lets them run on all nodes.`;
  });
}

/**
 * Creates the objects of each run. The Job comes first, because it decides whether the name is free; the others belong
 * to it and are deleted with it. Its pod waits for the ConfigMap, which it mounts, so that it finds the Secret, which is
 * created before. Throws an `IngestorError` that names what could not be removed again, as on SIGINT and SIGTERM.
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
    { meanwhile: 'removing what was created', tooLate: () => submission.left(stoppedLate()) },
  ).finally(leaveOnSignals);
}

async function submitJob(
  cluster: Cluster,
  submission: Submission,
  { name, objects: { configMap, secret, job } }: JobPlan,
  signal: AbortSignal,
): Promise<void> {
  const throwIfStopped = () => {
    if (signal.aborted) throw stopped();
  };
  throwIfStopped();
  const made = await submission.createJob(name, job);
  if (!made) {
    const taken = await cluster.findJob(name);
    throw taken ? await nameInUse(cluster, taken) : vanished(name);
  }
  throwIfStopped();
  if (secret) await putSecret(cluster, owned(secret, made));
  throwIfStopped();
  await putConfigMap(cluster, owned(configMap, made));
  throwIfStopped();
}

/** Returns the object as one that is deleted with the Job. */
function owned<T extends { metadata?: ObjectMeta }>(object: T, { metadata }: Job): T {
  const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name: metadata!.name!, uid: metadata!.uid! }];
  return { ...object, metadata: { ...object.metadata, ownerReferences } };
}

/** Replaces a ConfigMap that a deleted Job of ingestor has left. */
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
  return JOB_ERRORS.make('job-exists', {
    message: `Namespace ${cluster.namespace} already has a Job ${state.name}: ${state.phase}${code}, created ${age(state.created)} ago.`,
    fix: [
      ended ? `See what it did: ingestor job logs ${where}` : `Follow it: ingestor job logs ${where} --follow`,
      `Delete it and submit again: ingestor job delete ${where}`,
      'Or give the new Job another name with --name.',
    ],
  });
}

function vanished(name: string): IngestorError {
  return JOB_ERRORS.make('job-exists', {
    message: `Another Job had the name ${name} and has just been removed.`,
    fix: 'Submit yours again.',
  });
}

function foreign({ namespace }: Cluster, kind: string, metadata: ObjectMeta | undefined): IngestorError {
  return JOB_ERRORS.make('name-in-use', {
    message: `Namespace ${namespace} has a ${kind} ${metadata!.name!} that ingestor has not created.`,
    fix: 'Give the Job another name with --name, or remove the other object.',
  });
}
