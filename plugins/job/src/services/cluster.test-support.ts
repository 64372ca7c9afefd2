import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { startFakeKubernetes, type FakeKubernetes, type PodBehaviour } from '../testing/kubernetes/fake-kubernetes.js';
import { openCluster, type Cluster } from './cluster.js';
import { followJobs, type FollowAllOptions, type Pace } from './follow.js';
import type { ClusterFlags } from './kubeconfig.js';
import { jobObjects } from './objects.js';
import type { JobPlan } from './plan.js';
import type { JobSettings } from './settings.js';
import { observeJob, type JobState } from './state.js';
import { submitJobs } from './submit.js';

/** The name of the Job that is submitted unless the test gives another. */
export const JOB = 'ingest-churn-train';

/** The embedded database and no backend, so that the pod needs no Secret. */
export const LOCAL = { MYSQL_HOST: '', CLIENT_ENV: 'local' };

/** A database server, whose password is in the Secret, and no backend. */
const SHARED_DATABASE = { CLIENT_ENV: 'local' };

const DEFAULTS: JobSettings = { env: LOCAL, createSecret: false, overwrite: false, restart: false };

const FAST: Pace = { interval: 10, intervalPerPod: 0, outage: 10, grace: 100 };

/** What a command that follows Jobs has printed, and how it ends. */
export interface Following {
  /** The lines of the logs. */
  lines: string[];
  /** What was said besides the logs. */
  told: string[];
  states: Promise<JobState[]>;
}

/** A fake cluster and the client of the commands for it, in this process. */
export class TestCluster {
  /** The warnings of the API server. */
  readonly warnings: string[] = [];

  private constructor(
    readonly folder: string,
    readonly kubernetes: FakeKubernetes,
    readonly cluster: Cluster,
  ) {}

  static async start(): Promise<TestCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'ingestor-cluster-'));
    const kubernetes = await startFakeKubernetes();
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, kubernetes.kubeconfig());
    return new TestCluster(folder, kubernetes, await openCluster({ kubeconfig }, () => undefined));
  }

  async stop(): Promise<void> {
    await this.kubernetes.stop();
    await rm(this.folder, { recursive: true });
  }

  /** Removes what a test has left in the cluster and in this process. */
  reset(): void {
    this.kubernetes.reset();
    this.warnings.length = 0;
    process.exitCode = undefined;
    for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
  }

  /** Writes a kubeconfig and opens the cluster with it. */
  async open(kubeconfig: object | string, flags: ClusterFlags = {}): Promise<Cluster> {
    const file = join(this.folder, 'other-kubeconfig');
    await writeFile(file, typeof kubeconfig === 'string' ? kubeconfig : JSON.stringify(kubeconfig));
    return openCluster({ kubeconfig: file, ...flags }, (warning) => this.warnings.push(warning));
  }

  /** Sets what the next pods do: one entry for each, and the last for all that follow. */
  next(...behaviours: PodBehaviour[]): void {
    this.kubernetes.behave(behaviours);
  }

  names(plural: string): string[] {
    return this.kubernetes.list(plural).map(({ metadata }) => metadata.name);
  }

  /** Returns what `job submit` creates. `credentials` go into a Secret of the Job. */
  async plan(settings: Partial<JobSettings> = {}, credentials?: Record<string, string>): Promise<JobPlan> {
    const all = { ...DEFAULTS, ...settings };
    const { name = JOB } = all;
    const objects = await jobObjects(name, { config: 'csv: x' }, all, credentials);
    return { name, table: name, intent: 'train', objects, warnings: [] };
  }

  async submit(settings: Partial<JobSettings> = {}, credentials?: Record<string, string>): Promise<void> {
    await submitJobs(this.cluster, [await this.plan(settings, credentials)]);
  }

  /** Submits a Job of so many shards. */
  async submitShards(shards: number): Promise<void> {
    await this.submit({ shards, env: SHARED_DATABASE }, { DB_PASSWORD: 'p' });
  }

  async state(name = JOB): Promise<JobState> {
    return (await observeJob(this.cluster, name)).state;
  }

  follow(options: Partial<FollowAllOptions> = {}, names: readonly string[] = [JOB]): Following {
    const [lines, told]: [string[], string[]] = [[], []];
    const states = followJobs(this.cluster, names, {
      print: (line) => lines.push(line),
      tell: (text) => told.push(text),
      onEnd: () => undefined,
      startTimeout: 60_000,
      pace: FAST,
      ...options,
    });
    // A test may look at other things before it awaits an error.
    states.catch(() => undefined);
    return { lines, told, states };
  }

  /** Submits a Job and follows it to its end. */
  async run(settings: Partial<JobSettings> = {}, options: Partial<FollowAllOptions> = {}): Promise<Ended> {
    await this.submit(settings);
    const { states, ...said } = this.follow(options);
    const [state] = await states;
    return { ...said, state: state! };
  }
}

/**
 * Makes this process believe that it received a signal. The timers that end a process which does not stop in time are not
 * started, since they would end the test runner.
 */
export function interrupt(signal: 'SIGINT' | 'SIGTERM'): void {
  const timers = jest.spyOn(globalThis, 'setTimeout').mockReturnValue(setTimeout(() => undefined, 0));
  process.emit(signal, signal);
  timers.mockRestore();
}

export interface Ended extends Omit<Following, 'states'> {
  state: JobState;
}
