import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { checkInput, listNames, UnusableInput, type IngestorError } from '@tracebloc/ingestor-core';
import { JOB_ERRORS } from '../errors.js';

/** The folder with a pod's own service account. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface ClusterFlags {
  kubeconfig?: string;
  context?: string;
  namespace?: string;
}

/**
 * Chooses the cluster as kubectl does: --kubeconfig, KUBECONFIG, ~/.kube/config, or the cluster of the pod that this
 * process runs in. Throws an error with exit code 2 when there is none.
 */
export async function loadKubeConfig({ kubeconfig, context }: ClusterFlags): Promise<KubeConfig> {
  // The client is slow to load: other commands need not wait for it.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  const files = kubeconfigFiles(kubeconfig);
  if (files.length === 0) {
    if (!existsSync(join(SERVICE_ACCOUNT, 'token'))) throw noKubeConfig();
    config.loadFromCluster();
  }
  for (const file of files) {
    const loaded = new KubeConfig();
    try {
      checkInput(file);
      loaded.loadFromFile(file);
      if (file === files[0]) config.loadFromFile(file);
      else config.mergeConfig(loaded);
    } catch (error) {
      throw badKubeConfig(
        `${file} cannot be read as a kubeconfig: ${error instanceof UnusableInput ? `it ${error.message}` : (error as Error).message}`,
        error,
      );
    }
  }
  return useContext(config, context);
}

function kubeconfigFiles(given: string | undefined): string[] {
  if (given !== undefined) return [given];
  const listed = (process.env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  const candidates = listed.length > 0 ? listed : [join(homedir(), '.kube', 'config')];
  return candidates.filter((file) => existsSync(file));
}

function useContext(config: KubeConfig, context: string | undefined): KubeConfig {
  const names = config.getContexts().map(({ name }) => name);
  const known = names.length > 0 ? `It has ${listNames(names)}.` : 'It has none.';
  if (context !== undefined) config.setCurrentContext(context);
  const current = config.getCurrentContext();
  if (!current)
    throw badKubeConfig('The kubeconfig has no current context.', undefined, `Choose one with --context. ${known}`);
  if (!names.includes(current)) {
    throw badKubeConfig(`The kubeconfig has no context ${current}.`, undefined, `Choose one with --context. ${known}`);
  }
  if (!config.getCurrentCluster()?.server) {
    throw badKubeConfig(`Context ${current} names a cluster that the kubeconfig does not describe.`);
  }
  return config;
}

function noKubeConfig(): IngestorError {
  return JOB_ERRORS.make('no-kubeconfig', {
    message: 'There is no kubeconfig, which names the cluster.',
    fix: ['Name one with --kubeconfig or KUBECONFIG, or put it into ~/.kube/config.', 'Check it: kubectl cluster-info'],
  });
}

function badKubeConfig(
  message: string,
  cause?: unknown,
  fix = 'Check it: kubectl config view --minify',
): IngestorError {
  return JOB_ERRORS.make('bad-kubeconfig', { message, fix, cause });
}
