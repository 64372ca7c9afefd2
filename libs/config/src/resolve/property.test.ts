import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { JsonObject } from '@tracebloc/ingestor-contract';
import { stringify } from 'yaml';
import { ConfigError } from '../errors.js';
import { TASKS, useWorkplace } from '../fake.test-support.js';
import { composeSchema } from '../schema/compose.js';
import type { Resolution } from '../types.js';

const place = useWorkplace();
const validate = new Ajv2020({ strict: false }).compile(composeSchema(TASKS));

async function outcome(run: Promise<Resolution>): Promise<Resolution | ConfigError> {
  return run.catch((error: unknown) => {
    if (error instanceof ConfigError && error.problems.length > 0) return error;
    throw error;
  });
}

const base = { apiVersion: 'tracebloc.io/v1', kind: 'IngestConfig', table: 't', intent: 'train', csv: 'data.csv' };
const policed = { column: 'y', policy: 'bucket' };
const sound = fc.constantFrom<JsonObject>(
  { ...base, category: 'tabular_classification', label: 'y', schema: { b: 'INT', a: 'TEXT' } },
  { ...base, category: 'tabular_regression', label: policed, schema: { b: 'INT' } },
  { ...base, category: 'time_to_event_prediction', label: 'y', schema: { b: 'INT' }, time_column: 't' },
  { ...base, category: 'image_classification', label: 'y', images: '.', target_size: [8, 8] },
  { ...base, category: 'masked_language_modeling', sequences: '.' },
);

const anything = fc.jsonValue({ maxDepth: 3 });
const size = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 3 });
const some = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields, { requiredKeys: [] });
const likely: Record<string, fc.Arbitrary<unknown>> = {
  category: fc.constantFrom(...TASKS.map(({ id }) => id)),
  table: fc.constantFrom('churn', 'a b', 'select', 'x'.repeat(65)),
  intent: fc.constantFrom('train', 'test', 'Train'),
  csv: fc.constantFrom('data.csv', 'none.csv'),
  json: fc.constant('data.jsonl'),
  label: fc.oneof(fc.constant('y'), some({ column: fc.constant('y'), policy: fc.constantFrom('bucket', 'x') })),
  schema: fc.dictionary(fc.string({ maxLength: 4 }), fc.constantFrom('INT', 'VARCHAR(3)', 'X', null), { maxKeys: 3 }),
  time_column: fc.constantFrom('t', 'a|b'),
  images: fc.constantFrom('.', 'none'),
  target_size: size,
  data_id: some({ strategy: fc.constantFrom('uuid', 'column'), column: fc.constant('k') }),
  spec: some({
    csv_options: some({
      delimiter: fc.constantFrom(',', ';', '\t', '"', '||', 'whitespace', '","', '\n'),
      header: fc.oneof(
        fc.constantFrom('none', 'x'),
        fc.integer({ max: 4 }),
        fc.array(fc.integer({ max: 4 }), { maxLength: 3 }),
      ),
      skip_rows: fc.integer({ min: -1, max: 3 }),
      skip_footer: fc.integer({ min: -1, max: 2000 }),
      comment: fc.constantFrom('#', '//', ' ', '"'),
      units_row: fc.constantFrom(true, false, 'yes', 3),
      na_values: fc.oneof(
        fc.array(fc.oneof(fc.string(), fc.integer())),
        fc.dictionary(fc.string(), fc.array(fc.string())),
      ),
      decimal: fc.constantFrom('.', ',', ';', 3),
      thousands: fc.constantFrom('.', ',', ' ', 'x'),
      percent: fc.constantFrom('number', 'fraction', true),
      currency: fc.array(fc.string()),
      date_format: fc.oneof(
        fc.string(),
        fc.constantFrom('DD/MM/YYYY', 'epoch_s', '%d.%m.%Y'),
        fc.dictionary(fc.string(), fc.string()),
      ),
      day_first: fc.constantFrom(true, 'no', 3),
      time_zone: fc.constantFrom('UTC', 'Europe/Berlin', 'Berlin', ''),
      keep_default_na: fc.constantFrom(true, false, 'no', 3),
      on_bad_lines: fc.constantFrom('warn', 'error', 'skip'),
      escapechar: fc.constantFrom(null, '\\'),
    }),
    file_options: some({ extension: fc.constantFrom('.png', '.txt'), target_size: size, min_size: size }),
    validators: fc.array(anything, { maxLength: 1 }),
  }),
};
const change = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.oneof(...Object.entries(likely).map(([name, value]) => fc.tuple(fc.constant(name), value))),
  },
  { weight: 1, arbitrary: fc.tuple(fc.oneof(fc.constantFrom(...Object.keys(likely)), fc.string()), anything) },
);
/** Valid documents with a few changed fields, whose new values are mostly plausible. */
const documents = fc
  .tuple(sound, fc.array(change, { maxLength: 3 }))
  .map(([document, changes]) => ({ ...document, ...Object.fromEntries(changes) }) as JsonObject);

