import { Args } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-contract';
import { BaseCommand } from '../../base-command.js';
import { installPlugin, type InstalledPlugin } from '../../services/install-plugin.js';

/** Takes the place of oclif's command of this name, which tells less of what went wrong. */
export default class PluginsInstall extends BaseCommand {
  static override aliases = ['plugins:add'];
  static override summary = 'Install a format plugin for this user.';
  static override description = `Takes a friendly name (text is @tracebloc/ingestor-plugin-text), a package's name, either with @version, or a tarball's path or address. A plugin in a folder is used from there with plugins link.

npm installs from the registry that .npmrc or npm_config_registry name, into $XDG_DATA_HOME/ingestor.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> text',
    '<%= config.bin %> <%= command.id %> @acme/ingestor-plugin-x@1.2.0',
    '<%= config.bin %> <%= command.id %> ./ingestor-plugin-x-1.2.0.tgz',
  ];
  static override args = {
    plugin: Args.string({ description: 'A friendly name, a package or a tarball.', required: true }),
  };

  async run(): Promise<InstalledPlugin> {
    const { args } = await this.parse(PluginsInstall);
    this.tell(`Installing ${printableLine(args.plugin)} …`);
    const installed = await installPlugin(this.config, args.plugin);
    const { name, version, tasks } = installed;
    this.acted();
    this.log(printableLine(`Installed ${name} ${version}: ${tasks.join(', ') || 'no tasks'}`));
    return installed;
  }
}
