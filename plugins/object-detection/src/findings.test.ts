import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readTask, type TaskOutput } from '@tracebloc/ingestor-conformance';
import type { Finding } from '@tracebloc/ingestor-contract';
import { mixedImages, sampleImages } from '@tracebloc/ingestor-testing';
import { objectDetection } from './detection.js';

interface Dataset {
  /** The filenames of the manifest, each of a dog. */
  names: string[];
  images: Record<string, Uint8Array>;
  /** By file name. */
  annotations: Record<string, string>;
  /** The path of a link to a file of the system. */
  link?: string;
  extension?: string;
}

/** Reads a dataset in one pass. */
function read({ names, images, annotations, link, extension = '.png' }: Dataset): Promise<TaskOutput> {
  const files = Object.entries({ images, annotations }).flatMap(([folder, contents]) =>
    Object.entries<string | Uint8Array>(contents).map(([name, content]) => [`${folder}/${name}`, content] as const),
  );
  return readTask(objectDetection, {
    manifest: ['filename,label', ...names.map((name) => `${name},dog`), ''].join('\n'),
    label: 'label',
    fileOptions: { extension },
    files: Object.fromEntries(files),
    prepare: (root) => {
      if (link !== undefined) symlinkSync('/etc/passwd', join(root, link));
    },
  });
}

/** An annotation of a 64x64 image; the box is on line 8, its edges on the four lines after that. */
function voc(filename: string, [xmin, ymin, xmax, ymax]: (number | string)[] = [8, 8, 40, 40]): string {
  return `<annotation>
  <filename>${filename}</filename>
  <size>
    <width>64</width><height>64</height><depth>3</depth>
  </size>
  <object>
    <name>dog</name>
    <bndbox>
      <xmin>${xmin}</xmin>
      <ymin>${ymin}</ymin>
      <xmax>${xmax}</xmax>
      <ymax>${ymax}</ymax>
    </bndbox>
  </object>
</annotation>
`;
}

const LAUGHS = `<!DOCTYPE annotation [
  <!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">
]>
<annotation><filename>&c;</filename></annotation>
`;

function expectFound({ report }: TaskOutput, expected: Partial<Finding>): void {
  const finding = { ...expected, fix: expect.stringMatching(/.{10}/) };
  expect(report.findings()).toContainEqual(expect.objectContaining(finding));
}

describe('one pass over a folder of images reports everything that is wrong:', () => {
  let output: TaskOutput;

  beforeAll(async () => {
    const good = await sampleImages.png();
    const images: Record<string, Uint8Array> = {
      ...(await mixedImages.files()),
      'tail.png': good.subarray(0, good.length - 12),
      'large.png': await sampleImages.png(96, 96),
      'wide.png': await sampleImages.png(64, 48),
      'other.jpg': await sampleImages.jpeg(),
      'alone.png': good,
    };
    const named = Object.keys(images).filter((name) => name !== mixedImages.unnamed);
    const annotated = Object.keys(images).filter((name) => name !== 'alone.png');
    const annotations = Object.fromEntries(
      annotated.map((name) => [name.replace(/\.\w+$/, '.xml'), name === 'LOUD.PNG' ? voc('LOUD.PNG') : voc(name)]),
    );
    output = await read({
      names: [...named, 'gone', '../../etc/passwd', 'link', ''],
      images,
      annotations: { ...annotations, 'link.xml': voc('link.png'), 'orphan.xml': voc('orphan.png') },
      link: 'images/link.png',
    });
  });

  it.each<Partial<Finding>>([
    ...mixedImages.findings,
    { code: 'broken-image', file: 'images/tail.png' },
    { code: 'mixed-sizes', file: 'images/large.png', value: '96x96', expected: '64x64, as 8 images have' },
    { code: 'size-mismatch', file: 'annotations/large.xml', row: 3, value: '64x64x3', expected: '96x96x3' },
    { code: 'not-square', file: 'images/wide.png', value: '64x48', expected: 'a square image, or `fit`' },
    { code: 'wrong-extension', row: 15, column: 'filename', value: 'other.jpg', expected: 'the extension .png' },
    { code: 'missing-file', row: 17, column: 'filename', value: 'gone', expected: 'images/<name>.png' },
    { code: 'unsafe-filename', row: 18, value: '../../etc/passwd' },
    { code: 'unsafe-filename', row: 19, value: 'link' },
    { code: 'missing-filename', row: 20 },
    { code: 'unpaired-file', file: 'images/alone.png', expected: 'annotations/alone.xml' },
    { code: 'unpaired-file', file: 'annotations/orphan.xml', expected: 'images/orphan.png' },
  ])('%j', (expected) => expectFound(output, expected));

  it('no name of a good image', () => {
    const text = JSON.stringify(output.report.findings());
    for (const name of mixedImages.goodStems) expect(text).not.toContain(name);
  });
});

