import { describe, expect, it } from '@jest/globals';
import { UnknownTaskError } from '../errors.js';
import {
  BASE,
  EVENTS,
  fakeTask,
  IMAGES,
  refusal,
  refusalLines,
  REGRESSION,
  TEXTS,
  useWorkplace,
} from '../fake.test-support.js';

const place = useWorkplace();

describe('a configuration that is not valid is refused', () => {
  const broken = (name: string, yaml: string, ...lines: string[]) => [name, yaml, lines] as const;
  it.each([
    broken(
      'a misspelt field',
      BASE.replace('intent', 'intnet'),
      'ingest.yaml:5:1 intnet: is not a known field — Did you mean `intent`?',
    ),
    broken(
      'missing values of a column that is not there',
      `${BASE}spec: {csv_options: {na_values: {agee: ['-']}}}\n`,
      'ingest.yaml:9:34 spec.csv_options.na_values: "agee" is neither a column of the schema nor the label — Did you mean "age"?',
    ),
    broken(
      'one character for the decimal sign and the thousands',
      `${BASE}spec: {csv_options: {thousands: .}}\n`,
      'ingest.yaml:9:33 spec.csv_options.thousands: "." is also the decimal sign — Set `decimal` too: it is the point unless you set it.',
    ),
    broken(
      'a time zone that is not known',
      `${BASE}spec: {csv_options: {time_zone: Berlin}}\n`,
      'ingest.yaml:9:33 spec.csv_options.time_zone: "Berlin" is not a known time zone — Write a name of the IANA database, for example Europe/Berlin, America/New_York or UTC.',
    ),
    broken(
      'a format of dates without a year',
      `${BASE}spec: {csv_options: {date_format: DD/MM}}\n`,
      'ingest.yaml:9:35 spec.csv_options.date_format: "DD/MM" has no year (YYYY) — Write for example DD/MM/YYYY, `D-MMM-YYYY hh:mm A`, YYYY-MM, YYYY-WWW, epoch_s, epoch_ms or excel.',
    ),
    broken(
      'an unknown field',
      `${BASE}colour: red\n`,
      'ingest.yaml:9:1 colour: is not a known field — Remove it; known here are apiVersion, kind, category, table, intent, csv, json, label, other_manifests, schema, data_id and spec.',
    ),
    broken(
      'a field in the wrong place',
      `${BASE}delimiter: ;\n`,
      'ingest.yaml:9:1 delimiter: is not known here — Move it to `spec.csv_options.delimiter`.',
    ),
    broken(
      'a section in the wrong place',
      `${BASE}csv_options: {}\n`,
      'ingest.yaml:9:1 csv_options: is not known here — Move it to `spec.csv_options`.',
    ),
    broken(
      "another task's folder",
      `${BASE}images: x\n`,
      'ingest.yaml:9:1 images: tabular_classification does not take this field — Remove it, or choose a task that takes it: image_classification.',
    ),
    broken(
      "another task's option",
      `${BASE}time_column: x\n`,
      'ingest.yaml:9:1 time_column: tabular_classification does not take this field — Remove it, or choose a task that takes it: time_to_event_prediction.',
    ),
    broken(
      'a tab',
      BASE.replace('schema: {', 'schema:\n\tx: {'),
      'ingest.yaml:8:1: a tab is used for indentation, which YAML does not allow — Use spaces.',
    ),
    broken(
      'another version',
      BASE.replace('v1', 'v2'),
      'ingest.yaml:1:13 apiVersion: must be "tracebloc.io/v1", found the text "tracebloc.io/v2" — Write `apiVersion: tracebloc.io/v1`.',
    ),
    broken(
      'another kind',
      BASE.replace('IngestConfig', 'Job'),
      'ingest.yaml:2:7 kind: must be "IngestConfig", found the text "Job" — Write `kind: IngestConfig`.',
    ),
    broken(
      'no version',
      BASE.replace(/apiVersion.*\n/, ''),
      'ingest.yaml:1:1 apiVersion: is missing — Add it, for example `apiVersion: tracebloc.io/v1`.',
    ),
    broken(
      'no table',
      BASE.replace(/table.*\n/, ''),
      'ingest.yaml:1:1 table: is missing — Add it, for example `table: churn_train`.',
    ),
    broken(
      'a number as table',
      BASE.replace('churn_train', '2024'),
      'ingest.yaml:4:8 table: must be text, found the number 2024 — Put it in quotes: "2024".',
    ),
    broken(
      'no value',
      BASE.replace(' churn_train', ''),
      'ingest.yaml:4:7 table: must be text, found nothing — Write, for example, `churn_train`.',
    ),
    broken(
      'a table with a space',
      BASE.replace('churn_train', 'churn train'),
      'ingest.yaml:4:8 table: "churn train" is not a valid table name: it contains characters other than letters, digits, _ and - — Use only letters, digits, _ and -, for example churn_train.',
    ),
    broken(
      'a wrong intent',
      BASE.replace('intent: train', 'intent: validation'),
      'ingest.yaml:5:9 intent: must be one of train and test, found the text "validation" — Write `intent: train` or another of these.',
    ),
    broken(
      'csv and json',
      `${BASE}json: data.jsonl\n`,
      'ingest.yaml:9:1 json: csv and json are both given — Keep one: a dataset has one manifest.',
    ),
    broken(
      'neither',
      BASE.replace(/csv.*\n/, ''),
      'ingest.yaml:1:1 csv: the manifest is missing: set csv or json — Add `csv: data.csv` or `json: data.jsonl`, the path of the manifest.',
    ),
    broken(
      'csv of another form',
      BASE.replace('data.csv', '[data.csv]'),
      'ingest.yaml:6:6 csv: must be text, found a list — Write, for example, `/data/shared/churn/customers.csv`.',
    ),
    broken(
      'no label',
      BASE.replace(/label.*\n/, ''),
      'ingest.yaml:1:1 label: is missing; tabular_classification needs it — Add it, for example `label: churned`.',
    ),
    broken(
      'a label for a self-supervised task',
      `${TEXTS}label: x\n`,
      'ingest.yaml:7:1 label: masked_language_modeling is self-supervised and has no label — Remove it.',
    ),
    broken(
      'a missing label policy',
      REGRESSION,
      "ingest.yaml:8:8 label: tabular_regression must state the label's policy — Write `label: {column: churned, policy: passthrough}` or `policy: bucket`, or set --label-policy.",
    ),
    broken(
      'an unknown policy',
      REGRESSION.replace('label: churned', 'label: {column: churned, policy: hash}'),
      'ingest.yaml:8:34 label.policy: must be one of passthrough and bucket, found the text "hash" — Write `policy: passthrough` or another of these.',
    ),
    broken(
      'a misspelt column',
      BASE.replace('label: churned', 'label:\n  colum: churned'),
      'ingest.yaml:9:3 label.colum: is not a known field — Did you mean `column`?',
    ),
    broken(
      'a number as label',
      BASE.replace('label: churned', 'label: 7'),
      'ingest.yaml:8:8 label: the number 7 is not a valid value here — Put it in quotes: "7".',
    ),
    broken(
      'a list as label',
      BASE.replace('label: churned', 'label: [a]'),
      'ingest.yaml:8:8 label: a list is not a valid value here — Write, for example, `churned`.',
    ),
    broken(
      'no schema',
      BASE.replace(/schema.*\n/, ''),
      'ingest.yaml:1:1 schema: is missing; tabular_classification needs it — Add it, for example `schema: {age: INT, plan: VARCHAR(32), monthly: FLOAT}`.',
    ),
    broken(
      'a schema that is a list',
      BASE.replace(/schema.*/, 'schema: [age]'),
      'ingest.yaml:7:9 schema: must be a mapping (name: value), found a list — Write, for example, `{age: INT, plan: VARCHAR(32), monthly: FLOAT}`.',
    ),
    broken(
      'an unknown type',
      BASE.replace('INT', 'NUMBER'),
      'ingest.yaml:7:15 schema: column `age`: type "NUMBER" is not a SQL type; use one of VARCHAR, CHAR, TEXT, TINYINT, SMALLINT, MEDIUMINT, INT, INTEGER, BIGINT, FLOAT, DOUBLE, DECIMAL, NUMERIC, BOOLEAN, BOOL, DATE, DATETIME, TIMESTAMP, TIME — Correct the type.',
    ),
    broken(
      'a fixed column',
      BASE.replace('age:', 'status:'),
      `ingest.yaml:7:10 schema: the table of every dataset already has a column named "status" — Rename it in the source and in the schema, or remove it from the schema.`,
    ),
    broken(
      'data_id without its column',
      `${BASE}data_id: {strategy: column}\n`,
      'ingest.yaml:9:10 data_id.column: is missing — Add `column`.',
    ),
    broken(
      'an unknown strategy',
      `${BASE}data_id: {strategy: hash}\n`,
      'ingest.yaml:9:21 data_id.strategy: must be one of uuid, column and content_hash, found the text "hash" — Write `strategy: uuid` or another of these.',
    ),
    broken(
      'validators that are not a list',
      `${BASE}spec: {validators: x}\n`,
      'ingest.yaml:9:20 spec.validators: must be a list, found the text "x" — Write, for example, `[{name: labels, enabled: false}]`.',
    ),
    broken(
      'what the task refuses',
      `${EVENTS}time_column: a|b\n`,
      'ingest.yaml:9:14 time_column: the name of a column cannot hold a bar — Correct the value.',
    ),
    broken('an empty file', '', 'ingest.yaml:1:1: is empty — Write each field on its own line as `name: value`.'),
    broken(
      'only comments',
      '# nothing\n',
      'ingest.yaml:1:1: is empty — Write each field on its own line as `name: value`.',
    ),
    broken('a list', '- a\n', 'ingest.yaml:1:1: contains a list — Write each field on its own line as `name: value`.'),
  ])('%s', async (_name, yaml, lines) => {
    expect(await refusalLines(place.file(yaml))).toEqual(lines);
  });

  it('reports all problems in the order of the file', async () => {
    const yaml =
      BASE.replace('churn_train', 'a b').replace('intent: train', 'intent: x').replace('INT', 'INTT') + 'zzz: 1\n';
    const { problems, exitCode, code } = await refusal(place.file(yaml, { env: { CLIENT_ENV: 'x' } }));
    expect(problems.map(({ source, line, column, field }) => [source, line, column, field])).toEqual([
      ['ingest.yaml', 4, 8, 'table'],
      ['ingest.yaml', 5, 9, 'intent'],
      ['ingest.yaml', 7, 15, 'schema'],
      ['ingest.yaml', 9, 1, 'zzz'],
      ['CLIENT_ENV', undefined, undefined, 'backend'],
    ]);
    expect({ exitCode, code }).toEqual({ exitCode: 2, code: 'invalid-configuration' });
  });

  it('reports each entry of a list that is not valid', async () => {
    place.write('images/a.png', '');
    const yaml = `${IMAGES}target_size: [0, x]\nspec: {file_options: {extension: .gif, targetsize: 1, target_size: [1]}}\n`;
    expect((await refusal(place.file(yaml))).problems.map(({ line, column, field }) => [line, column, field])).toEqual([
      [8, 15, 'target_size[0]'],
      [8, 18, 'target_size[1]'],
      [9, 34, 'spec.file_options.extension'],
      [9, 40, 'spec.file_options.targetsize'],
      [9, 68, 'spec.file_options.target_size'],
    ]);
  });

  it.each([
    ['minsize', 'min_size'],
    ['extnesion', 'extension'],
    ['Extension', 'extension'],
    ['target_sizes', 'target_size'],
  ])('refuses the misspelt file option %s', async (name, meant) => {
    place.write('images/a.png', '');
    const { problems } = await refusal(place.file(`${IMAGES}spec: {file_options: {${name}: x}}\n`));
    expect(problems).toMatchObject([{ field: `spec.file_options.${name}`, fix: `Did you mean \`${meant}\`?` }]);
  });

  it('takes file options that no task has, with a warning', async () => {
    place.write('images/a.png', '');
    const yaml = `${IMAGES}spec: {file_options: {number_of_columns: 3, max_size: [9, 9], colour: x}}\n`;
    expect((await place.file(yaml)).config.warnings).toEqual([
      'spec.file_options: number_of_columns, max_size and colour have no effect on image_classification.',
    ]);
  });

  it('limits the problems in the message and keeps all in the error', async () => {
    const columns = Array.from({ length: 100 }, (_, i) => `c${i}: X`).join(', ');
    const error = await refusal(place.file(BASE.replace(/schema.*/, `schema: {${columns}}`)));
    expect(error.problems).toHaveLength(100);
    expect(error.message.split('\n').at(-1)).toBe('  ... and 75 more');
  });

  it('names an unknown task, lists the installed ones and suggests similar ones', async () => {
    const error = await refusal(
      place.file(BASE.replace('tabular_classification', 'tabular_clasification').replace('train\ncsv', 'x\ncsv')),
    );
    expect(error).toBeInstanceOf(UnknownTaskError);
    expect(error).toMatchObject({ code: 'unknown-task', taskId: 'tabular_clasification', exitCode: 2 });
    expect(error.problems).toMatchObject([
      {
        line: 3,
        column: 11,
        message: expect.stringContaining('installed are tabular_classification, tabular_regression, '),
        fix: 'Did you mean tabular_classification?',
      },
      { line: 5, field: 'intent' },
    ]);
    const [other] = await refusalLines(
      place.file(BASE.replace('tabular_classification', 'object_detection'), { tasks: [] }),
    );
    expect(other).toContain('unknown task "object_detection"; no task is installed');
    const [short] = await refusalLines(place.file(BASE.replace('tabular_classification', 'classification')));
    expect(short).toMatch(/Did you mean tabular_classification or image_classification\?$/);
    const [strange] = await refusalLines(place.file(BASE.replace('tabular_classification', 'telepathy')));
    expect(strange).toMatch(/unknown task "telepathy"; installed are .* ingestor plugins install <name,/);
  });

  it('reports a missing manifest and suggests a similar name', async () => {
    expect(await refusalLines(place.file(BASE.replace('data.csv', 'dat.csv')))).toEqual([
      `ingest.yaml:6:6 csv: the file "${place.folder}/dat.csv" does not exist — Did you mean "${place.folder}/data.csv"?`,
    ]);
    expect(await refusalLines(place.file(BASE.replace('data.csv', '.')))).toEqual([
      `ingest.yaml:6:6 csv: the file "${place.folder}" is a folder — Use the path of a manifest that this user can read.`,
    ]);
    expect(await refusalLines(place.file(BASE.replace('data.csv', '"a\\0b"')))).toHaveLength(1);
  });

  it('refuses a file that is not UTF-8', async () => {
    place.write('latin.yaml', Buffer.from('table: gr\xf6\xdfe\n', 'latin1'));
    expect(await refusalLines(place.run({ flags: { config: 'latin.yaml' } }))).toEqual([
      'latin.yaml:1:1: the file is not UTF-8 text — Save it as UTF-8.',
    ]);
  });

  it('passes an unexpected error of a task on', async () => {
    const faulty = fakeTask({
      id: 'tabular_classification',
      resolve: () => {
        throw new RangeError('a bug');
      },
    });
    await expect(place.file(BASE, { tasks: [faulty] })).rejects.toThrow(RangeError);
  });
});
