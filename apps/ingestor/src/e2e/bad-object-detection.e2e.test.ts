import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '@tracebloc/ingestor-contract';
import type { ValidationResult } from '@tracebloc/ingestor-pipeline';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { documentOf, lastLine, World } from '@tracebloc/ingestor-testing/command';

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

interface Dataset {
  /** The filenames of the manifest, each of a dog. */
  names: string[];
  images: Record<string, Uint8Array>;
  /** By file name. */
  annotations: Record<string, string>;
  extension?: string;
}

/** A dataset of its own in the world's folder: an ingest.yaml, a manifest, images and annotations. */
function write(table: string, { names, images, annotations, extension = '.png' }: Dataset): string {
  const folder = join(world.folder, table);
  for (const [field, files] of Object.entries({ images, annotations })) {
    mkdirSync(join(folder, field), { recursive: true });
    for (const [name, content] of Object.entries<string | Uint8Array>(files))
      writeFileSync(join(folder, field, name), content);
  }
  writeFileSync(join(folder, 'labels.csv'), ['filename,label', ...names.map((name) => `${name},dog`), ''].join('\n'));
  const config = {
    apiVersion: 'tracebloc.io/v1',
    kind: 'IngestConfig',
    category: 'object_detection',
    table,
    intent: 'train',
    csv: 'labels.csv',
    label: 'label',
    spec: { file_options: { extension } },
  };
  writeFileSync(join(folder, 'ingest.yaml'), JSON.stringify(config));
  return join(table, 'ingest.yaml');
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

async function validate(config: string): Promise<ValidationResult> {
  const ended = await world.run(['validate', '-c', config, '--json']);
  expect(ended.code).toBe(3);
  return documentOf<ValidationResult>(ended);
}

function expectTold(findings: Finding[], expected: Partial<Finding>): void {
  expect(findings).toContainEqual(expect.objectContaining({ ...expected, fix: expect.stringMatching(/.{10}/) }));
}

describe('one pass tells everything that is wrong with a folder of images', () => {
  let result: ValidationResult;
  let config: string;

  beforeAll(async () => {
    const good = await sampleImages.png();
    const images: Record<string, Uint8Array> = {
      'good 1.png': good,
      'größe.png': good,
      'photo.2024.png': good,
      'LOUD.PNG': good,
      'empty.png': Buffer.alloc(0),
      'cut.png': good.subarray(0, good.length / 2),
      'tail.png': good.subarray(0, good.length - 12),
      'jpeg.png': await sampleImages.jpeg(),
      'deep.png': await sampleImages.png16(),
      'clear.png': await sampleImages.alpha(),
      'bomb.png': sampleImages.bomb(),
      'large.png': await sampleImages.png(96, 96),
      'wide.png': await sampleImages.png(64, 48),
      'other.jpg': await sampleImages.jpeg(),
      'alone.png': good,
      'forgotten.png': good,
    };
    const named = Object.keys(images).filter((name) => name !== 'forgotten.png');
    const annotated = Object.keys(images).filter((name) => name !== 'alone.png');
    const annotations = Object.fromEntries(
      annotated.map((name) => [name.replace(/\.\w+$/, '.xml'), name === 'LOUD.PNG' ? voc('LOUD.PNG') : voc(name)]),
    );
    config = write('bad_images', {
      names: [...named, 'gone', '../../etc/passwd', 'link', ''],
      images,
      annotations: { ...annotations, 'link.xml': voc('link.png'), 'orphan.xml': voc('orphan.png') },
    });
    symlinkSync('/etc/passwd', join(world.folder, 'bad_images', 'images', 'link.png'));
    result = await validate(config);
  });

  it.each<Partial<Finding>>([
    { code: 'zero-byte-file', file: 'images/empty.png' },
    { code: 'broken-image', file: 'images/cut.png' },
    { code: 'broken-image', file: 'images/tail.png' },
    { code: 'format-mismatch', file: 'images/jpeg.png', expected: 'png' },
    { code: 'bit-depth', file: 'images/deep.png', value: '16 bit', expected: '8 bit' },
    { code: 'color-channels', file: 'images/clear.png', value: 'RGB with alpha', expected: 'grey or RGB' },
    { code: 'too-many-pixels', file: 'images/bomb.png', value: '20000x20000' },
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
    { code: 'unnamed-file', severity: 'warning', file: 'images/' },
  ])('$code $file$row', (expected) => expectTold(result.findings, expected));

  it('and nothing of what is good', () => {
    const told = JSON.stringify(result.findings);
    for (const name of ['good 1', 'größe', 'photo.2024', 'LOUD']) expect(told).not.toContain(name);
  });

  it('and an ingest ends with 3 and leaves nothing', async () => {
    const before = await world.traces();
    for (const env of [world.local, world.embedded]) {
      const ended = await world.run(['ingest', '-c', config], env);
      expect(ended.code).toBe(3);
      expect(ended.stdout).toContain('bad_images was not ingested');
    }
    expect((await world.traces()).files).toEqual(before.files);
  });
});

describe('a CMYK JPEG, or one that is cut off at its last permille', () => {
  it('is told by its name', async () => {
    const whole = await sampleImages.jpeg(512, 512);
    const names = ['a', 'cmyk', 'cut'];
    const config = write('bad_jpegs', {
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
    const { findings, errors } = await validate(config);
    expectTold(findings, { code: 'color-channels', file: 'images/cmyk.jpg', value: 'CMYK' });
    expectTold(findings, { code: 'broken-image', file: 'images/cut.jpg' });
    expect(errors).toBe(2);
  });
});

describe('one pass tells everything that is wrong with the annotations', () => {
  let result: ValidationResult;
  let config: string;

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
    config = write('bad_annotations', {
      names: [...stems, 'link'],
      images: Object.fromEntries([...stems, 'link'].map((stem) => [`${stem}.png`, good])),
      annotations,
    });
    symlinkSync('/etc/passwd', join(world.folder, 'bad_annotations', 'annotations', 'link.xml'));
    result = await validate(config);
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
  ])('$code $file', (expected) => expectTold(result.findings, expected));

  it('and nothing else', () => {
    expect(result).toMatchObject({ errors: 11, warnings: 2, found: 14 });
  });

  it('and an ingest ends with 3, tells them as text, and leaves nothing', async () => {
    const before = await world.traces();
    const ended = await world.run(['ingest', '-c', config], world.embedded);
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain('✖ inverted-box  1 error');
    expect(ended.stdout).toContain('annotations/inverted.xml:8 bndbox  ');
    expect((await world.traces()).files).toEqual(before.files);
  });
});

it('rows of one image ingest it once, with its annotation beside it', async () => {
  const good = await sampleImages.png();
  const config = write('merged', {
    names: ['a', 'b', 'a.png', 'a'],
    images: { 'a.png': good, 'b.png': good },
    annotations: { 'a.xml': voc('a.png'), 'b.xml': voc('b.png') },
  });
  const ended = await world.run(['ingest', '-c', config]);
  expect(ended).toMatchObject({ code: 0 });
  expect(lastLine(ended)).toBe('All records processed successfully');
  const rows = await world.rows('merged');
  expect(rows.map(({ filename, extension, label }) => [filename, extension, label])).toEqual(
    expect.arrayContaining([
      ['a', '.png', 'dog'],
      ['b', '.png', 'dog'],
    ]),
  );
  expect(rows).toHaveLength(2);
  const names = Object.keys((await world.traces()).files).filter((path) => path.includes('/merged/'));
  expect(names.map((path) => path.split('/').at(-1)).sort()).toEqual(['a.png', 'a.xml', 'b.png', 'b.xml']);
});
