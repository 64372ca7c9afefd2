import { Args, Flags } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import { BaseCommand } from '@tracebloc/ingestor-cli';
import { openCluster } from '../../services/cluster.js';
import { confirmedDelete, type DeletedJob } from '../../services/delete.js';
import { clusterFlags } from '../../flags.js';

export default class JobDelete extends BaseCommand {
  static override summary = 'Delete a Job with its pods, its ConfigMap and the Secret that was created for it.';
  static override description =
    'Asks for confirmation on a terminal; elsewhere it needs --yes. A running ingest stops at the end of its batch, and the same configuration submitted again continues there. The dataset stays.';
  static override examples = ['<%= config.bin %> <%= command.id %> ingest-churn-train --yes'];
  static override args = { name: Args.string({ description: "The Job's name.", required: true }) };
  static override flags = {
    ...clusterFlags,
    yes: Flags.boolean({ char: 'y', description: 'Do not ask.' }),
  };

  async run(): Promise<DeletedJob> {
    const { args, flags } = await this.parse(JobDelete);
    const cluster = await openCluster(flags, (warning) => this.tell(`Warning: ${printableLine(warning)}`));
    const deleted = await confirmedDelete(cluster, args.name, flags.yes);
    this.acted();
    this.log(`Deleted ${printableLine(`${deleted.objects.join(', ')} in namespace ${deleted.namespace}`)}.`);
    return deleted;
  }
}
