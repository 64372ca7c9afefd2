import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@tracebloc/ingestor-contract';
import { readTask, type TaskInput } from '@tracebloc/ingestor-conformance';
import { objectDetection } from './detection.js';
import { drawScene, vocXml } from './scene.test-support.js';

let image: Buffer;
beforeAll(async () => {
  image = await drawScene({ width: 64, height: 64 });
});

/** Returns images and annotations with these stems. */
function filesOf(...stems: string[]): Record<string, string | Uint8Array> {
  return Object.fromEntries<string | Uint8Array>(
    stems.flatMap((stem) => [
      [`images/${stem}.jpg`, image],
      [`annotations/${stem}.xml`, vocXml({ filename: `${stem}.jpg` })],
    ]),
  );
}

function run(manifest: string, files: TaskInput['files'], more: Partial<TaskInput> = {}) {
  return readTask(objectDetection, { manifest, label: 'label', files, ...more });
}

describe('records', () => {
  const files = () => ({ ...filesOf('a', 'b', 'c') });

  it('are the same whether a row is an object or an image', async () => {
    const files = () => ({
      ...filesOf('a', 'b', 'c'),
      'annotations/b.xml': vocXml({ filename: 'b.jpg', name: 'cat' }),
    });
    const perImage = await run('filename,label\na,dog\nb,cat\nc,dog\n', files());
    const perObject = await run('filename,label\na,dog\na,cat\nb,cat\nc,dog\na.jpg,dog\nc.jpg,dog\nb,dog\n', files());
    const shape = ({ records }: typeof perImage) =>
      records.map(({ filename, extension, label, files }) => [
        filename,
        extension,
        label,
        ...files.map((f) => f.target),
      ]);
    expect(shape(perImage)).toEqual([
      ['a', '.jpg', 'dog', 'a.jpg', 'a.xml'],
      ['b', '.jpg', 'cat', 'b.jpg', 'b.xml'],
      ['c', '.jpg', 'dog', 'c.jpg', 'c.xml'],
    ]);
    expect(shape(perObject)).toEqual(shape(perImage));
    expect([...perImage.found, ...perObject.found]).toEqual([]);
    const contents = ({ records }: typeof perImage) =>
      records.flatMap(({ files }) => files.map(({ content }) => content));
    expect(contents(perObject)).toEqual(contents(perImage));
  });

  it('come from the first row of an image; of later rows only the label counts', async () => {
    const files = { ...filesOf('a', 'b'), 'annotations/b.xml': vocXml({ filename: 'b.jpg', name: 'cat' }) };
    const { records, found } = await run('filename,label,site\na,cat,x\na,dog,y\nb,cat,z\n', files, {
      schema: { site: 'VARCHAR(8)' },
    });
    expect(records).toMatchObject([{ row: 2, label: 'cat', values: ['x'] }, { row: 4 }]);
    expect(found).toEqual([]);
  });

  it('may all be of one class', async () => {
    expect((await run('filename,label\na,dog\n', filesOf('a'))).found).toEqual([]);
  });

  it('keep names with dots, spaces and accents, and write the extension in lower case', async () => {
    const files = {
      'images/photo.2024.JPG': image,
      'annotations/photo.2024.xml': vocXml({ filename: 'photo.2024.JPG' }),
      'images/zwei Höfe.jpg': image,
      'annotations/zwei Höfe.xml': vocXml({ filename: 'zwei Höfe.jpg' }),
    };
    const { records, found } = await run('filename,label\nphoto.2024,dog\nzwei Höfe.jpg,dog\n', files);
    expect(found).toEqual([]);
    expect(records.map(({ filename, extension }) => [filename, extension])).toEqual([
      ['photo.2024', '.jpg'],
      ['zwei Höfe', '.jpg'],
    ]);
    const [, xml] = records[0]!.files;
    expect(Buffer.from(xml!.content!).toString()).toContain('<filename>photo.2024.jpg</filename>');
  });

  it('have no content unless it is wanted, and then always the same', async () => {
    const idle = await run('filename,label\na,dog\n', filesOf('a'), { wantsFiles: false });
    expect(idle.records[0]!.files.map(({ target, content }) => [target, content])).toEqual([
      ['a.jpg', undefined],
      ['a.xml', undefined],
    ]);
    const [first, second] = [
      await run('filename,label\na,dog\n', files()),
      await run('filename,label\na,dog\n', files()),
    ];
    expect(first.records[0]!.files.map(({ content }) => content)).toEqual(
      second.records[0]!.files.map(({ content }) => content),
    );
  });
});

