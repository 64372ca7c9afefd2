import {
  confirm,
  installCommand,
  type InstalledTask,
  type InstallOffer,
  loadTasks,
  MissingPluginError,
} from '@tracebloc/ingestor-cli';
import type { Config } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import { loadHost } from '../../plugins/host.js';
import { makeError } from '../../errors.js';

/**
 * Runs `work` with the installed tasks. Where that asks for a task whose plugin is missing, which it does before
 * anything else, the plugin is installed if that is wanted, and `work` runs again. Throws the `MissingPluginError` else.
 */
export async function withTasks<T>(
  config: Config,
  offer: InstallOffer,
  work: (tasks: readonly InstalledTask[]) => Promise<T>,
): Promise<T> {
  let tasks = await loadTasks(config);
  for (;;) {
    try {
      return await work(tasks);
    } catch (error) {
      if (!(error instanceof MissingPluginError)) throw error;
      if (!offer.installMissing && !(await confirm(`${error.message} Install it now?`))) throw error;
      tasks = await installFor(error, config, offer.tell);
    }
  }
}

async function installFor({ taskId, plugin }: MissingPluginError, config: Config, tell: InstallOffer['tell']) {
  const { installPlugin } = await import('./install.js');
  tell(printableLine(`Installing ${plugin} for the task ${taskId} …`));
  const { version } = await installPlugin(config, plugin);
  tell(printableLine(`Installed ${plugin} ${version}.`));
  const tasks = await loadTasks(await loadHost(config.root));
  if (tasks.some(({ task }) => task.id === taskId)) return tasks;
  throw makeError('task-missing', {
    message: `${plugin} ${version} does not bring the task ${taskId}.`,
    fix: `Install a version that does: ${installCommand(plugin)}@<version>`,
  });
}
