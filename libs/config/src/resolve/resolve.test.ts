import { describe, expect, it } from '@jest/globals';
import type { ConfigError } from '../errors.js';
import {
  BASE,
  EVENTS,
  IMAGES,
  LOCAL,
  refusal,
  refusalLines,
  REGRESSION,
  TEXTS,
  useWorkplace,
} from '../fake.test-support.js';

const place = useWorkplace();

describe('a file', () => {
  it('resolves to a run', async () => {
    const { config } = await place.file(BASE);
    expect(config).toMatchObject({
      table: 'churn_train',
      intent: 'train',
      label: { column: 'churned', policy: 'passthrough' },
      dataId: { strategy: 'uuid' },
      warnings: [],
      source: {
        format: 'csv',
        path: `${place.folder}/data.csv`,
        sidecars: {},
        csv: {
          delimiter: ',',
          quote: '"',
          escape: '"',
          encoding: 'utf-8',
          onBadLines: 'error',
          skipBlankLines: true,
          naValues: [],
        },
      },
    });
    expect(config.task.id).toBe('tabular_classification');
    expect(config.columns.map(({ name, type }) => [name, type.sql])).toEqual([
      ['age', 'INT'],
      ['plan', 'VARCHAR(32)'],
    ]);
  });

  it('is found through INGEST_CONFIG, and its paths start from its own folder', async () => {
    place.write('sub/conf.yaml', BASE.replace('data.csv', '../data.csv'));
    const { config, values } = await place.run({ env: { ...LOCAL, INGEST_CONFIG: 'sub/conf.yaml' } });
    expect(config.source.path).toBe(`${place.folder}/data.csv`);
    expect(values).toContainEqual({ field: 'table', value: 'churn_train', origin: 'sub/conf.yaml:4:8' });
  });

  it('configures the dataset, and environment variables only the rest', async () => {
    const env = {
      ...LOCAL,
      TABLE_NAME: 'other',
      LABEL_FILE: 'none.csv',
      SRC_PATH: '/none',
      TITLE: 'T',
      BATCH_SIZE: '7',
    };
    const { config } = await place.file(BASE, { env });
    expect(config).toMatchObject({
      table: 'churn_train',
      title: 'T',
      batchSize: 7,
      source: { path: `${place.folder}/data.csv` },
    });
  });

  it('is overridden by flags', async () => {
    place.write('b.jsonl', '{}');
    const { config, values } = await place.file(BASE, {
      flags: {
        task: 'time_to_event_prediction',
        table: 't',
        intent: 'test',
        labelFile: 'b.jsonl',
        label: 'event',
        labelPolicy: 'bucket',
        schema: '{b: DECIMAL(10,2) NOT NULL, a: DATE}',
        timeColumn: 'weeks',
        batchSize: '5',
        title: 'Title',
        logLevel: 'info',
      },
    });
    expect(config).toMatchObject({
      options: { timeColumn: 'weeks' },
      table: 't',
      intent: 'test',
      title: 'Title',
      batchSize: 5,
      logLevel: 'INFO',
      source: { format: 'json', path: `${place.folder}/b.jsonl` },
      label: { column: 'event', policy: 'bucket' },
      columns: [
        { name: 'b', type: { sql: 'DECIMAL(10,2)', notNull: true } },
        { name: 'a', type: { sql: 'DATE' } },
      ],
    });
    expect(values).toContainEqual({ field: 'time_column', value: 'weeks', origin: 'flag --time-column' });
    expect(values).toContainEqual({ field: 'schema.a', value: 'DATE', origin: 'flag --schema' });
  });

  it('keeps the part of the label that no flag sets', async () => {
    const labelled = REGRESSION.replace('label: churned', 'label: {column: churned, policy: bucket}');
    expect((await place.file(labelled, { flags: { label: 'y' } })).config.label).toEqual({
      column: 'y',
      policy: 'bucket',
    });
    expect((await place.file(REGRESSION, { flags: { labelPolicy: 'passthrough' } })).config.label).toEqual({
      column: 'churned',
      policy: 'passthrough',
    });
  });

  it('ignores a value that a flag replaces, even if it is not valid', async () => {
    const { config } = await place.file(BASE.replace('churn_train', 'a b'), { flags: { table: 'ok' } });
    expect(config.table).toBe('ok');
  });

  it.each([
    [
      'data_id: {strategy: column, column: key}',
      ['data_id has the values of column "key", which therefore leave the cluster.'],
    ],
    ['data_id: {strategy: content_hash, column: key}', ['data_id.column has no effect with strategy content_hash.']],
    ['spec: {validators: [], sidecars: [], processors: []}', []],
    [
      'spec: {validators: [x], processors: [{name: y}]}',
      [
        'spec.validators is accepted but has no effect on tabular_classification yet.',
        'spec.processors is accepted but has no effect on tabular_classification yet.',
      ],
    ],
    [
      'spec: {file_options: {extension: .jpg, min_size: [1, 1]}}',
      ['spec.file_options: extension and min_size have no effect on tabular_classification.'],
    ],
  ])('warns about fields without effect: %s', async (line, warnings) => {
    expect((await place.file(`${BASE}${line}\n`)).config.warnings).toEqual(warnings);
  });

  it('warns about csv options with a JSON manifest, and about a schema without features', async () => {
    const yaml = BASE.replace('csv: data.csv', 'json: data.jsonl').replace(/schema.*/, 'schema: {churned: TEXT}');
    expect((await place.file(`${yaml}spec: {csv_options: {delimiter: ;, na_values: [x]}}\n`)).config.warnings).toEqual([
      'spec.csv_options: delimiter apply to CSV only, and the manifest is JSON.',
      'The schema has no feature: the table will contain only the label and the fixed columns.',
    ]);
  });

  it('reads where the records of a JSON manifest are, and warns about that with CSV', async () => {
    const options = 'spec: {json_options: {records: result.items}}\n';
    const { config, values } = await place.file(BASE.replace('csv: data.csv', 'json: data.jsonl') + options);
    expect(config.source.json).toEqual({ records: 'result.items' });
    expect(config.warnings).toEqual([]);
    expect(values).toContainEqual(
      expect.objectContaining({ field: 'spec.json_options.records', value: 'result.items' }),
    );
    const csv = (await place.file(BASE + options)).config;
    expect(csv.source).not.toHaveProperty('json');
    expect(csv.warnings).toEqual(['spec.json_options apply to JSON only, and the manifest is CSV.']);
  });

  it('finds configured sidecar folders, or those next to the manifest with the names of their fields', async () => {
    place.write('pictures/a.png', '');
    place.write('images/a.png', '');
    expect((await place.file(`${IMAGES}images: pictures\n`)).config.source.sidecars).toEqual({
      images: `${place.folder}/pictures`,
    });
    expect((await place.file(IMAGES)).config.source.sidecars).toEqual({ images: `${place.folder}/images` });
    expect((await place.file(TEXTS)).config.source.sidecars).toEqual({});
  });

  it('reads other manifests of the same folders, and warns of those that cannot be read or have no effect', async () => {
    place.write('images/a.png', '');
    place.write('sub/rest.csv', '');
    const line = 'other_manifests: [sub/rest.csv, gone.csv]\n';
    const { config, values } = await place.file(IMAGES + line);
    expect(config.source.otherManifests).toEqual([`${place.folder}/sub/rest.csv`, `${place.folder}/gone.csv`]);
    expect(config.warnings).toEqual([
      `other_manifests: "${place.folder}/gone.csv" does not exist, so files that only it names count as unnamed.`,
    ]);
    expect(values).toContainEqual(expect.objectContaining({ field: 'other_manifests', origin: 'ingest.yaml:8:18' }));
    const table = (await place.file(BASE + line)).config;
    expect(table.source).not.toHaveProperty('otherManifests');
    expect(table.warnings).toEqual(['other_manifests has no effect on tabular_classification, which has no files.']);
    await expect(place.file(`${IMAGES}other_manifests: rest.csv\n`)).rejects.toMatchObject({
      problems: [expect.objectContaining({ field: 'other_manifests' })],
    });
  });

  it('passes the task its own fields and file options', async () => {
    place.write('images/a.png', '');
    const more = 'target_size: [8, 8]\nspec: {file_options: {target_size: [4, 4], min_size: [2, 2]}}\n';
    const { config, values } = await place.file(IMAGES + more);
    expect(config.options).toEqual({ targetSize: [4, 4], extension: '.jpeg' });
    expect(values).toContainEqual({
      field: 'spec.file_options.target_size',
      value: '[4,4]',
      origin: 'ingest.yaml:9:36',
    });
    expect(values).toContainEqual({ field: 'spec.file_options.extension', value: '.jpeg', origin: 'task default' });
  });

  it('is frozen after it is resolved, and the task is not', async () => {
    const { config } = await place.file(BASE);
    expect(() => Object.assign(config, { table: 'x' })).toThrow(TypeError);
    expect(() => Object.assign(config.columns[0]!.type, { sql: 'x' })).toThrow(TypeError);
    expect(() => Object.assign(config.source.csv, { delimiter: 'x' })).toThrow(TypeError);
    expect(Object.isFrozen(config.task)).toBe(false);
  });
});