describe('the written annotation', () => {
  it('has the new name, size and boxes, and is otherwise unchanged', async () => {
    const xml = vocXml({
      filename: 'old.jpg',
      boxes: [{ xmin: 0, ymin: 0.5, xmax: '6.4e1', ymax: 33.25 }],
      name: 'dog &amp; cat',
      more: [
        '<pose>Left</pose><truncated>1</truncated><difficult>0</difficult><occluded>1</occluded>',
        '<part><name>head</name><bndbox><xmin>0</xmin><ymin>0</ymin><xmax>32</xmax><ymax>16</ymax></bndbox></part>',
        '<polygon><x1>3</x1></polygon>\n',
      ].join('\n'),
      after: '<segmented>0</segmented><source><database>Zoo</database></source>',
    });
    const { records, found } = await run('filename,label\na,dog & cat\n', {
      'images/a.jpg': image,
      'annotations/a.xml': xml,
    });
    expect(found).toEqual([
      ['filename-differs', 2, 'filename'],
      ['left-out-shape', 18, 'polygon'],
    ]);
    const written = Buffer.from(records[0]!.files[1]!.content!).toString();
    expect(written.replace(/[\t\n]/g, '')).toBe(
      [
        '<annotation><filename>a.jpg</filename>',
        '<size><width>448</width><height>448</height><depth>3</depth></size>',
        '<object><name>dog &amp; cat</name>',
        '<bndbox><xmin>0</xmin><ymin>4</ymin><xmax>448</xmax><ymax>233</ymax></bndbox>',
        '<pose>Left</pose><truncated>1</truncated><difficult>0</difficult><occluded>1</occluded>',
        '<part><name>head</name><bndbox><xmin>0</xmin><ymin>0</ymin><xmax>224</xmax><ymax>112</ymax></bndbox></part>',
        '</object><segmented>0</segmented><source><database>Zoo</database></source></annotation>',
      ].join(''),
    );
  });
});

describe('pairs', () => {
  it('are required in both directions, and reported once for each file', async () => {
    const files = {
      ...filesOf('a'),
      'images/alone.jpg': image,
      'annotations/orphan.xml': vocXml(),
      'elsewhere/b.jpg': image,
    };
    const { report, records } = await run('filename,label\na,dog\nalone,dog\nalone,dog\n', files);
    expect(report.findings().map(({ code, file, expected }) => [code, file, expected])).toEqual([
      ['unpaired-file', 'images/alone.jpg', 'annotations/alone.xml'],
      ['unpaired-file', 'annotations/orphan.xml', 'images/orphan.jpg'],
    ]);
    expect(records.map(({ filename }) => filename)).toEqual(['a', 'alone']);
  });

  it('are required of a linked image too', async () => {
    const { found } = await run('filename,label\na,dog\nb,dog\n', filesOf('a'), {
      prepare: (root) => symlinkSync(join(root, 'images/a.jpg'), join(root, 'images/b.jpg')),
    });
    expect(found).toEqual([['unpaired-file', undefined, undefined]]);
  });

  it('that no row names are left out with a warning', async () => {
    const { report, records } = await run('filename,label\na,dog\n', filesOf('a', 'b'));
    expect(report.totals()).toEqual([{ code: 'unnamed-file', severity: 'warning', total: 1 }]);
    expect(records).toHaveLength(1);
  });
});

