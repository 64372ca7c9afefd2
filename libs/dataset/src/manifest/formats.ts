import type { TextTable } from '@tracebloc/ingestor-contract';
import { CSV_FORMAT } from './csv/format.js';
import { JSON_FORMAT } from './json/format.js';
import { FilePart } from './file-part.js';
import { LayoutPart } from './layout-part.js';
import type { TablePart } from './part.js';
import { TextPart } from './text-part.js';
import type { ReaderOptions } from './types.js';

/** The table formats that need no plugin. */
export const BUILT_IN_FORMATS = [CSV_FORMAT, JSON_FORMAT] as const;

/** Creates the part of a table that is a file. Throws an `IngestorError` if the path is not a readable file. */
export function createPart(path: string, file: string, options: ReaderOptions): TablePart {
  const { format, table, tableOptions = {}, csv, columns = [], shard } = options;
  if (table?.kind === 'file') return new FilePart({ path, file, format: table, options: tableOptions, columns });
  if (options.layout) return new LayoutPart(path, file, options.layout, (shard?.index ?? 0) === 0);
  const isWhole = !shard;
  const judgesRows = format === CSV_FORMAT.name && isWhole;
  return new TextPart({ path, file, table: openText(options), csv, columns, isWhole, judgesRows });
}

function openText({ format, table, tableOptions = {}, csv, json = {} }: ReaderOptions): TextTable {
  if (table?.kind === 'text') return table.open(tableOptions);
  if (format === JSON_FORMAT.name) return JSON_FORMAT.open(json);
  if (format === CSV_FORMAT.name) return CSV_FORMAT.open(csv);
  throw new TypeError(`There is no table format ${format}.`);
}