describe('for any document', () => {
  it('it resolves or is refused, and what resolves is valid by the published schema', async () => {
    let resolved = 0;
    await fc.assert(
      fc.asyncProperty(documents, async (document) => {
        const result = await outcome(place.file(stringify(document)));
        if (result instanceof ConfigError) return;
        resolved++;
        expect({ valid: validate(document), document, errors: validate.errors }).toMatchObject({ valid: true });
      }),
      { numRuns: 200 },
    );
    expect(resolved).toBeGreaterThan(30);
  });

  it('an object and a file have the same result', async () => {
    const said = (result: Resolution | ConfigError): unknown =>
      result instanceof ConfigError
        ? result.problems.map(({ field, message }) => `${field ?? ''} ${message}`).sort()
        : result.config;
    await fc.assert(
      fc.asyncProperty(documents, async (document) => {
        const fromFile = said(await outcome(place.file(stringify(document))));
        expect(said(await outcome(place.object(document)))).toEqual(fromFile);
      }),
      { numRuns: 80 },
    );
  });

  it('text that is hardly YAML does not crash', async () => {
    const token = fc.constantFrom(
      ...[
        '\n',
        '  ',
        '\t',
        ': ',
        '- ',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '&a ',
        '*a',
        '<<: ',
        '!!binary ',
        '? ',
        '|',
        '>',
        '#',
        '%',
        '---',
        '...',
      ],
      ...['category', 'tabular_classification', 'schema', 'label', 'csv', 'data.csv', '0x1', '.nan', '~', '__proto__'],
    );
    const text = fc.oneof(
      fc.array(token, { maxLength: 30 }).map((tokens) => tokens.join('')),
      fc.string({ unit: 'binary' }),
    );
    await fc.assert(
      fc.asyncProperty(text, async (yaml) => {
        expect(await outcome(place.file(yaml))).toBeInstanceOf(ConfigError);
      }),
      { numRuns: 200 },
    );
  });

  it('arbitrary flags and variables do not crash', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('', '{', 'a: INT', '@data.csv', 'data.csv', '1', 'train', 'http://x'),
    );
    const flags = fc.record(
      {
        config: text,
        task: text,
        table: text,
        intent: text,
        csv: text,
        label: text,
        labelPolicy: text,
        schema: text,
        timeColumn: text,
        batchSize: text,
        storage: text,
      },
      { requiredKeys: [] },
    );
    const env = fc.record(
      {
        INGEST_CONFIG: text,
        CLIENT_ENV: text,
        BACKEND_URL: text,
        BACKEND_TOKEN: text,
        BACKEND_TOKEN_FILE: text,
        MYSQL_HOST: text,
        MYSQL_PORT: text,
        DB_NAME: text,
        SRC_PATH: text,
        LABEL_FILE: text,
        TABLE_NAME: text,
        TITLE: text,
        LOG_LEVEL: text,
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(flags, env, async (someFlags, someEnv) => {
        await outcome(place.run({ flags: someFlags, env: someEnv }));
      }),
      { numRuns: 200 },
    );
  });
});
