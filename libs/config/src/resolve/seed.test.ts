import { describe, expect, it } from '@jest/globals';
import { LOCAL, refusalLines, useWorkplace } from '../fake.test-support.js';

const place = useWorkplace();

describe('the seed environment alone', () => {
  const flags = {
    task: 'tabular_classification',
    intent: 'train',
    label: 'churned',
    schema: 'age: INT, price: DECIMAL(10,2), at: TIMESTAMP(3)',
  };

  it('configures a run with SRC_PATH as the root', async () => {
    place.write('raw/labels.csv', 'a\n');
    const env = { ...LOCAL, TABLE_NAME: 'seed', SRC_PATH: 'raw', LABEL_FILE: 'labels.csv' };
    const { config, values } = await place.run({ env, flags });
    expect(config).toMatchObject({
      table: 'seed',
      intent: 'train',
      source: { format: 'csv', path: `${place.folder}/raw/labels.csv` },
      columns: [{ name: 'age' }, { name: 'price', type: { sql: 'DECIMAL(10,2)' } }, { name: 'at' }],
    });
    expect(values).toContainEqual({ field: 'table', value: 'seed', origin: 'TABLE_NAME' });
    expect(values).toContainEqual({ field: 'csv', value: `${place.folder}/raw/labels.csv`, origin: 'LABEL_FILE' });
  });

  it.each(['a.json', 'a.jsonl', 'a.NDJSON'])('reads %s as JSON', async (name) => {
    const LABEL_FILE = place.write(name, '{}');
    const { config } = await place.run({ env: { ...LOCAL, TABLE_NAME: 't', LABEL_FILE }, flags });
    expect(config.source).toMatchObject({ format: 'json', path: LABEL_FILE });
  });

  it('finds sidecar folders below SRC_PATH, and reports missing ones there', async () => {
    place.write('raw/labels.csv', 'a\n');
    const env = { ...LOCAL, TABLE_NAME: 't', SRC_PATH: 'raw', LABEL_FILE: 'labels.csv' };
    const images = { env, flags: { task: 'image_classification', intent: 'train', label: 'y' } };
    expect(await refusalLines(place.run(images))).toEqual([
      `SRC_PATH: the folder "${place.folder}/raw/images" does not exist — Create it, or configure another one with \`images\`.`,
    ]);
    place.write('raw/images/a.png', '');
    const { config, values } = await place.run(images);
    expect(config.source.sidecars).toEqual({ images: `${place.folder}/raw/images` });
    expect(values).toContainEqual({ field: 'images', value: `${place.folder}/raw/images`, origin: 'SRC_PATH' });
  });

  it('reads the schema from a file and reports positions in it', async () => {
    place.write('schema.yaml', 'age: INT\nplan: VARCHAR\n');
    const env = { ...LOCAL, TABLE_NAME: 't', LABEL_FILE: 'data.csv' };
    expect(await refusalLines(place.run({ env, flags: { ...flags, schema: '@schema.yaml' } }))).toEqual([
      'schema.yaml:2:7 schema: column `plan`: type "VARCHAR" needs a length, for example VARCHAR(255) — Correct the type.',
    ]);
  });

  it('reports all missing fields and how to set them', async () => {
    expect(await refusalLines(place.run({}))).toEqual([
      'flags and environment category: is missing — Give --task, for example --task tabular_classification.',
      'flags and environment table: is missing — Set TABLE_NAME or --table.',
      'flags and environment intent: is missing — Give --intent train or --intent test.',
      'flags and environment csv: the manifest is missing: set csv or json — Set LABEL_FILE or --label-file.',
    ]);
    expect(
      await refusalLines(
        place.run({ flags: { task: 'tabular_classification', labelFile: 'data.csv', table: 't', intent: 'test' } }),
      ),
    ).toEqual([
      'flags and environment label: is missing; tabular_classification needs it — Give --label with the name of the column.',
      'flags and environment schema: is missing; tabular_classification needs it — Give --schema "age: INT, plan: VARCHAR(32)", or --schema @schema.yaml.',
    ]);
  });

  it.each([
    [
      { LABEL_FILE: 'data.csv', TABLE_NAME: 'my table' },
      {},
      'TABLE_NAME: "my table" is not a valid table name: it contains characters other than letters, digits, _ and - — Use only letters, digits, _ and -, for example my_table.',
    ],
    [
      { LABEL_FILE: 'data.csv', TABLE_NAME: 't' },
      { intent: 'trian' },
      'flag --intent: must be one of train and test, found the text "trian" — Did you mean `train`?',
    ],
    [
      { LABEL_FILE: 'data.csv', TABLE_NAME: 't' },
      { labelPolicy: 'buckets' },
      'flag --label-policy: must be one of passthrough and bucket, found the text "buckets" — Did you mean `bucket`?',
    ],
    [
      { LABEL_FILE: 'data.csv', TABLE_NAME: 't' },
      { timeColumn: 'x' },
      'flag --time-column: tabular_classification does not take this field — Remove it, or choose a task that takes it: time_to_event_prediction.',
    ],
    [
      { LABEL_FILE: 'data.csv', TABLE_NAME: 't' },
      { schema: '{age: INT' },
      'flag --schema: a quote, bracket or colon is missing — Close what was opened, and write fields as "name: value".',
    ],
    [
      { LABEL_FILE: 'data.csv', TABLE_NAME: 't' },
      { schema: 'age INT' },
      'flag --schema: column "age INT" has no type — Write, for example, age INT: INT.',
    ],
    [
      { LABEL_FILE: 'data.csv', TABLE_NAME: 't' },
      { labelFile: 'data.xlsx' },
      'flag --label-file: "data.xlsx" has no extension of a CSV or JSON file — Use a file with the extension .csv, .tsv, .txt, .json, .jsonl or .ndjson, or name it in an ingest.yaml.',
    ],
    [
      { LABEL_FILE: 'data.csv', TABLE_NAME: 't' },
      { config: 'none.yaml' },
      /^flag --config: the file ".*none.yaml" does not exist/,
    ],
    [
      { LABEL_FILE: 'none.csv', TABLE_NAME: 't' },
      {},
      /^LABEL_FILE: the file ".*none.csv" does not exist — Use the path of a manifest/,
    ],
    [{ INGEST_CONFIG: '.' }, {}, /^INGEST_CONFIG: the file ".*" is a folder/],
  ])('names the variable or flag with a value that is not valid: %j %j', async (env, more, expected) => {
    const [line] = await refusalLines(place.run({ env: { ...LOCAL, ...env }, flags: { ...flags, ...more } }));
    if (typeof expected === 'string') expect(line).toBe(expected);
    else expect(line).toMatch(expected);
  });
});
