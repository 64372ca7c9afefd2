import { IngestorError } from '@tracebloc/ingestor-core';
import { installCommand, packageOfTask } from './known-formats.js';
import { errors } from '../errors.js';

/** The plugin of the named task is known and not installed. */
export class MissingPluginError extends IngestorError {
  constructor(
    readonly taskId: string,
    /** The package that brings the task. */
    readonly plugin: string,
    cause?: unknown,
  ) {
    super(
      errors.options('plugin-missing', {
        message: `The task ${taskId} comes with the plugin ${plugin}, which is not installed.`,
        fix: [
          `Install it, then run this again: ${installCommand(plugin)}`,
          'Or let ingest and validate do so: --install-missing',
        ],
        cause,
      }),
    );
    this.name = 'MissingPluginError';
  }
}

/** Returns the error that names the plugin of a task, or `undefined` if no known plugin has the task. */
export function missingPlugin(taskId: string, cause?: unknown): MissingPluginError | undefined {
  const plugin = packageOfTask(taskId);
  return plugin === undefined ? undefined : new MissingPluginError(taskId, plugin, cause);
}
