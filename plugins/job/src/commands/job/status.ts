import { Args } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import { BaseCommand } from '@tracebloc/ingestor-cli';
import { renderJob, renderJobs } from '../../output/job.js';
import { openCluster } from '../../services/cluster.js';
import { clusterFlags } from '../../flags.js';
import { observe, observeJob, type JobState } from '../../services/state.js';

export default class JobStatus extends BaseCommand {
  static override summary = 'Show the state of a Job and why it does not start, or list all Jobs of a namespace.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> ingest-churn-train',
  ];
  static override args = { name: Args.string({ description: "The Job's name; default: all." }) };
  static override flags = { ...clusterFlags };

  async run(): Promise<JobState | JobState[]> {
    const { args, flags } = await this.parse(JobStatus);
    const cluster = await openCluster(flags, (warning) => this.tell(`Warning: ${printableLine(warning)}`));
    if (args.name !== undefined) {
      const { state } = await observeJob(cluster, args.name);
      this.log(renderJob(state));
      return state;
    }
    const jobs = await cluster.listJobs();
    const states = await Promise.all(jobs.map(async (job) => (await observe(cluster, job)).state));
    this.log(
      states.length > 0 ? renderJobs(states) : `No Jobs of ingestor in namespace ${printableLine(cluster.namespace)}.`,
    );
    return states;
  }
}
