import { IngestorError } from '@tracebloc/ingestor-core';
import { installCommand, packageOfTable, packageOfTask } from './known-formats.js';
import { errors } from '../errors.js';

/** What a configuration needs of a plugin. */
export type Need = { kind: 'task'; id: string } | { kind: 'table'; name: string };

/** Returns `the task text_classification` or `the table format parquet`. */
export const describeNeed = (need: Need): string =>
  need.kind === 'task' ? `the task ${need.id}` : `the table format ${need.name}`;

/** The plugin of the named task or table format is known and not installed. */
export class MissingPluginError extends IngestorError {
  constructor(
    readonly need: Need,
    /** The package that brings it. */
    readonly plugin: string,
    cause?: unknown,
  ) {
    const what = describeNeed(need);
    super(
      errors.options('plugin-missing', {
        message: `${what[0]!.toUpperCase()}${what.slice(1)} comes with the plugin ${plugin}, which is not installed.`,
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
  return plugin === undefined ? undefined : new MissingPluginError({ kind: 'task', id: taskId }, plugin, cause);
}

/** Returns the same for a table format. */
export function missingTable(name: string, cause?: unknown): MissingPluginError | undefined {
  const plugin = packageOfTable(name);
  return plugin === undefined ? undefined : new MissingPluginError({ kind: 'table', name }, plugin, cause);
}
