import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderOverlay, type Rendered } from '../../deploy/src/rendered.ts';
import type { Containers } from './containers.ts';
import type { World } from './world.ts';

/** The name of the Secret in the Job. */
const SECRET = 'ingest-credentials';
const TRAIN = fileURLToPath(new URL('../../deploy/job/train', import.meta.url));

/** What a pod needs from this script. */
export interface Surroundings {
  containers: Containers;
  world: World;
}

export interface PodOptions {
  name: string;
  /** The text of the ingest.yaml. */
  config: string;
  /** The folder that replaces the shared volume. */
  claim: string;
  /** Replaces variables of the Job. */
  env?: Readonly<Record<string, string>>;
  /** The user that OpenShift would choose. */
  user?: number;
}

export interface Ended {
  code: number;
  log: string;
  lastLine: string | undefined;
}

export interface Hardening {
  readOnly: boolean;
  options: string[];
  capabilities: string[];
  user: string;
}

/** A pod of the Job that an overlay over deploy/job/train renders. Podman runs it as a kubelet would. */
export class Pod {
  static async start({ containers, world }: Surroundings, options: PodOptions): Promise<Pod> {
    const { name, config, claim, env = {}, user } = options;
    const folder = join(world.folder, 'overlays', name);
    const { configMap, job } = renderJob(folder, config, { ...world.env, ...env });
    const { metadata, spec } = job.spec!.template;
    if (user !== undefined) spec!.securityContext!.runAsUser = user;
    const claimed = spec!.volumes!.find(({ persistentVolumeClaim }) => persistentVolumeClaim)!.persistentVolumeClaim!;
    const file = join(folder, 'pod.yaml');
    const secret = join(folder, 'secret.json');
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name }, spec };
    writeFileSync(file, [configMap, pod].map((object) => JSON.stringify(object)).join('\n---\n'));
    // Podman reads a claim as the volume, and a Secret as the secret, of the same name.
    writeFileSync(secret, JSON.stringify(base64(world.secrets)));
    const started = new Pod(containers, `${name}-${spec!.containers[0]!.name}`);
    try {
      const bind = ['type=none', 'o=bind', `device=${claim}`].flatMap((option) => ['--opt', option]);
      await containers.podman('volume', 'create', ...bind, claimed.claimName);
      await containers.podman('secret', 'create', SECRET, secret);
      await containers.podman('play', 'kube', '--network=host', file);
    } catch (error) {
      await started.remove();
      throw error;
    }
    return started;
  }

  readonly #containers: Containers;
  readonly #container: string;

  constructor(containers: Containers, container: string) {
    this.#containers = containers;
    this.#container = container;
  }

  /** Returns what Podman made of the security contexts, in Docker's words. */
  async hardening(): Promise<Hardening> {
    const [{ HostConfig, EffectiveCaps, Config }] = JSON.parse(
      await this.#containers.podman('inspect', this.#container),
    ) as [
      {
        HostConfig: { ReadonlyRootfs: boolean; SecurityOpt: string[] };
        EffectiveCaps: string[] | null;
        Config: { User: string };
      },
    ];
    const { ReadonlyRootfs: readOnly, SecurityOpt: options } = HostConfig;
    return { readOnly, options, capabilities: EffectiveCaps ?? [], user: Config.User };
  }

  async kill(signal: string): Promise<void> {
    await this.#containers.podman('kill', '--signal', signal, this.#container);
  }

  /** Waits for the end of the pod and removes it. */
  async ended(): Promise<Ended> {
    try {
      const code = Number(await this.#containers.podman('wait', this.#container));
      const log = await this.#containers.logs(this.#container);
      return { code, log, lastLine: log.split('\n').at(-1) };
    } finally {
      await this.remove();
    }
  }

  /** Removes all pods, volumes and secrets: only this script uses the storage. */
  async remove(): Promise<void> {
    await this.#containers.podman('pod', 'rm', '--all', '--force', '--time=0');
    await this.#containers.podman('volume', 'rm', '--all', '--force');
    await this.#containers.podman('secret', 'rm', '--all');
  }
}

/** Runs a pod to its end. */
export async function runPod(surroundings: Surroundings, options: PodOptions): Promise<Ended> {
  const pod = await Pod.start(surroundings, options);
  return pod.ended();
}

/** Writes an overlay with the configuration and the variables, as a user would, and renders it with kubectl. */
function renderJob(folder: string, config: string, env: Readonly<Record<string, string>>): Rendered {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
  };
  write('ingest.yaml', config);
  const container = { name: 'ingest', env: Object.entries(env).map(([name, value]) => ({ name, value })) };
  const patch = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'ingest-train' },
    spec: { template: { spec: { containers: [container] } } },
  };
  write(
    'kustomization.yaml',
    JSON.stringify({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [relative(folder, TRAIN)],
      configMapGenerator: [{ name: 'ingest-config-train', behavior: 'merge', files: ['ingest.yaml'] }],
      generatorOptions: { disableNameSuffixHash: true },
      patches: [{ patch: JSON.stringify(patch) }],
    }),
  );
  return renderOverlay(folder);
}

function base64(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
  );
}
