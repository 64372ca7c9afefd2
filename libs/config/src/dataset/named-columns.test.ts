import { describe, expect, it } from '@jest/globals';
import { BASE, fakeTask, IMAGES, refusalLines, useWorkplace } from '../fake.test-support.js';

const place = useWorkplace();

describe('the column of file names', () => {
  it('is called filename unless the configuration says otherwise, for tasks with folders alone', async () => {
    place.write('data.csv', '');
    place.write('images/a.jpeg', '');
    expect((await place.file(IMAGES)).config.filename).toBe('filename');
    const { config, values } = await place.file(`${IMAGES}filename_column: image_id\n`);
    expect(config.filename).toBe('image_id');
    expect(values).toContainEqual({ field: 'filename_column', value: 'image_id', origin: 'ingest.yaml:8:18' });
    expect((await place.file(BASE)).config.filename).toBeUndefined();
    expect(await refusalLines(place.file(`${BASE}filename_column: image_id\n`))).toEqual([
      'ingest.yaml:9:1 filename_column: tabular_classification does not take this field — Remove it, or choose a task that takes it: image_classification and masked_language_modeling.',
    ]);
    expect(await refusalLines(place.file(`${IMAGES}filename_column: ''\n`))).toHaveLength(1);
  });
});

describe('a folder that is missing', () => {
  it.each([
    ['beside the manifest', '', 'Images', 'ingest.yaml', '`images: Images`'],
    ['as configured', 'images: data/images\n', 'data/IMAGES', 'ingest.yaml:8:9', '`images: data/IMAGES`'],
  ])('%s, is named as it is written on disk', async (_, field, folder, origin, fix) => {
    place.write('data.csv', '');
    place.write(`${folder}/a.jpeg`, '');
    const wanted = field === '' ? 'images' : 'data/images';
    const [line] = await refusalLines(place.file(IMAGES + field));
    expect(line!.startsWith(origin)).toBe(true);
    const name = folder.split('/').at(-1)!;
    expect(line).toContain(
      ` images: the folder "${place.folder}/${wanted}" does not exist; "${name}" does, and differs in case — Write ${fix}.`,
    );
    // What the message says is followed to the letter.
    const said = /`(images: [^`]+)`/.exec(line!)![1]!;
    const { config } = await place.file(`${IMAGES}${said}\n`);
    expect(config.source.sidecars.images).toBe(`${place.folder}/${folder}`);
  });

  it('is only missing if several folders differ from it in case', async () => {
    place.write('data.csv', '');
    place.write('Images/a.jpeg', '');
    place.write('IMAGES/a.jpeg', '');
    const [line] = await refusalLines(place.file(IMAGES));
    expect(line).toMatch(/does not exist — Create it, or configure another one with `images`\.$/);
  });
});

describe('columns that the table stores under another name', () => {
  const series = fakeTask({
    id: 'tabular_classification',
    fields: { type: 'object', properties: { time_column: { type: 'string', default: 'timestamp' } } },
    resolve: ({ fields }) => fields,
    storedNames: (options) => ({ [(options as { time_column: string }).time_column]: 'timestamp' }),
  });
  const yaml = (schema: string) => BASE.replace(/schema:.*/, `schema: {${schema}}\ntime_column: Created_At`);
  const file = (text: string) => place.file(text, { tasks: [series] });

  it('keep their name in the schema, and may have one that every table has', async () => {
    place.write('data.csv', '');
    const { config } = await file(yaml('created_at: TIMESTAMP, age: INT'));
    expect(config.schema.map(({ name }) => name)).toEqual(['created_at', 'age']);
    expect(config.columns.map(({ name, source }) => [name, source])).toEqual([
      ['timestamp', 'created_at'],
      ['age', undefined],
    ]);
  });

  it('cannot share it with another column', async () => {
    place.write('data.csv', '');
    expect(await refusalLines(file(yaml('created_at: TIMESTAMP, Timestamp: INT')))).toEqual([
      'ingest.yaml:7:33 schema: the table stores "created_at" as timestamp, so that "Timestamp" cannot be stored too — Remove Timestamp from the schema.',
    ]);
    expect((await file(yaml('created_at: TIMESTAMP'))).config.columns).toHaveLength(1);
  });
});

describe('the column of groups of rows', () => {
  const sequences = fakeTask({
    id: 'tabular_classification',
    groups: { name: 'sequence', column: (schema) => schema.find(({ name }) => name === 'run') },
  });
  const file = (dataId: string) =>
    place.file(`${BASE.replace(/schema:.*/, 'schema: {run: INT, age: INT}')}${dataId}`, { tasks: [sequences] });

  it('cannot be the data_id, since all rows of a group have it', async () => {
    place.write('data.csv', '');
    expect(await refusalLines(file('data_id: {strategy: column, column: run}\n'))).toEqual([
      'ingest.yaml:9:37 data_id.column: all rows of a sequence have the same "run", and each row needs its own data_id — Remove `data_id`, or name a column with another value in each row.',
    ]);
    expect((await file('data_id: {strategy: column, column: age}\n')).config.dataId).toMatchObject({ column: 'age' });
    expect((await file('')).config.dataId).toEqual({ strategy: 'uuid' });
  });
});

describe('columns that the table stores with another type', () => {
  const study = fakeTask({
    id: 'tabular_classification',
    storedNames: () => ({ End: 'time' }),
    storedTypes: () => ({ Created_At: null, End: 'DOUBLE' }),
  });

  it('keep their type in the schema, and may be left out of the table', async () => {
    place.write('data.csv', '');
    const yaml = BASE.replace(/schema:.*/, 'schema: {created_at: DATE, end: DATE, age: INT}');
    const { config } = await place.file(yaml, { tasks: [study] });
    expect(config.schema.map(({ name, type }) => [name, type.sql])).toEqual([
      ['created_at', 'DATE'],
      ['end', 'DATE'],
      ['age', 'INT'],
    ]);
    expect(config.columns.map(({ name, type, source }) => [name, type.sql, source])).toEqual([
      ['time', 'DOUBLE', 'end'],
      ['age', 'INT', undefined],
    ]);
  });
});

describe('columns that a task stores even if the schema does not list them', () => {
  const task = fakeTask({ id: 'masked', schema: 'optional', ownColumns: { mask_id: 'VARCHAR(255)' } });
  const of = async (schema: string) => {
    const text = `apiVersion: tracebloc.io/v1\nkind: IngestConfig\ncategory: masked\ntable: t\nintent: train\ncsv: data.csv\nlabel: y\n${schema}`;
    return place.file(text, { tasks: [task] });
  };

  it('are read and stored after the others', async () => {
    const { config, values } = await of('schema: {a: INT}\n');
    for (const columns of [config.schema, config.columns]) {
      expect(columns.map(({ name, type }) => [name, type.sql])).toEqual([
        ['a', 'INT'],
        ['mask_id', 'VARCHAR(255)'],
      ]);
    }
    expect(values).toContainEqual({ field: 'schema.mask_id', value: 'VARCHAR(255)', origin: 'default' });
    expect((await of('')).config.columns.map(({ name }) => name)).toEqual(['mask_id']);
  });

  it('have the type and the place that the schema gives them', async () => {
    const { config } = await of('schema: {Mask_ID: VARCHAR(300), a: INT}\n');
    expect(config.columns.map(({ name, type }) => [name, type.sql])).toEqual([
      ['Mask_ID', 'VARCHAR(300)'],
      ['a', 'INT'],
    ]);
  });
});
