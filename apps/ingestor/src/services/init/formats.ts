import type { TableFormat } from '@tracebloc/ingestor-contract';
import { tableExtension } from '@tracebloc/ingestor-core';
import { installedTables, missingTable } from '@tracebloc/ingestor-cli';
import { actualFormat, BUILT_IN_FORMATS } from '@tracebloc/ingestor-dataset';

/** Returns the table formats of the plugins. Throws a `MissingPluginError` if a file needs one that is not installed. */
export function tableFormats(path: string): readonly TableFormat[] {
  const formats = installedTables().map(({ table }) => table);
  const extension = tableExtension(path);
  if (formats.some(({ extensions }) => extensions.includes(extension))) return formats;
  const missing = missingTable(extension.slice(1));
  if (missing) throw missing;
  return formats;
}

/** Throws a `MissingPluginError` if a file is, whatever its name says, in a format whose plugin is not installed. */
export async function requireFormat(path: string, formats: readonly TableFormat[]): Promise<void> {
  const { name } = await actualFormat(path, formats);
  if ([...BUILT_IN_FORMATS, ...formats].some((format) => format.name === name)) return;
  const missing = missingTable(name);
  if (missing) throw missing;
}
