import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { DataFolders } from './init.test-support.js';

let data: DataFolders;
let jpeg: Uint8Array;

beforeAll(async () => {
  data = await DataFolders.make();
  jpeg = await sampleImages.jpeg();
});
afterAll(() => data.remove());

interface Refusal {
  code: string;
  message: string;
  fix: string[];
}

/** Describes a folder that does not fit, and returns the error. */
async function refusalOf(folder: string, answers: Parameters<DataFolders['init']>[1] = {}): Promise<Refusal> {
  return data.init(folder, answers).then(
    () => Promise.reject(new Error('it was described')),
    (error: unknown) => error as Refusal,
  );
}

const table = (...lines: string[]) => [...lines, ''].join('\n');

describe('what does not fit comes with advice, and data that follows it fits', () => {
  it('texts in a table are read from there, once another column can be the label', async () => {
    const texts = ['"My invoice, please"', '"The parcel\nnever came."', '"I said ""stop"" twice"', '"Where is it?"'];
    const folder = await data.write({ 'tickets.csv': table('text', ...texts) });
    const { code, fix } = await refusalOf(folder, { task: 'text_classification' });
    expect([code, fix[0]]).toEqual([
      'task-misfit',
      'Add to tickets.csv a column label with the class of each text, or name the column with --label <column>.',
    ]);
    const rows = texts.map((text, index) => `${text},${index % 2}`);
    await writeFile(join(folder, 'tickets.csv'), table('text,label', ...rows));
    const { run, validation } = await data.describe(folder);
    expect([run.task.id, run.label?.column]).toEqual(['text_classification', 'label']);
    expect(validation).toMatchObject({ valid: true, warnings: 0, found: 4 });
  });

  it('folders that are classes are read as they are', async () => {
    const names = ['good/1.jpg', 'good/2.jpg', 'bad/1.jpg', 'bad/2.jpg'];
    const folder = await data.write(Object.fromEntries(names.map((name) => [name, jpeg])));
    const { run, validation } = await data.describe(folder);
    expect([run.task.id, run.source.format]).toEqual(['image_classification', 'class_folders']);
    expect(validation).toMatchObject({ valid: true, warnings: 0, found: 4 });
  });

  it('and so are folders of texts without extension', async () => {
    const names = ['sport/51060', 'sport/51119', 'space/60840', 'space/60862'];
    const folder = await data.write(Object.fromEntries(names.map((name) => [name, `About ${name}.`])));
    const { run, validation } = await data.describe(folder);
    expect([run.task.id, run.source.format]).toEqual(['text_classification', 'class_folders']);
    expect(validation).toMatchObject({ valid: true, warnings: 0, found: 4 });
  });

  it('images beside a table with a column for each class are read as they are', async () => {
    const names = ['0.jpg', '1.jpg', '2.jpg', '3.jpg'];
    const flags = names.map((name, index) => `${name}, ${index % 2}, ${1 - (index % 2)}`);
    const images = Object.fromEntries(names.map((name) => [name, jpeg]));
    const folder = await data.write({ ...images, '_classes.csv': table('filename, cat, dog', ...flags) });
    const { run, validation } = await data.describe(folder, { task: 'image_classification' });
    expect(run.source.format).toBe('one_hot');
    expect(validation).toMatchObject({ valid: true, warnings: 0, found: 4 });
  });

  it('images beside their annotations need no table either', async () => {
    const box = '<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox>';
    const voc =
      '<annotation><filename>a.jpg</filename><size><width>64</width><height>64</height><depth>3</depth></size>' +
      `<object><name>box</name>${box}</object><object><name>disc</name>${box}</object></annotation>`;
    const folder = await data.write({ 'images/a.jpg': jpeg, 'annotations/a.xml': voc });
    const { yaml, run, validation } = await data.describe(folder);
    expect(run.task.id).toBe('object_detection');
    expect(yaml).toContain('annotations: annotations');
    expect(validation).toMatchObject({ valid: true, errors: 0, found: 1 });
  });

  it('annotated images need no table, and may have one', async () => {
    const voc = (name: string) =>
      `<annotation><filename>${name}.jpg</filename><size><width>64</width><height>64</height><depth>3</depth></size>` +
      `<object><name>box</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object>` +
      `<object><name>disc</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></object></annotation>`;
    const stems = ['a1', 'a2'];
    const folder = await data.write(
      Object.fromEntries(
        stems.flatMap((stem): [string, string | Uint8Array][] => [
          [`JPEGImages/${stem}.jpg`, jpeg],
          [`Annotations/${stem}.xml`, voc(stem)],
        ]),
      ),
    );
    const without = await data.describe(folder, { task: 'object_detection' });
    expect(without.run.source.format).toBe('voc');
    expect(without.validation).toMatchObject({ valid: true, warnings: 0, found: 2 });
    const rows = stems.flatMap((stem) => [`${stem}.jpg,box`, `${stem}.jpg,disc`]);
    await writeFile(join(folder, 'labels.csv'), table('filename,label', ...rows));
    const { run, validation } = await data.describe(folder);
    expect(run.task.id).toBe('object_detection');
    expect(validation).toMatchObject({ valid: true, warnings: 0, found: 2 });
  });

  it('a series of local times gets offsets before it is sorted, since the clocks went back', async () => {
    const hours = ['00', '01', '02', '02', '03'];
    // The hour of the night shows no time zone: it is not one in which clocks go back.
    const rows = hours.map((hour, index) => `2021-06-30 ${hour}:${index === 3 ? '00' : '30'},${index}.5`);
    const folder = await data.write({ 'load.csv': table('timestamp,load', ...rows) });
    const answers = { task: 'time_series_forecasting', label: 'load', labelPolicy: 'bucket' };
    expect((await refusalOf(folder, answers)).fix[0]).toBe(
      'If times repeat because the clocks went back, first write the offset of each time, such as +01:00. Sort the rows by timestamp, the oldest first. Make a separate file of each of several series.',
    );
    const offsets = rows.map((row, index) => row.replace(',', `${index < 3 ? '+02:00' : '+01:00'},`));
    await writeFile(join(folder, 'load.csv'), table('timestamp,load', ...offsets));
    const { validation } = await data.describe(folder, answers);
    expect(validation).toMatchObject({ valid: true, warnings: 0, found: 5 });
  });

  it.each([
    ['the newest first', ['2024-01-03', '2024-01-02', '2024-01-01']],
    ['in no order', ['2024-01-02', '2024-01-01', '2024-01-03']],
  ])('a series %s is sorted', async (_, days) => {
    const rows = days.map((day, index) => `${day},${index}.5`);
    const folder = await data.write({ 'load.csv': table('Date,load', ...rows) });
    const answers = { task: 'time_series_forecasting', label: 'load', labelPolicy: 'bucket' };
    expect(await refusalOf(folder, answers)).toMatchObject({
      message: 'The data does not fit time_series_forecasting: its rows are not in the order of the column Date.',
      fix: expect.arrayContaining([expect.stringMatching(/^Sort the rows by Date, the oldest first\./)]) as unknown,
    });
    // Another task is written for it without --task, and the result says so.
    expect(await data.init(folder, { ...answers, task: undefined })).toMatchObject({
      task: 'tabular_regression',
      near: [{ task: 'time_series_forecasting' }],
    });
    await writeFile(join(folder, 'load.csv'), table('Date,load', ...rows.toSorted()));
    const { validation } = await data.describe(folder, answers);
    expect(validation).toMatchObject({ valid: true, warnings: 0, found: 3 });
  });

  it('a folder whose name differs in case is found, and named by the check of a configuration', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const rows = names.map((name, index) => `${name},${index % 2 ? 'x' : 'y'}`);
    const images = Object.fromEntries(names.map((name) => [`Images/${name}.jpg`, jpeg]));
    const others = Object.fromEntries(names.map((name) => [`masks/${name}.jpg`, jpeg]));
    const folder = await data.write({ ...images, ...others, 'labels.csv': table('filename,label', ...rows) });
    const { yaml, run } = await data.describe(folder);
    expect(yaml).toContain('images: Images #');
    expect(basename(run.source.sidecars.images!)).toBe('Images');
  });
});

it('each fix of a task ends as a sentence, and no reason does', async () => {
  const folder = await data.write({ 'notes.csv': 'note\na\nb\n' });
  for (const id of ['image_classification', 'tabular_regression', 'time_to_event_prediction', 'object_detection']) {
    const { message, fix } = await refusalOf(folder, { task: id });
    expect(message).toMatch(/[^.]\.$/);
    for (const line of fix) expect(line).toMatch(/\.$/);
  }
});
