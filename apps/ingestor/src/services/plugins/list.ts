import type { Config } from '@oclif/core';
import {
  findFormats,
  friendlyName,
  installCommand,
  installedTables,
  KNOWN_FORMATS,
  type PluginProblem,
  readTasks,
  UserPlugins,
} from '@tracebloc/ingestor-cli';

export interface ListedPlugin {
  name: string;
  /** What `plugins install` and `plugins uninstall` call it: `text`, or the name of the package. */
  friendlyName: string;
  /** Is absent if the plugin could not be loaded. */
  version?: string;
  /** `bundled`: beside the ingestor; `installed` or `linked`: by this user. */
  origin: 'bundled' | 'installed' | 'linked';
  root: string;
  tasks: string[];
  /** The fields of `ingest.yaml` that name files of its table formats. */
  tables: string[];
  /** The first words of its commands. */
  commands: string[];
  /** Why the plugin cannot be used. */
  problem?: string;
}

export interface AvailablePlugin {
  name: string;
  friendlyName: string;
  tasks: string[];
  tables: string[];
  commands: string[];
  /** The command that installs it. */
  install: string;
}

export interface PluginList {
  installed: ListedPlugin[];
  /** The published plugins that are not installed. */
  available: AvailablePlugin[];
}

/** Lists the plugins with tasks or commands. One that cannot be used is listed with the reason. */
export async function listPlugins(config: Config): Promise<PluginList> {
  const userPlugins = new UserPlugins(config.dataDir);
  const { tasks, problems } = await readTasks(config);
  const found = new Map<string, Pick<ListedPlugin, 'origin' | 'root'>>();
  for (const { name, root } of findFormats(config.root)) found.set(name, { origin: 'bundled', root });
  // What this user has installed or linked wins.
  for (const plugin of await userPlugins.list()) {
    const origin = plugin.type === 'link' ? 'linked' : 'installed';
    found.set(plugin.name, { origin, root: userPlugins.root(plugin) });
  }
  const installed = [...found].map(([name, where]) => ({
    name,
    friendlyName: friendlyName(name),
    version: config.plugins.get(name)?.version,
    ...where,
    tasks: tasks.filter(({ plugin }) => plugin === name).map(({ task }) => task.id),
    tables: installedTables()
      .filter(({ plugin }) => plugin === name)
      .map(({ table }) => table.name),
    commands: commandsOf(config, name),
    ...problemOf(name, problems),
  }));
  installed.sort((a, b) => a.friendlyName.localeCompare(b.friendlyName));
  return { installed, available: availableBeside(config, new Set(found.keys())) };
}

function commandsOf(config: Config, name: string): string[] {
  const ids = config.plugins.get(name)?.commands.map(({ id }) => id) ?? [];
  return [...new Set(ids.map((id) => id.split(':')[0]!))];
}

function problemOf(name: string, problems: readonly PluginProblem[]): { problem?: string } {
  const own = problems.filter(({ plugins }) => plugins.includes(name)).map(({ message }) => message);
  return own.length > 0 ? { problem: own.join(' ') } : {};
}

function availableBeside({ pjson }: Config, installed: ReadonlySet<string>): AvailablePlugin[] {
  const formats = KNOWN_FORMATS.map(({ package: name, tasks, tables = [] }) => ({
    name,
    tasks: [...tasks],
    tables: [...tables],
    commands: [] as string[],
  }));
  // The topic of a plugin with commands has the plugin's friendly name.
  const withCommands = Object.keys(pjson.oclif.jitPlugins ?? {}).map((name) => {
    return { name, tasks: [] as string[], tables: [] as string[], commands: [friendlyName(name)] };
  });
  return [...formats, ...withCommands]
    .filter(({ name }) => !installed.has(name))
    .map((plugin) => ({ ...plugin, friendlyName: friendlyName(plugin.name), install: installCommand(plugin.name) }))
    .sort((a, b) => a.friendlyName.localeCompare(b.friendlyName));
}
