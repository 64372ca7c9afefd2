import { Args, Flags } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import { BaseCommand } from '@tracebloc/ingestor-cli';
import { renderEnd } from '../../output/job.js';
import { openCluster } from '../../services/cluster.js';
import { clusterFlags, readDuration, startFlags } from '../../flags.js';
import type { JobState } from '../../services/state.js';
import { followJobs } from '../../services/follow.js';

export default class JobWait extends BaseCommand {
  static override summary = 'Wait until a Job has ended.';
  static override description = 'The exit code is that of the run, as of ingest; 1 when --timeout is over first.';
  static override examples = ['<%= config.bin %> <%= command.id %> ingest-churn-train --timeout 2h'];
  static override args = { name: Args.string({ description: "The Job's name.", required: true }) };
  static override flags = {
    ...clusterFlags,
    ...startFlags,
    timeout: Flags.string({ description: 'How long to wait; default: until the end.', helpValue: '<time>' }),
  };

  async run(): Promise<JobState> {
    const { args, flags } = await this.parse(JobWait);
    const startTimeout = readDuration(flags['start-timeout'], '--start-timeout');
    const timeout = flags.timeout === undefined ? undefined : readDuration(flags.timeout, '--timeout');
    const tell = (text: string) => this.tell(text);
    const cluster = await openCluster(flags, (warning) => tell(`Warning: ${printableLine(warning)}`));
    // The exit code is the run's.
    this.acted();
    const [state] = await followJobs(cluster, [args.name], {
      tell,
      startTimeout,
      timeout,
      onEnd: (state) => tell(renderEnd(state)),
    });
    return state!;
  }
}