describe('a configuration from code', () => {
  const { csv, ...object } = {
    category: 'tabular_classification',
    table: 't',
    intent: 'train',
    csv: 'data.csv',
    label: 'y',
  };

  it('needs no version and no kind, and its paths start from the working folder', async () => {
    const { config, values } = await place.object({ ...object, csv, schema: { b: 'INT', a: 'INT' } });
    expect(config).toMatchObject({
      source: { path: `${place.folder}/data.csv` },
      columns: [{ name: 'b' }, { name: 'a' }],
    });
    expect(values).toContainEqual({ field: 'table', value: 't', origin: 'configuration' });
  });

  it('is checked as a file is', async () => {
    expect(await refusalLines(place.object({ ...object, csv, schema: { a: 'INT' }, tabel: 'x' }))).toEqual([
      'configuration tabel: is not a known field — Did you mean `table`?',
    ]);
    expect(await refusalLines(place.object({ ...object, schema: {} }))).toEqual([
      'configuration schema: is empty — Write, for example, `{age: INT, plan: VARCHAR(32), monthly: FLOAT}`.',
      'configuration csv: the manifest is missing: set csv or json — Add `csv: data.csv` or `json: data.jsonl`, the path of the manifest.',
    ]);
  });

  it('cannot be combined with a file', async () => {
    expect(await refusalLines(place.object(object, { flags: { config: 'x.yaml' } }))).toEqual([
      'flag --config: a configuration object and a file are both given — Use one of them.',
    ]);
  });
});

