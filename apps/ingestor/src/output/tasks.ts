import { ux } from '@oclif/core';
import { printableLine } from '@tracebloc/ingestor-core';
import type { TaskDescription } from '../services/tasks.js';

export function renderTasks(tasks: readonly TaskDescription[]): string {
  if (tasks.length === 0) return 'No task is installed. Install a format: ingestor plugins install tabular';
  return [...tasks.map(renderTask), 'The fields that every task has: `ingestor config schema`'].join('\n\n');
}

export function renderTask(task: TaskDescription): string {
  const lines = [
    `${ux.colorize('bold', printableLine(task.id))}  ${printableLine(task.title)}`,
    ...[
      `  ${task.summary}`,
      `  plugin    ${task.plugin} ${task.version}`,
      `  manifest  ${task.layout.manifest.join(' or ')}: ${task.layout.description}`,
      ...task.layout.sidecars.map(
        ({ field, extensions, required, description }) =>
          `  folder    ${field}/ (${extensions.join(', ')}${required ? '' : '; optional'}): ${description}`,
      ),
      `  label     ${task.label}`,
      `  schema    ${task.schema}`,
      ...task.options.map(
        ({ field, required, description, default: value }) =>
          `  option    ${field}${required ? ' (required)' : ''}: ${description}${value === undefined ? '' : ` Default ${JSON.stringify(value)}.`}`,
      ),
    ].map(printableLine),
  ];
  return lines.join('\n');
}
