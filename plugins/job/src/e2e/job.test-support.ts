import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startFakeKubernetes,
  type FakeKubernetes,
  type PodBehaviour,
  type RunningContainer,
} from '../testing/kubernetes/fake-kubernetes.js';
import {
  start,
  type Ended,
  type Env,
  type Running,
  yamlOf,
  type ConfigFields,
} from '@tracebloc/ingestor-testing/command';

/** The Job of `yamlOf({ table: 'churn_train' })`. */
export const JOB = 'ingest-churn-train';

/** A run without a Secret, since it uses neither a database server nor a backend. */
export const LOCAL = ['--env', 'MYSQL_HOST=', '--env', 'CLIENT_ENV=local'];

/** A cluster and a working folder with a kubeconfig for it and a configuration of each intent. */
export class JobWorld {
  private constructor(
    readonly folder: string,
    readonly kubernetes: FakeKubernetes,
  ) {}

  static async start(): Promise<JobWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'ingestor-job-'));
    const world = new JobWorld(folder, await startFakeKubernetes());
    await world.write('kubeconfig', world.kubernetes.kubeconfig());
    await world.config('ingest.yaml', { table: 'churn_train' });
    await world.config('test.yaml', { table: 'churn_test', intent: 'test' });
    return world;
  }

  async stop(): Promise<void> {
    await this.kubernetes.stop();
    await rm(this.folder, { recursive: true });
  }

  async write(name: string, content: string): Promise<void> {
    await writeFile(join(this.folder, name), content);
  }

  config(name: string, changes: ConfigFields): Promise<void> {
    return this.write(name, yamlOf({ csv: '/data/shared/churn/customers.csv', ...changes }));
  }

  start(args: readonly string[], env: Env = {}): Running {
    return start(['job', ...args], { env: { KUBECONFIG: join(this.folder, 'kubeconfig'), ...env }, cwd: this.folder });
  }

  run(args: readonly string[], env: Env = {}): Promise<Ended> {
    return this.start(args, env).ended;
  }

  /** Sets what the next pods do: one entry for each, and the last for all that follow. */
  next(...behaviours: PodBehaviour[]): void {
    this.kubernetes.behave(behaviours);
  }

  names(plural: string): string[] {
    return this.kubernetes.list(plural).map(({ metadata }) => metadata.name);
  }
}

/**
 * Does what the image's entry point does, with the mounted file in a folder of this machine. `started` receives the
 * process.
 */
export async function runIngestor(
  folder: string,
  { args, env, files, log, signal }: RunningContainer,
  started?: (running: Running) => void,
): Promise<number> {
  const config = join(folder, `mounted-${env.JOB_COMPLETION_INDEX ?? 'alone'}.yaml`);
  await writeFile(config, files[env.INGEST_CONFIG!]!);
  const running = start(args, { cwd: folder, env: { ...env, INGEST_CONFIG: config } });
  started?.(running);
  signal.addEventListener('abort', () => running.kill('SIGTERM'));
  const { code, stdout, stderr } = await running.ended;
  for (const line of (stdout + stderr).trimEnd().split('\n')) log(line);
  return code ?? 137;
}
