/** Writes the fields of an ingest.yaml in this order, one a line. The columns of a schema follow it, one a line. */
export interface ConfigFields {
  category?: string;
  table?: string;
  intent?: string;
  csv?: string;
  label?: string | { column: string; policy?: string };
  schema?: Record<string, string>;
  data_id?: Record<string, string>;
  spec?: Record<string, unknown>;
}

export const TWO_COLUMNS = { a: 'INT', b: 'VARCHAR(8)' };

/** Returns a valid configuration with changes. `csv` is on line 6, the label on 7, the schema's first column on 9. */
export function yamlOf(changes: ConfigFields = {}): string {
  const fields = {
    category: 'tabular_classification',
    table: 'fresh',
    intent: 'train',
    csv: 'good.csv',
    label: 'y',
    schema: TWO_COLUMNS,
    ...changes,
  };
  const { schema, ...others } = fields;
  const lines = Object.entries({ apiVersion: 'tracebloc.io/v1', kind: 'IngestConfig', ...others }).map(
    ([name, value]) => `${name}: ${JSON.stringify(value)}`,
  );
  const columns = Object.entries(schema).map(([name, type]) => `  ${JSON.stringify(name)}: ${type}`);
  lines.splice(7, 0, 'schema:', ...columns);
  return `${lines.join('\n')}\n`;
}

/** Three records of two classes that are valid for `yamlOf()`. */
export const GOOD_CSV = 'a,b,y\n1,x,p\n2,z,q\n3,x,q\n';
