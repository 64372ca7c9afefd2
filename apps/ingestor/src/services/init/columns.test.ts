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

const VALID = { valid: true, warnings: 0 };

describe('the column of file names is found by its values', () => {
  it.each<[string, string[], string, string]>([
    [
      'names without extension',
      ['aa1', 'aa2', 'aa3', 'aa4'],
      'image_id',
      'image_id,breed\naa1,x\naa2,y\naa3,x\naa4,y\n',
    ],
    ['numbers', ['1', '2', '3', '4'], 'id', 'fold,id,class\n1,1,x\n1,2,y\n2,3,x\n2,4,y\n'],
    ['accents in another form', ['é1', 'é2', 'é3', 'b4'], 'Bild', 'Bild,Art\ne\u03011.jpg,x\né2.jpg,y\né3,x\nb4,y\n'],
    ['the case of extensions', ['a', 'b', 'c', 'd'], 'file', 'kind,file\nx,a.JPG\ny,b.JPG\nx,c.jpg\ny,d.jpg\n'],
    ['another spelling of filename', ['a', 'b', 'c', 'd'], 'FileName', 'FileName,label\na,x\nb,y\nc,x\nd,y\n'],
    [
      'a column filename of other names',
      ['a', 'b', 'c', 'd'],
      'stored',
      'filename,stored,label\np,a,x\nq,b,y\nr,c,x\ns,d,y\n',
    ],
  ])('%s', async (_, stems, column, table) => {
    const images = Object.fromEntries(stems.map((stem) => [`images/${stem}.jpg`, jpeg]));
    const { yaml, run, validation } = await data.describe(await data.write({ ...images, 'labels.csv': table }));
    expect(run.task.id).toBe('image_classification');
    expect(run.filename).toBe(column);
    expect(yaml).toContain(`filename_column: ${column} #`);
    expect(validation).toMatchObject({ valid: true, found: 4 });
    expect(validation.findings.filter(({ code }) => code !== 'unlisted-column')).toEqual([]);
  });

  it('and not written if it is called filename', async () => {
    const table = 'filename,label\na,x\nb,y\n';
    const { yaml, run, validation } = await data.describe(
      await data.write({ 'images/a.jpg': jpeg, 'images/b.jpg': jpeg, 'labels.csv': table }),
    );
    expect([yaml.includes('filename_column'), run.filename]).toEqual([false, 'filename']);
    expect(validation).toMatchObject(VALID);
  });
});

describe('the column of the moments is found by its values', () => {
  const days = ['2024-01-30', '2024-01-31', '2024-02-01'];

  it.each<[string, string, string[]]>([
    ['Date', 'DATE', days],
    ['Month', 'months', ['1949-01', '1949-02', '1949-03']],
    ['gemessen am', 'times', days.map((day) => `${day} 12:00`)],
    ['created_at', 'a name that every table has', days],
    ['ts', 'seconds since 1970', ['1663719300', '1663720200', '1663721100']],
  ])('%s: %s', async (name, _, moments) => {
    const rows = moments.map((moment, index) => `${moment},${index + 0.5},${10 - index}.25`);
    const folder = await data.write({ 'series.csv': [`${name},wind,load`, ...rows, ''].join('\n') });
    const { run, validation } = await data.describe(folder, { label: 'load', labelPolicy: 'bucket' });
    expect(run.task.id).toBe('time_series_forecasting');
    expect(run.options).toEqual({ timeColumn: name });
    expect(run.schema.map((column) => column.name)).toEqual([name, 'wind']);
    expect(run.columns.map((column) => [column.name, column.source])).toEqual([
      ['timestamp', name],
      ['wind', undefined],
    ]);
    expect(validation).toMatchObject({ ...VALID, found: 3 });
  });

  it('and a column timestamp that is none is left out, since the table has only one', async () => {
    const rows = days.map((day, index) => `${7 - index},${day},${index}.5`);
    const folder = await data.write({ 'series.csv': ['timestamp,day,load', ...rows, ''].join('\n') });
    const { run, validation } = await data.describe(folder, { label: 'load', labelPolicy: 'bucket' });
    expect(run.columns.map((column) => column.source)).toEqual(['day']);
    expect(validation.valid).toBe(true);
  });
});
