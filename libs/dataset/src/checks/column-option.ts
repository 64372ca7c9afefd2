import type { ValueFormat } from '@tracebloc/ingestor-contract';
import { ALL_OTHERS, COLUMN_OPTIONS } from '@tracebloc/ingestor-core';

/** The options that may differ in single columns, and their fields. */
const FIELDS = {
  ...COLUMN_OPTIONS,
  date_format: 'dateFormat',
} as const satisfies Record<string, keyof ValueFormat>;

/** Options that are written only for columns that need them: elsewhere the same signs may mean something else. */
const NARROW: ReadonlySet<string> = new Set(['units', 'negative']);

/** A column with its format, and the formats of the other columns of its kind. */
export interface OwnColumn {
  name: string;
  others: readonly (readonly [name: string, format: ValueFormat])[];
}

/**
 * Returns an option of `spec.csv_options` as it is written to have a value in a column, and to stay as it is in the others: for
 * the whole file, or as a mapping if others have another value or the option is always one.
 */
export function writeOption(option: keyof typeof FIELDS, value: string, own?: OwnColumn): string {
  const field = FIELDS[option];
  const others = own?.others ?? [];
  const declared = others.flatMap(([name, format]) => {
    const text = format[field];
    return text === undefined ? [] : [[name, text] as const];
  });
  const isMapping = NARROW.has(option) || declared.some(([, text]) => text !== value);
  if (!own || !isMapping) return `\`${option}: ${option === 'negative' ? value : JSON.stringify(value)}\``;
  const groups = [...Map.groupBy(declared, ([, text]) => text)].sort(([, a], [, b]) => b.length - a.length);
  const isForAll = !NARROW.has(option) && declared.length === others.length;
  const usual = isForAll ? groups[0]?.[0] : undefined;
  const entries = [
    ...(usual === undefined ? [] : [[ALL_OTHERS, usual] as const]),
    ...declared.filter(([, text]) => text !== usual),
    [own.name, value] as const,
  ];
  const written = entries.map((pair) => pair.map((one) => JSON.stringify(one)).join(': '));
  return `\`${option}: { ${written.join(', ')} }\``;
}
