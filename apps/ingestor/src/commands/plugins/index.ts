import { BaseCommand } from '@tracebloc/ingestor-cli';
import { renderPlugins } from '../../output/plugins.js';
import { listPlugins, type PluginList } from '../../services/plugins/list.js';

/** Replaces the command of oclif with this name, which does not list what came with the ingestor. */
export default class Plugins extends BaseCommand {
  static override aliases = ['plugins:list'];
  static override summary =
    'List the installed plugins with their tasks and commands, and those that can be installed.';
  static override description =
    'A bundled plugin was installed beside the ingestor. An installed or linked one is that of this user. A plugin that cannot be used is listed with the reason.';
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json'];

  async run(): Promise<PluginList> {
    await this.parse(Plugins);
    const list = await listPlugins(this.config);
    this.log(renderPlugins(list));
    return list;
  }
}