describe('names that are not labels', () => {
  it('are reported once each, with their number and first file', async () => {
    const files = filesOf('a', 'b', 'c');
    for (const stem of ['c', 'b']) files[`annotations/${stem}.xml`] = vocXml({ filename: `${stem}.jpg`, name: 'Dog' });
    const { report } = await run('filename,label\na,dog\nc,dog\nb,dog\n', files);
    expect(report.findings()).toMatchObject([
      { code: 'unlisted-name', severity: 'warning', file: 'annotations/b.xml', value: 'Dog' },
      { code: 'similar-classes', severity: 'warning', file: 'annotations/a.xml', value: 'Dog, dog' },
    ]);
    expect(report.findings()[0]!.message).toContain('2 objects');
  });

  it('are compared with the labels of merged rows and of later rows too', async () => {
    const files = { ...filesOf('a', 'b'), 'annotations/a.xml': vocXml({ name: 'cat' }) };
    expect((await run('filename,label\na,dog\nb,dog\na,cat\n', files)).found).toEqual([]);
  });

  it('are not reported when rows, and so labels, are missing', async () => {
    const files = { ...filesOf('a'), 'annotations/a.xml': vocXml({ name: 'cat' }) };
    expect((await run('filename,label\na,dog\na,cat,extra\n', files)).found).toEqual([['ragged-row', 3, undefined]]);
  });
});

describe('a label that no object has', () => {
  it('is reported where labels are the names of objects', async () => {
    const { report } = await run('filename,label\na,dog\nb,bird\nb,dog\n', filesOf('a', 'b'));
    expect(report.findings()).toMatchObject([
      { code: 'unused-class', severity: 'warning', file: 'data', column: 'label', value: 'bird' },
    ]);
  });

  it('is not where no label is one', async () => {
    const { found } = await run('filename,label\na,beach\nb,street\n', filesOf('a', 'b'));
    expect(found).toEqual([['unlisted-name', undefined, 'name']]);
  });
});

describe('shape and size', () => {
  it('an image that is not square needs fit, unless the target has its shape', async () => {
    const files = {
      'images/a.jpg': await drawScene({ width: 80, height: 60 }),
      'annotations/a.xml': vocXml({ width: 80, height: 60 }),
    };
    const { report } = await run('filename,label\na,dog\n', files);
    expect(report.findings()).toMatchObject([{ code: 'not-square', file: 'images/a.jpg', value: '80x60' }]);
    const remedies: JsonObject[] = [{ fit: 'stretch' }, { fit: 'contain' }, { target_size: [160, 120] }];
    for (const fileOptions of remedies) {
      expect((await run('filename,label\na,dog\n', files, { fileOptions })).found).toEqual([]);
    }
  });

  it('all images must have one size, in any order', async () => {
    const files = filesOf('a', 'b', 'c', 'd');
    for (const stem of ['d', 'c']) {
      files[`images/${stem}.jpg`] = await drawScene({ width: 96, height: 96 });
      files[`annotations/${stem}.xml`] = vocXml({ filename: `${stem}.jpg`, width: 96, height: 96 });
    }
    const { report } = await run('filename,label\nd,dog\nc,dog\nb,dog\na,dog\n', files);
    expect(report.findings()).toMatchObject([
      { code: 'mixed-sizes', file: 'images/c.jpg', value: '96x96', expected: '64x64, as 2 images have' },
    ]);
  });

  it('images have one size if they have it after they are turned upright', async () => {
    const files = {
      'images/a.jpg': await drawScene({ width: 80, height: 60 }),
      'annotations/a.xml': vocXml({ width: 80, height: 60 }),
      'images/b.jpg': await drawScene({ width: 60, height: 80, orientation: 6 }),
      'annotations/b.xml': vocXml({ filename: 'b.jpg', width: 80, height: 60 }),
    };
    expect((await run('filename,label\na,dog\nb,dog\n', files, { fileOptions: { fit: 'stretch' } })).found).toEqual([]);
  });
});

it('a missing filename column is reported, and the labels are still checked', async () => {
  const { found } = await run('name,label\na,\n', filesOf('a'));
  expect(found.map(([code]) => code)).toEqual(['missing-column', 'unlisted-column', 'missing-label']);
});

it('stops when its signal aborts', async () => {
  const controller = new AbortController();
  controller.abort();
  await expect(run('filename,label\na,dog\n', filesOf('a'), { signal: controller.signal })).rejects.toMatchObject({
    name: 'InterruptedError',
  });
});
