import { Flags } from '@oclif/core';
import { printable, printableLine } from '@tracebloc/ingestor-core';
import { BaseCommand } from '@tracebloc/ingestor-cli';
import { renderEnd } from '../../output/job.js';
import { openCluster } from '../../services/cluster.js';
import { clusterFlags, jobFlags, jobSettings, readDuration, startFlags } from '../../flags.js';
import { planJobs } from '../../services/plan.js';
import { observeJob, type JobState } from '../../services/state.js';
import { followUpCommands, followJobs } from '../../services/follow.js';
import { claimWarnings, submitJobs } from '../../services/submit.js';

export default class JobSubmit extends BaseCommand {
  static override summary = 'Run ingest in the cluster, as a Kubernetes Job, and follow its log.';
  static override description = `Creates a ConfigMap with the ingest.yaml, the Job, and a Secret only with --create-secret-from-env. The data must be on the shared volume already. A name that is in use is refused.

Ctrl-C stops following, and the Job goes on. The exit code is that of the run, as of ingest; with two runs or shards, that of the first that failed.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> --config ingest.yaml --image registry.example.com/ingestor:0.1.0',
    '<%= config.bin %> <%= command.id %> --config train.yaml --config test.yaml --namespace team-a',
    '<%= config.bin %> <%= command.id %> --config ingest.yaml --shards 8 --claim shared-rwx',
    '<%= config.bin %> <%= command.id %> --config ingest.yaml --create-secret-from-env --env CLIENT_ENV=stg --no-follow',
  ];
  static override flags = {
    ...jobFlags,
    ...clusterFlags,
    ...startFlags,
    follow: Flags.boolean({ description: 'Follow the log to the end of the run.', default: true, allowNo: true }),
  };

  async run(): Promise<JobState[]> {
    const { flags } = await this.parse(JobSubmit);
    const startTimeout = readDuration(flags['start-timeout'], '--start-timeout');
    const plans = await this.withTasks(false, (installed) =>
      planJobs(
        flags,
        jobSettings(flags),
        installed.map(({ task }) => task),
      ),
    );
    for (const { warnings } of plans) for (const warning of warnings) this.tell(`Warning: ${printableLine(warning)}`);
    const tell = (text: string) => this.tell(text);
    const cluster = await openCluster(flags, (warning) => tell(`Warning: ${printableLine(warning)}`));
    for (const warning of await claimWarnings(cluster, plans)) tell(`Warning: ${printableLine(warning)}`);
    await submitJobs(cluster, plans);
    this.acted();
    const names = plans.map(({ name }) => name);
    for (const name of names) tell(printableLine(`Job ${name} is submitted to namespace ${cluster.namespace}.`));
    if (flags.follow) {
      const print = (line: string) => (this.jsonEnabled() ? this.tell(printable(line)) : this.log(printable(line)));
      return followJobs(cluster, names, { print, tell, startTimeout, onEnd: (state) => tell(renderEnd(state)) });
    }
    for (const line of followUpCommands(names, cluster)) tell(printableLine(line));
    return Promise.all(names.map(async (name) => (await observeJob(cluster, name)).state));
  }
}
