import {
  confirm,
  describeNeed,
  installCommand,
  installedTables,
  type InstalledTask,
  type InstallOffer,
  loadTasks,
  MissingPluginError,
} from '@tracebloc/ingestor-cli';
import type { Config } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import { loadHost } from '../../plugins/host.js';
import { makeError } from '../../errors.js';
import type { installPlugin } from './install.js';

/** Installing is loaded only when something is installed, since that takes a while. */
const loadAndInstall: typeof installPlugin = async (...args) => (await import('./install.js')).installPlugin(...args);

/**
 * Runs `work` with the installed tasks. If `work` throws a `MissingPluginError`, which it must do before anything else,
 * and the user wants the plugin, installs it and runs `work` again; otherwise passes the error on.
 */
export async function withTasks<T>(
  config: Config,
  offer: InstallOffer,
  work: (tasks: readonly InstalledTask[]) => Promise<T>,
  install = loadAndInstall,
): Promise<T> {
  let tasks = await loadTasks(config);
  for (;;) {
    try {
      return await work(tasks);
    } catch (error) {
      if (!(error instanceof MissingPluginError)) throw error;
      if (!offer.installMissing && !(await confirm(`${error.message} Install it now?`))) throw error;
      tasks = await installFor(error, config, offer.tell, install);
    }
  }
}

async function installFor(
  { need, plugin }: MissingPluginError,
  config: Config,
  tell: InstallOffer['tell'],
  install: typeof installPlugin,
) {
  tell(printableLine(`Installing ${plugin} for ${describeNeed(need)} …`));
  const { version } = await install(config, plugin);
  tell(printableLine(`Installed ${plugin} ${version}.`));
  const tasks = await loadTasks(await loadHost(config.root));
  const isThere =
    need.kind === 'task'
      ? tasks.some(({ task }) => task.id === need.id)
      : installedTables().some(({ table }) => table.name === need.name);
  if (isThere) return tasks;
  throw makeError('task-missing', {
    message: `${plugin} ${version} does not bring ${describeNeed(need)}.`,
    fix: `Install a version that brings it: ${installCommand(plugin)}@<version>`,
  });
}
