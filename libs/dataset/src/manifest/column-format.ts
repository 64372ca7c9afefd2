import type { ValueFormat } from '@tracebloc/ingestor-contract';
import type { CsvFormat } from '@tracebloc/ingestor-core';

/** Returns how the values of a column are written: as those of the file, and what differs in the column. */
export function formatOfColumn(csv: CsvFormat, column: string): ValueFormat {
  const { decimal, thousands, percent, currency, negative, dayFirst, timeZone } = csv;
  const { dateFormat, dateLanguage, dateColumns = {}, columnFormats = {} } = csv;
  const file = { decimal, thousands, percent, currency, negative, dayFirst, timeZone, dateLanguage };
  const own = Object.hasOwn(columnFormats, column) ? columnFormats[column]! : {};
  // One character cannot mean both: the column's own decimal sign counts.
  const isClash = own.decimal !== undefined && own.decimal === thousands;
  return {
    ...file,
    dateFormat: Object.hasOwn(dateColumns, column) ? dateColumns[column] : dateFormat,
    ...(isClash && { thousands: undefined }),
    ...own,
  };
}
