import type { Config } from '@oclif/core';
import { CONTRACT_VERSION, TASKS_HOOK } from '@tracebloc/ingestor-contract';
import type { IngestorError } from '@tracebloc/ingestor-core';
import type { FormatPlugin, TaskType } from '@tracebloc/ingestor-contract';
import { findFormats, type FormatPackage } from './find-formats.js';
import { BUILT_IN_TABLES, type InstalledTable, setInstalledTables } from './tables.js';
import { UserPlugins } from './user-plugins.js';
import { errors } from '../errors.js';

export interface InstalledTask {
  task: TaskType;
  format: string;
  /** The package that brings it. */
  plugin: string;
  version: string;
}

/** Why a plugin cannot be used. */
export interface PluginProblem {
  /** The packages at fault: two if both bring the same task or table format. */
  plugins: string[];
  message: string;
}

/** Asks every plugin for its tasks, and for the tables of `installedTables`. Throws one error that names every package at fault. */
export async function loadTasks(config: Config): Promise<InstalledTask[]> {
  const { tasks, problems } = await readTasks(config);
  if (problems.length > 0) throw pluginFault('Not every plugin could be loaded:', problems);
  return tasks;
}

/** Returns the tasks of the plugins that can be used, and what is wrong with the others. */
export async function readTasks(config: Config): Promise<{ tasks: InstalledTask[]; problems: PluginProblem[] }> {
  const { successes, failures } = await config.runHook(TASKS_HOOK, {}, undefined, true);
  const problems: PluginProblem[] = [];
  const report = (message: string, ...plugins: string[]) => void problems.push({ plugins, message });
  const installed = new Map<string, InstalledTask>();
  const tables = new Map<string, InstalledTable>();

  for (const { name, root } of await unloadedPlugins(config)) {
    report(`${name} failed to load: ${root} holds no plugin that can be loaded.`, name);
  }
  for (const { plugin, error } of failures) report(`${plugin.name} failed to load: ${error.message}`, plugin.name);
  for (const { plugin, result: format } of successes.sort((a, b) => a.plugin.name.localeCompare(b.plugin.name))) {
    const { name, version } = plugin;
    if (!isFormatPlugin(format)) {
      report(`${name} returned no tasks from its ${TASKS_HOOK} hook.`, name);
    } else if (format.contract !== CONTRACT_VERSION) {
      report(
        `${name} ${version} was built for plugin contract ${format.contract}; this ingestor has ${CONTRACT_VERSION}.`,
        name,
      );
    } else {
      for (const task of format.tasks ?? []) {
        const other = installed.get(task.id);
        if (other) report(`${name} and ${other.plugin} both bring the task ${task.id}.`, name, other.plugin);
        else installed.set(task.id, { task, format: format.format, plugin: name, version });
      }
      for (const table of format.tables ?? []) {
        const other = tables.get(table.name)?.plugin;
        if (other !== undefined) report(`${name} and ${other} both bring the table format ${table.name}.`, name, other);
        else if (BUILT_IN_TABLES.includes(table.name)) {
          report(`${name} brings the table format ${table.name}, which this ingestor has itself.`, name);
        } else tables.set(table.name, { table, format: format.format, plugin: name, version });
      }
    }
  }
  setInstalledTables([...tables.values()]);
  return { tasks: [...installed.values()].sort((a, b) => a.task.id.localeCompare(b.task.id)), problems };
}

export function pluginFault(summary: string, problems: readonly PluginProblem[]): IngestorError {
  return errors.make('plugin-fault', {
    message: [summary, ...problems.map(({ message }) => `  ${message}`).sort()].join('\n'),
    fix: [
      'Install a version that fits this ingestor: ingestor plugins install <name>@<version>',
      'Or remove it: ingestor plugins uninstall <name>, or npm uninstall <name> if npm installed it.',
    ],
  });
}

/** Returns the plugins that are installed but that oclif could not load. */
async function unloadedPlugins(config: Config): Promise<FormatPackage[]> {
  const userPlugins = new UserPlugins(config.dataDir);
  const recorded = (await userPlugins.list()).map((plugin) => ({ name: plugin.name, root: userPlugins.root(plugin) }));
  const installed = [...recorded, ...findFormats(config.root)];
  return installed.filter(({ name }) => !config.plugins.has(name));
}

function isFormatPlugin(value: unknown): value is FormatPlugin {
  if (typeof value !== 'object' || value === null) return false;
  const { tasks, tables } = value as FormatPlugin;
  return Array.isArray(tasks) || Array.isArray(tables);
}
