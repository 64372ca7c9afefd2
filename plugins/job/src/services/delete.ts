import { setTimeout as sleep } from 'node:timers/promises';
import { confirm, interruptible } from '@tracebloc/ingestor-cli';
import { JOB_ERRORS } from '../errors.js';
import type { Cluster, Job } from './cluster.js';
import { getJob, isOurs } from './state.js';

/** Milliseconds between two checks whether the Job is gone. */
const INTERVAL = 500;

export interface DeletedJob {
  name: string;
  namespace: string;
  /** `job/x`, `configmap/x`, `secret/x`. */
  objects: string[];
}

/**
 * Deletes a Job with its pods and the ConfigMap and Secret that were created for it, and waits until the pods are gone,
 * so that the name and the dataset's table are free. A Secret that was only named stays. Asks first, unless `yes`.
 */
export async function confirmedDelete(cluster: Cluster, name: string, yes: boolean): Promise<DeletedJob> {
  const job = await getJob(cluster, name);
  if (!yes && !(await confirm(`Delete Job ${name} in namespace ${cluster.namespace}?`))) {
    throw JOB_ERRORS.make('not-confirmed', { message: `Job ${name} was not deleted.`, fix: 'Confirm with --yes.' });
  }
  const objects = await deleteObjects(cluster, job);
  await interruptible((signal) => untilGone(cluster, job, signal), { meanwhile: 'Kubernetes goes on deleting' });
  return { name, namespace: cluster.namespace, objects };
}

async function deleteObjects(cluster: Cluster, job: Job): Promise<string[]> {
  const name = job.metadata!.name!;
  const withConfigMap = isOurs((await cluster.findConfigMap(name))?.metadata);
  // Not every user may read Secrets: one is looked up only when the Job refers to one that has the Job's name.
  const withSecret = takesSecret(job, name) && isOurs((await cluster.findSecret(name))?.metadata);
  await cluster.deleteJob(name);
  if (withConfigMap) await cluster.deleteConfigMap(name);
  if (withSecret) await cluster.deleteSecret(name);
  return [`job/${name}`, ...(withConfigMap ? [`configmap/${name}`] : []), ...(withSecret ? [`secret/${name}`] : [])];
}

async function untilGone(cluster: Cluster, { metadata }: Job, signal: AbortSignal): Promise<void> {
  while ((await cluster.findJob(metadata!.name!))?.metadata?.uid === metadata!.uid) {
    if (signal.aborted) {
      throw JOB_ERRORS.make('interrupted', {
        message: `Job ${metadata!.name!} is being deleted, and its pod has not ended yet.`,
        fix: `Check whether it is gone: ingestor job status --namespace ${cluster.namespace}`,
      });
    }
    await sleep(INTERVAL);
  }
}

function takesSecret({ spec }: Job, name: string): boolean {
  const env = spec!.template.spec!.containers.flatMap((container) => container.env ?? []);
  return env.some(({ valueFrom }) => valueFrom?.secretKeyRef?.name === name);
}