it('a CMYK JPEG, and one that is cut off at its last permille, are reported by their names', async () => {
  const whole = await sampleImages.jpeg(512, 512);
  const names = ['a', 'cmyk', 'cut'];
  const output = await read({
    names,
    images: {
      'a.jpg': whole,
      'cmyk.jpg': await sampleImages.cmyk(512, 512),
      'cut.jpg': whole.subarray(0, whole.length * 0.999),
    },
    annotations: Object.fromEntries(
      names.map((name) => [`${name}.xml`, voc(`${name}.jpg`).replaceAll('>64<', '>512<')]),
    ),
    extension: '.jpg',
  });
  expectFound(output, { code: 'color-channels', file: 'images/cmyk.jpg', value: 'CMYK' });
  expectFound(output, { code: 'broken-image', file: 'images/cut.jpg' });
  expect(output.report.errors).toBe(2);
});

describe('one pass over the annotations reports everything that is wrong, and nothing else:', () => {
  let output: TaskOutput;

  beforeAll(async () => {
    const good = await sampleImages.png();
    const annotations: Record<string, string> = {
      'good.xml': voc('good.png'),
      'doctype.xml': `<?xml version="1.0"?>\n<!DOCTYPE annotation SYSTEM "file:///etc/passwd">\n${voc('doctype.png')}`,
      'laughs.xml': LAUGHS,
      'text.xml': 'dog 8 8 40 40\n',
      'broken.xml': voc('broken.png').replace('</object>', ''),
      'outside.xml': voc('outside.png', [8, 8, 65, 40]),
      'negative.xml': voc('negative.png', [-1, 8, 40, 40]),
      'inverted.xml': voc('inverted.png', [40, 8, 8, 40]),
      'flat.xml': voc('flat.png', [8, 40, 40, 40]),
      'nan.xml': voc('nan.png', [8, 'NaN', 40, 40]),
      'empty.xml': '',
      'turtle.xml': voc('turtle.png').replace('>dog<', '>turtle<'),
      'renamed.xml': voc('original.png'),
    };
    const stems = Object.keys(annotations).map((name) => name.slice(0, -4));
    output = await read({
      names: [...stems, 'link'],
      images: Object.fromEntries([...stems, 'link'].map((stem) => [`${stem}.png`, good])),
      annotations,
      link: 'annotations/link.xml',
    });
  });

  it.each<Partial<Finding>>([
    { code: 'xml-entity', file: 'annotations/doctype.xml', row: 2, value: '<!DOCTYPE' },
    { code: 'xml-entity', file: 'annotations/laughs.xml', row: 1, value: '<!DOCTYPE' },
    { code: 'not-xml', file: 'annotations/text.xml', row: 1 },
    { code: 'not-xml', file: 'annotations/broken.xml', row: 15 },
    {
      code: 'box-outside',
      file: 'annotations/outside.xml',
      row: 8,
      value: '8,8 to 65,40',
      expected: '0,0 to 64,64 at most',
    },
    { code: 'box-outside', file: 'annotations/negative.xml', row: 8, value: '-1,8 to 40,40' },
    { code: 'inverted-box', file: 'annotations/inverted.xml', row: 8, value: '40,8 to 8,40' },
    { code: 'empty-box', file: 'annotations/flat.xml', row: 8, value: '8,40 to 40,40' },
    { code: 'bad-coordinate', file: 'annotations/nan.xml', row: 10, column: 'ymin', value: 'NaN' },
    { code: 'zero-byte-file', file: 'annotations/empty.xml' },
    { code: 'unsafe-filename', row: 15, value: 'link' },
    { code: 'unlisted-name', severity: 'warning', file: 'annotations/turtle.xml', value: 'turtle' },
    { code: 'filename-differs', severity: 'warning', file: 'annotations/renamed.xml', row: 2, expected: 'renamed.png' },
  ])('%j', (expected) => expectFound(output, expected));

  it('the counts', () => {
    expect(output.report).toMatchObject({ errors: 11, warnings: 2 });
  });
});
