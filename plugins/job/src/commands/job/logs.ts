import { Args, Flags } from '@oclif/core';
import { printable, printableLine } from '@tracebloc/ingestor-core';
import { BaseCommand } from '@tracebloc/ingestor-cli';
import { openCluster } from '../../services/cluster.js';
import { clusterFlags, readDuration, startFlags } from '../../services/flags.js';
import { printLogs } from '../../services/logs.js';
import { stayWithJobs } from '../../services/stay.js';

export default class JobLogs extends BaseCommand {
  static override enableJsonFlag = false;
  static override summary = "Print the log of a Job's run.";
  static override description =
    'That of its newest pod; of shards, that of each, the line begun with its number. With --follow it stays to the end of the run, over all pods, and exits with its code; Ctrl-C stops following.';
  static override examples = ['<%= config.bin %> <%= command.id %> ingest-churn-train --follow'];
  static override args = { name: Args.string({ description: "The Job's name.", required: true }) };
  static override flags = {
    ...clusterFlags,
    ...startFlags,
    follow: Flags.boolean({ char: 'f', description: 'Stay to the end of the run.' }),
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
    await stayWithJobs(cluster, [args.name], { print, tell, startTimeout });
  }
}
