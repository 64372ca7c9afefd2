import type { ErrorCode } from '@tracebloc/ingestor-core';
import { cell, table } from './markdown.ts';

/** Where each package's catalogue of errors is: the module that exports it and its name there. */
const CATALOGUES: readonly { title: string; module: string; name: string }[] = [
  { title: 'Every package', module: '@tracebloc/ingestor-core', name: 'CORE_ERRORS' },
  { title: 'Configuration', module: '@tracebloc/ingestor-config', name: 'CONFIG_ERRORS' },
  { title: 'Reading a dataset', module: '@tracebloc/ingestor-dataset', name: 'DATASET_ERRORS' },
  { title: 'Database and volume', module: '@tracebloc/ingestor-storage', name: 'STORAGE_ERRORS' },
  { title: 'Backend', module: '@tracebloc/ingestor-api', name: 'API_ERRORS' },
  { title: 'Runs', module: '@tracebloc/ingestor-pipeline', name: 'PIPELINE_ERRORS' },
  { title: 'Command line', module: '@tracebloc/ingestor-cli', name: 'CLI_ERRORS' },
  { title: 'Commands of ingestor', module: '../../apps/ingestor/dist/errors.js', name: 'HOST_ERRORS' },
  { title: 'ingestor job', module: '@tracebloc/ingestor-plugin-job', name: 'JOB_ERRORS' },
];

/** Returns the page of all error codes. Throws when a catalogue is missing. */
export async function errorsPage(): Promise<string> {
  const sections: string[] = [];
  for (const { title, module, name } of CATALOGUES) {
    sections.push(`## ${title}\n\n${errorsTable(await readCatalogue(module, name))}`);
  }
  return [
    '# Errors',
    'For whoever runs the ingestor or a script around it: the codes of the errors that end a command. They are stable.',
    'With `--json`, `error.code` contains the code. The message says what happened, and what to do.',
    ...sections,
  ].join('\n\n');
}

function errorsTable(errors: readonly ErrorCode[]): string {
  const rows = [...errors]
    .sort((a, b) => a.code.localeCompare(b.code))
    .map(({ code, exitCode, meaning }) => [`\`${code}\``, `${exitCode}`, cell(meaning)]);
  return table(['code', 'exit code', 'reported when'], rows);
}

/** Returns the errors of a catalogue. Throws when the module does not export one, so that no package is left out. */
export async function readCatalogue(module: string, name: string): Promise<readonly ErrorCode[]> {
  const exported = ((await import(module)) as Record<string, unknown>)[name];
  // Packages export the catalogue itself or its list.
  const list = Array.isArray(exported) ? exported : (exported as { list?: unknown } | undefined)?.list;
  if (!Array.isArray(list) || list.length === 0) throw new Error(`${module} does not export the errors ${name}.`);
  return list as ErrorCode[];
}
