import type { IngestorError } from '@tracebloc/ingestor-core';
import type { JsonObject, JsonSchema, Layout } from '@tracebloc/ingestor-contract';
import { type InstalledTask, missingPlugin } from '@tracebloc/ingestor-cli';
import { makeError } from '../errors.js';

/** An option of a task: a field of ingest.yaml, or one below `spec.file_options`. */
export interface OptionDescription {
  field: string;
  required: boolean;
  description: string;
  default?: unknown;
}

/** The description of a task for people and scripts. */
export interface TaskDescription {
  id: string;
  title: string;
  summary: string;
  format: string;
  plugin: string;
  version: string;
  label: 'required' | 'required, with its policy' | 'optional' | 'forbidden';
  schema: 'required' | 'optional';
  options: OptionDescription[];
  layout: Layout;
}

/** Describes all installed tasks, or the named one. Throws if that one is not installed. */
export function describeTasks(installed: readonly InstalledTask[], id?: string): TaskDescription[] {
  const chosen = id === undefined ? installed : installed.filter(({ task }) => task.id === id);
  if (id !== undefined && chosen.length === 0) throw notInstalled(id, installed);
  return chosen.map(({ task, format, plugin, version }) => ({
    id: task.id,
    title: task.title,
    summary: task.summary,
    format,
    plugin,
    version,
    label: task.label.use === 'required' && task.label.statePolicy ? 'required, with its policy' : task.label.use,
    schema: task.schema,
    options: [...optionsOf(task.fields, ''), ...optionsOf(task.fileOptions, 'spec.file_options.')],
    layout: task.layout,
  }));
}

export function notInstalled(id: string, installed: readonly InstalledTask[]): IngestorError {
  return (
    missingPlugin(id) ??
    makeError('unknown-task', {
      message: `The task ${id} is not installed, and no known plugin has it.`,
      fix: [
        `Installed are: ${installed.map(({ task }) => task.id).join(', ') || 'none'}.`,
        'A plugin of another name: ingestor plugins install <package or tarball>',
      ],
    })
  );
}

function optionsOf(schema: JsonSchema, prefix: string): OptionDescription[] {
  const required = (schema.required ?? []) as string[];
  return Object.entries((schema.properties ?? {}) as Record<string, JsonObject>).map(([field, property]) => ({
    field: prefix + field,
    required: required.includes(field),
    description: typeof property.description === 'string' ? property.description : '',
    ...('default' in property ? { default: property.default } : {}),
  }));
}
