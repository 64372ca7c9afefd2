import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { checkInput, ExitCode, IngestorError, listNames, UnusableInput } from '@tracebloc/ingestor-core';

/** Where a pod finds the account that it runs under. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface ClusterFlags {
  kubeconfig?: string;
  context?: string;
  namespace?: string;
}

/**
 * The cluster as kubectl would choose it: --kubeconfig, KUBECONFIG, ~/.kube/config, or that of the pod which this runs
 * in. Throws an error with exit code 2 where there is none.
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
    throw badKubeConfig('The kubeconfig has no current context.', undefined, `Choose with --context. ${known}`);
  if (!names.includes(current)) {
    throw badKubeConfig(`The kubeconfig has no context ${current}.`, undefined, `Choose with --context. ${known}`);
  }
  if (!config.getCurrentCluster()?.server) {
    throw badKubeConfig(`Context ${current} names a cluster that the kubeconfig does not describe.`);
  }
  return config;
}

function noKubeConfig(): IngestorError {
  return new IngestorError({
    code: 'no-kubeconfig',
    message: 'There is no kubeconfig, so there is no cluster to talk to.',
    fix: ['Name one with --kubeconfig or KUBECONFIG, or put it into ~/.kube/config.', 'Try it: kubectl cluster-info'],
    exitCode: ExitCode.usage,
  });
}

function badKubeConfig(message: string, cause?: unknown, fix = 'Try it: kubectl config view --minify'): IngestorError {
  return new IngestorError({ code: 'bad-kubeconfig', message, fix, exitCode: ExitCode.usage, cause });
}