describe('credentials', () => {
  it('are required only by ingest', async () => {
    const env = { MYSQL_HOST: 'db' };
    expect((await refusal(place.file(BASE, { env }))).problems.map(({ source }) => source)).toEqual([
      'DB_PASSWORD',
      'BACKEND_TOKEN',
    ]);
    for (const purpose of ['validate', 'show'] as const) {
      expect((await place.file(BASE, { env, purpose })).config.database).toMatchObject({ kind: 'mysql', host: 'db' });
    }
  });

  it('are masked in every output of the resolution', async () => {
    const env = { MYSQL_HOST: 'db', DB_PASSWORD: 'hidden1', BACKEND_TOKEN: 'hidden2', CLIENT_PASSWORD: 'hidden3' };
    const resolution = await place.file(BASE, { env });
    expect(JSON.stringify(resolution)).not.toContain('hidden');
    expect(resolution.values.filter(({ value }) => value === '********')).toEqual([
      { field: 'database.password', value: '********', origin: 'DB_PASSWORD' },
      { field: 'backend.token', value: '********', origin: 'BACKEND_TOKEN' },
    ]);
    const error = await refusal(place.file('x', { env })).catch((reason: unknown) => reason as ConfigError);
    expect(String(error)).not.toContain('hidden');
  });
});

describe('the values of a resolution', () => {
  it('have their origins', async () => {
    const { values } = await place.file(`${EVENTS}spec: {csv_options: {delimiter: "\\t"}}\n`, {
      env: { ...LOCAL, BATCH_SIZE: '9' },
      flags: { intent: 'test' },
    });
    const origins = Object.fromEntries(values.map(({ field, value, origin }) => [field, `${value} < ${origin}`]));
    expect(origins).toEqual({
      category: 'time_to_event_prediction < ingest.yaml:3:11',
      table: 'churn_train < ingest.yaml:4:8',
      intent: 'test < flag --intent',
      csv: `${place.folder}/data.csv < ingest.yaml:6:6`,
      'label.column': 'churned < ingest.yaml:8:8',
      'label.policy': 'passthrough < default',
      'schema.age': 'INT < ingest.yaml:7:15',
      'schema.plan': 'VARCHAR(32) < ingest.yaml:7:26',
      'data_id.strategy': 'uuid < default',
      'spec.csv_options.chunk_size': '1048576 < default',
      'spec.csv_options.delimiter': '\\t < ingest.yaml:9:33',
      'spec.csv_options.quotechar': '" < default',
      'spec.csv_options.escapechar': '" < default',
      'spec.csv_options.encoding': 'utf-8 < default',
      'spec.csv_options.on_bad_lines': 'error < default',
      'spec.csv_options.skip_blank_lines': 'true < default',
      'spec.csv_options.na_values': '[] < default',
      time_column: 'time < task default',
      batch_size: '9 < BATCH_SIZE',
      log_level: 'WARNING < default',
      'storage.path': '/data/shared < default',
      'storage.claim': 'client-pvc < default',
      'database.name': 'training_test_datasets < default',
      'database.file': '/data/shared/training_test_datasets.sqlite < default',
      backend: 'local < CLIENT_ENV',
    });
  });
});
