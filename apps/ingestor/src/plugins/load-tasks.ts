import type { Config } from '@oclif/core';
import { CONTRACT_VERSION, ExitCode, IngestorError, TASKS_HOOK } from '@tracebloc/ingestor-contract';
import type { FormatPlugin, TaskType } from '@tracebloc/ingestor-contract';

export interface InstalledTask {
  task: TaskType;
  format: string;
  /** The package that brings it. */
  plugin: string;
  version: string;
}

/** Asks every plugin for its tasks. Throws one error that names every package at fault. */
export async function loadTasks(config: Config): Promise<InstalledTask[]> {
  const { successes, failures } = await config.runHook(TASKS_HOOK, {}, undefined, true);
  const problems = failures.map(({ plugin, error }) => `${plugin.name} failed to load: ${error.message}`);
  const installed = new Map<string, InstalledTask>();

  for (const { plugin, result: format } of successes) {
    if (!isFormatPlugin(format)) {
      problems.push(`${plugin.name} returned no tasks from its ${TASKS_HOOK} hook.`);
      continue;
    }
    if (format.contract !== CONTRACT_VERSION) {
      problems.push(
        `${plugin.name} ${plugin.version} was built for plugin contract ${format.contract}; this ingestor has ${CONTRACT_VERSION}.`,
      );
      continue;
    }
    for (const task of format.tasks) {
      const other = installed.get(task.id);
      if (other) problems.push(`${plugin.name} and ${other.plugin} both bring the task ${task.id}.`);
      else installed.set(task.id, { task, format: format.format, plugin: plugin.name, version: plugin.version });
    }
  }
  if (problems.length > 0) {
    throw new IngestorError({
      code: 'plugin-fault',
      message: ['Not every plugin could be loaded:', ...problems.sort().map((problem) => `  ${problem}`)].join('\n'),
      fix: ['Update the package it names to a version that fits this ingestor, or uninstall it.'],
      exitCode: ExitCode.usage,
    });
  }
  return [...installed.values()].sort((a, b) => a.task.id.localeCompare(b.task.id));
}

function isFormatPlugin(value: unknown): value is FormatPlugin {
  return typeof value === 'object' && value !== null && Array.isArray((value as FormatPlugin).tasks);
}
