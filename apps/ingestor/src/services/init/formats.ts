import type { TableFormat } from '@tracebloc/ingestor-contract';
import { tableExtension } from '@tracebloc/ingestor-core';
import { installedTables, missingTable } from '@tracebloc/ingestor-cli';

/** Returns the table formats of the plugins. Throws a `MissingPluginError` if a file needs one that is not installed. */
export function tableFormats(path: string): readonly TableFormat[] {
  const formats = installedTables().map(({ table }) => table);
  const extension = tableExtension(path);
  if (formats.some(({ extensions }) => extensions.includes(extension))) return formats;
  const missing = missingTable(extension.slice(1));
  if (missing) throw missing;
  return formats;
}
