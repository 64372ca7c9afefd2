import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderOverlay } from '../../deploy/dist/rendered.js';

/** As the Job calls it. */
const SECRET = 'ingest-credentials';
const TRAIN = fileURLToPath(new URL('../../deploy/job/train', import.meta.url));

/** A pod made of the Job that an overlay over deploy/job/train renders, run by Podman as a kubelet would. */
export class Pod {
  /**
   * `config` is the text of the ingest.yaml; `claim` the folder that stands in for the shared volume; `env` replaces
   * variables of the Job, `user` is the one that OpenShift would give it.
   */
  static async start({ containers, world }, { name, config, claim, env = {}, user }) {
    const folder = join(world.folder, 'overlays', name);
    const { configMap, job } = renderJob(folder, config, { ...world.env, ...env });
    const { spec } = job.spec.template;
    if (user) spec.securityContext.runAsUser = user;
    const claimed = spec.volumes.find(({ persistentVolumeClaim }) => persistentVolumeClaim).persistentVolumeClaim;
    const file = join(folder, 'pod.yaml');
    const secret = join(folder, 'secret.json');
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...job.spec.template.metadata, name }, spec };
    writeFileSync(file, [configMap, pod].map((object) => JSON.stringify(object)).join('\n---\n'));
    // Podman takes a claim for a volume, and a Secret for one of its own, by their names.
    writeFileSync(secret, JSON.stringify(base64(world.secrets)));
    const started = new Pod(containers, `${name}-${spec.containers[0].name}`);
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

  constructor(containers, container) {
    Object.assign(this, { containers, container });
  }

  /** What Podman made of the security contexts, in Docker's words. */
  async hardening() {
    const [{ HostConfig, EffectiveCaps, Config }] = JSON.parse(await this.containers.podman('inspect', this.container));
    const { ReadonlyRootfs: readOnly, SecurityOpt: options } = HostConfig;
    return { readOnly, options, capabilities: EffectiveCaps ?? [], user: Config.User };
  }

  async kill(signal) {
    await this.containers.podman('kill', '--signal', signal, this.container);
  }

  /** Waits for its end and removes it; its exit code, its log, and the log's last line. */
  async ended() {
    try {
      const code = Number(await this.containers.podman('wait', this.container));
      const log = await this.containers.logs(this.container);
      return { code, log, lastLine: log.split('\n').at(-1) };
    } finally {
      await this.remove();
    }
  }

  /** With all that was made for it: the storage is this script's own. */
  async remove() {
    await this.containers.podman('pod', 'rm', '--all', '--force', '--time=0');
    await this.containers.podman('volume', 'rm', '--all', '--force');
    await this.containers.podman('secret', 'rm', '--all');
  }
}

/** Runs one to its end. */
export async function runPod(place, options) {
  const pod = await Pod.start(place, options);
  return pod.ended();
}

/** Writes an overlay with the dataset and the addresses of one's own, as a user would, and has kubectl render it. */
function renderJob(folder, config, env) {
  mkdirSync(folder, { recursive: true });
  const write = (name, text) => writeFileSync(join(folder, name), text);
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

function base64(values) {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Buffer.from(value).toString('base64')]),
  );
}
