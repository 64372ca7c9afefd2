import type { Config } from '@oclif/core';
import { friendlyName } from '@tracebloc/ingestor-cli';

/**
 * Returns the just-in-time plugin, as `name@version`, whose commands the arguments ask for, or undefined when it is
 * installed or none is asked for. The topic of such a plugin has the plugin's friendly name: `job`.
 */
export function wantedPlugin(config: Config, argv: readonly string[]): string | undefined {
  const [topic] = argv[0] === 'help' ? argv.slice(1) : argv;
  const wanted = Object.entries(config.pjson.oclif.jitPlugins ?? {}).find(([name]) => friendlyName(name) === topic);
  if (!wanted || config.plugins.has(wanted[0])) return undefined;
  return wanted.join('@');
}
