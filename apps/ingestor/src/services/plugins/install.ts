import { readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '@oclif/core';
import { loadHost } from '../../plugins/host.js';
import {
  isPluginManifest,
  pluginFault,
  type PluginManifest,
  type PluginProblem,
  installedTables,
  readTasks,
  UserPlugins,
} from '@tracebloc/ingestor-cli';
import { notWritable } from './npm-failure.js';
import { InstalledBefore } from './before.js';
import { npm, type NpmCall } from './npm.js';
import { checkInstalled, packagesWithScripts } from './scripts.js';
import { pluginSource, type PluginSource } from './source.js';

export interface InstalledPlugin {
  name: string;
  version: string;
  tasks: string[];
  /** The names of its table formats. Absent if it has none. */
  tables?: string[];
  /** The packages whose install scripts were not run. Absent if no package has any. */
  scriptsNotRun?: string[];
}

/**
 * Installs a plugin for this user, into oclif's data folder, from a friendly name, the name of a package or a tarball.
 * Throws an `IngestorError` if that fails. A plugin that this ingestor cannot use is removed again, and the version that
 * was installed before is restored. Only the install scripts of the packages in `allowScripts` run, and only after the
 * package was found to be a plugin.
 */
export async function installPlugin(
  config: Config,
  wanted: string,
  allowScripts: readonly string[] = [],
): Promise<InstalledPlugin> {
  const source = await pluginSource(wanted, process.cwd());
  const userPlugins = new UserPlugins(config.dataDir);
  await userPlugins.prepare().catch((error: unknown) => {
    throw notWritable(userPlugins.folder, (error as Error).message, error);
  });
  // npm records wrong paths if a link leads to the folder.
  const folder = await realpath(userPlugins.folder);
  const call = { folder, registry: config.npmRegistry };
  const known = await userPlugins.list();
  // The name of the package in a tarball is not known yet.
  const before = known.length > 0 ? await copyOf(folder) : undefined;
  try {
    await npm(['install', source.request], call);
    const name = nameOf(source, await userPlugins.dependencies(), folder);
    await userPlugins.add({
      name,
      type: 'user',
      ...('url' in source.record ? source.record : { tag: source.record.tag }),
    });
    try {
      return await usable(config, name, allowScripts, call);
    } catch (error) {
      const version = await versionOf(join(folder, 'node_modules', name));
      const previous = known.find((plugin) => plugin.name === name);
      if (previous) await before!.restore();
      else {
        await userPlugins.remove(name);
        await npm(['uninstall', name], call);
      }
      if (!(error instanceof UnusableError)) throw error;
      if (!previous) throw pluginFault(`${name} cannot be used and was removed again:`, error.problems);
      const old = await versionOf(userPlugins.root(previous)).catch(() => 'the version');
      throw pluginFault(
        `${name} ${version} cannot be used; ${old}, which was installed before, is restored:`,
        error.problems,
      );
    }
  } finally {
    await before?.discard();
  }
}

function copyOf(folder: string): Promise<InstalledBefore> {
  return InstalledBefore.copy(folder).catch((error: unknown) => {
    throw notWritable(folder, (error as Error).message, error);
  });
}

/** The package that was just installed cannot be used. */
class UnusableError extends Error {
  constructor(readonly problems: readonly PluginProblem[]) {
    super();
  }
}

/** Runs the scripts that are allowed and loads the plugin. Throws an `UnusableError` if the plugin cannot be used. */
async function usable(
  config: Config,
  name: string,
  allowScripts: readonly string[],
  call: NpmCall,
): Promise<InstalledPlugin> {
  const { folder } = call;
  const root = join(folder, 'node_modules', name);
  if (allowScripts.length > 0) {
    if (!(await isPlugin(root))) throw new UnusableError([noPlugin(name)]);
    await checkInstalled(folder, allowScripts);
    await npm(['rebuild', ...allowScripts], { ...call, withScripts: true });
  }
  const brought = await broughtBy(config, name);
  const scriptsNotRun = (await packagesWithScripts(folder)).filter((found) => !allowScripts.includes(found));
  return { name, version: await versionOf(root), ...brought, ...(scriptsNotRun.length > 0 && { scriptsNotRun }) };
}

/** Loads the plugin as a run does. Throws an `UnusableError` if the plugin cannot be used. */
async function broughtBy(config: Config, name: string): Promise<Pick<InstalledPlugin, 'tasks' | 'tables'>> {
  const host = await loadHost(config.root);
  const { tasks, problems } = await readTasks(host);
  const own = host.plugins.get(name)?.valid
    ? problems.filter(({ plugins }) => plugins.includes(name))
    : [noPlugin(name)];
  if (own.length > 0) throw new UnusableError(own);
  const tables = installedTables().filter(({ plugin }) => plugin === name);
  return {
    tasks: tasks.filter(({ plugin }) => plugin === name).map(({ task }) => task.id),
    ...(tables.length > 0 && { tables: tables.map(({ table }) => table.name) }),
  };
}

/** Decides by the package.json alone, so that no code of the package runs. */
async function isPlugin(root: string): Promise<boolean> {
  return isPluginManifest(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as PluginManifest);
}

/** Returns the name of the package that was installed. For a tarball, npm has just read it. */
function nameOf({ request, record }: PluginSource, dependencies: Record<string, string>, folder: string): string {
  if ('name' in record) return record.name;
  // npm keeps a file's path relative to the folder.
  const absolute = (origin: string) =>
    origin.startsWith('file:') ? `file:${resolve(folder, origin.slice(5))}` : origin;
  const found = Object.entries(dependencies).find(([, origin]) => absolute(origin) === request);
  return found![0];
}

function noPlugin(name: string): PluginProblem {
  return { plugins: [name], message: `${name} is not a plugin: its package.json has no section oclif.` };
}

/** Reads the version from the file, since oclif remembers an earlier one. */
async function versionOf(root: string): Promise<string> {
  return (JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}
