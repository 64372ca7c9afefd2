import { Args, Flags } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import { BaseCommand } from '@tracebloc/ingestor-cli';
import { renderInstalled, renderScriptsNotRun } from '../../output/plugins.js';
import { installPlugin, type InstalledPlugin } from '../../services/plugins/install.js';

/** Replaces the command of oclif with this name, which says less about what went wrong. */
export default class PluginsInstall extends BaseCommand {
  static override aliases = ['plugins:add'];
  static override summary = 'Install a format plugin for this user.';
  static override description = `Takes a friendly name (text means @tracebloc/ingestor-plugin-text), the name of a package, or the path or address of a tarball. A name may be followed by @version. To use a plugin from a folder, run plugins link.

npm installs into $XDG_DATA_HOME/ingestor, from the registry in .npmrc or npm_config_registry.`;
  static override examples = [
    '<%= config.bin %> <%= command.id %> text',
    '<%= config.bin %> <%= command.id %> @acme/ingestor-plugin-x@1.2.0',
    '<%= config.bin %> <%= command.id %> ./ingestor-plugin-x-1.2.0.tgz',
  ];
  static override args = {
    plugin: Args.string({ description: 'A friendly name, a package or a tarball.', required: true }),
  };

  static override flags = {
    'allow-scripts': Flags.string({
      description:
        'Run the install scripts of this package. Without the flag no scripts run. The flag may be given more than once.',
      helpValue: '<package>',
      multiple: true,
      multipleNonGreedy: true,
    }),
  };

  async run(): Promise<InstalledPlugin> {
    const { args, flags } = await this.parse(PluginsInstall);
    this.tell(`Installing ${printableLine(args.plugin)} …`);
    const installed = await installPlugin(this.config, args.plugin, flags['allow-scripts']);
    this.acted();
    this.log(renderInstalled(installed));
    const notice = renderScriptsNotRun(installed);
    if (notice !== undefined) this.tell(notice);
    return installed;
  }
}
