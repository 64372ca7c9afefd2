import type { ResolvedValue } from '@tracebloc/ingestor-config';
import { printableLine } from '@tracebloc/ingestor-core';
import { BaseCommand, renderTable, resolve } from '@tracebloc/ingestor-cli';
import { configArg, configFlagsOfOne, datasetFlags, environmentFlags } from '../../flags.js';

export default class ConfigShow extends BaseCommand {
  static override summary = 'Show the resolved configuration and where each value came from.';
  static override description =
    'Secrets are masked. Takes the same flags as ingest. Paths that this machine does not have are marked, so that the configuration of a cluster can be looked at elsewhere.';
  static override examples = ['<%= config.bin %> <%= command.id %> ingest.yaml'];
  static override args = configArg;
  static override flags = { ...datasetFlags, ...environmentFlags };

  async run(): Promise<{ values: readonly ResolvedValue[]; warnings: readonly string[] }> {
    const { args, flags } = await this.parse(ConfigShow);
    const { config, values } = await this.withTasks(false, (installed) =>
      resolve({ tasks: installed.map(({ task }) => task), purpose: 'show', flags: configFlagsOfOne(flags, args) }),
    );
    const rows = values.map(({ field, value, origin, note }) => [field, note ? `${value} (${note})` : value, origin]);
    this.log(renderTable(['FIELD', 'VALUE', 'FROM'], rows));
    for (const warning of config.warnings) this.tell(`Warning: ${printableLine(warning)}`);
    return { values, warnings: config.warnings };
  }
}
