import type { JsonSchema } from '@tracebloc/ingestor-contract';
import { CSV_FIELDS, type CsvFormat } from '@tracebloc/ingestor-core';
import { VALUE_OPTIONS } from '../dataset/csv-options.js';
import { FILENAME_FIELD } from '../dataset/named-columns.js';
import { find, type LocatedMap, type Origin, type Path } from '../yaml/located.js';
import { properties } from '../schema/compose.js';
import type { EnvironmentConfig, ResolvedValue, RunConfig } from '../types.js';
import { NOT_HERE, showNode, showValue } from '../wording.js';

/**
 * Returns the values of the dataset's configuration with their origins, in the order of `ingest.yaml`. The paths of the
 * fields in `absent` are marked as not found.
 */
export function describeDataset(
  root: LocatedMap,
  { task, options, table, intent, source, label, dataId, filename, schema }: Omit<RunConfig, keyof EnvironmentConfig>,
  sourceOrigin: Origin,
  absent: ReadonlySet<string> = new Set(),
): ResolvedValue[] {
  const origin = (path: Path, fallback = 'default'): string => {
    const node = find(root, path);
    return node ? describeOrigin(node.origin) : fallback;
  };
  const value = (path: Path, shown: unknown): ResolvedValue => ({
    field: path.join('.'),
    value: showValue(shown),
    origin: origin(path),
  });
  const labelOrigin = origin(root.entries.get('label')?.kind === 'map' ? ['label', 'column'] : ['label']);
  const noted = (shown: ResolvedValue): ResolvedValue =>
    absent.has(shown.field) ? { ...shown, note: NOT_HERE } : shown;
  return [
    value(['category'], task.id),
    value(['table'], table),
    value(['intent'], intent),
    noted(value([source.format], source.path)),
    ...Object.entries(source.sidecars).map(([field, path]) =>
      noted({ field, value: path, origin: origin([field], describeOrigin(sourceOrigin)) }),
    ),
    ...(filename === undefined || Object.hasOwn(properties(task.fields), FILENAME_FIELD)
      ? []
      : [value([FILENAME_FIELD], filename)]),
    ...(source.otherManifests ? [value(['other_manifests'], source.otherManifests)] : []),
    ...(label
      ? [{ field: 'label.column', value: label.column, origin: labelOrigin }, value(['label', 'policy'], label.policy)]
      : []),
    ...schema.map(({ name, type }) => {
      const node = find(root, ['schema', name]);
      // The task adds a column that the schema does not list.
      if (!node) return value(['schema', name], type.sql);
      return { field: `schema.${name}`, value: showNode(node), origin: origin(['schema', name]) };
    }),
    value(['data_id', 'strategy'], dataId.strategy),
    ...('column' in dataId ? [value(['data_id', 'column'], dataId.column)] : []),
    ...Object.entries<keyof CsvFormat | undefined>({ ...CSV_FIELDS, units: undefined }).flatMap(([name, key]) => {
      const path = ['spec', 'csv_options', name];
      const isUsed = source.format === 'csv' || VALUE_OPTIONS.includes(name);
      const node = find(root, path);
      if (!isUsed) return [];
      if (node?.kind === 'map') {
        return [{ field: path.join('.'), value: showNode(node), origin: describeOrigin(node.origin) }];
      }
      return key === undefined || source.csv[key] === undefined ? [] : [value(path, source.csv[key])];
    }),
    ...(source.json ? [value(['spec', 'json_options', 'records'], source.json.records)] : []),
    ...Object.entries(source.tableOptions ?? {}).map(([name, shown]) =>
      value(['spec', `${source.format}_options`, name], shown),
    ),
    ...describeOptions(root, [], task.fields, options),
    ...describeOptions(root, ['spec', 'file_options'], task.fileOptions, options),
  ];
}

/** Returns the task's options as they are written, or as the task completed them under the same name or its camelCase. */
function describeOptions(root: LocatedMap, parent: Path, schema: JsonSchema, options: unknown): ResolvedValue[] {
  const completed = new Map(typeof options === 'object' && options ? Object.entries(options) : []);
  return Object.entries(properties(schema)).flatMap(([name, definition]) => {
    const path = [...parent, name];
    const node = find(root, path);
    if (node) return [{ field: path.join('.'), value: showNode(node), origin: describeOrigin(node.origin) }];
    const camel = name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
    const value: unknown = completed.get(name) ?? completed.get(camel) ?? definition.default;
    return value === undefined ? [] : [{ field: path.join('.'), value: showValue(value), origin: 'task default' }];
  });
}

export function describeOrigin({ source, line, column }: Origin): string {
  return line === undefined ? source : `${source}:${line}:${column ?? 1}`;
}
