import { Args, Flags } from '@oclif/core';
import { printable, printableLine } from '@tracebloc/ingestor-core';
import { BaseCommand } from '@tracebloc/ingestor-cli';
import { renderEnd } from '../../output/job.js';
import { openCluster } from '../../services/cluster.js';
import { clusterFlags, readDuration, startFlags } from '../../flags.js';
import { printLogs } from '../../services/logs.js';
import { followJobs } from '../../services/follow.js';

export default class JobLogs extends BaseCommand {
  static override enableJsonFlag = false;
  static override summary = "Print the log of a Job's run.";
  static override description =
    'Prints the log of the newest pod; with shards, of the newest pod of each, every line with the number of the shard. With --follow, it follows all pods to the end of the run and exits with its code. Ctrl-C stops following.';
  static override examples = ['<%= config.bin %> <%= command.id %> ingest-churn-train --follow'];
  static override args = { name: Args.string({ description: "The Job's name.", required: true }) };
  static override flags = {
    ...clusterFlags,
    ...startFlags,
    follow: Flags.boolean({ char: 'f', description: 'Follow the log to the end of the run.' }),
    tail: Flags.integer({
      description: 'Only the last lines, of each shard; not with --follow.',
      helpValue: '<n>',
      min: 0,
      exclusive: ['follow'],
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(JobLogs);
    const startTimeout = readDuration(flags['start-timeout'], '--start-timeout');
    const tell = (text: string) => this.tell(text);
    const print = (line: string) => this.log(printable(line));
    const cluster = await openCluster(flags, (warning) => tell(`Warning: ${printableLine(warning)}`));
    if (!flags.follow) return printLogs(cluster, args.name, { print, tail: flags.tail });
    // The exit code is the run's.
    this.acted();
    await followJobs(cluster, [args.name], { print, tell, startTimeout, onEnd: (state) => tell(renderEnd(state)) });
  }
}
