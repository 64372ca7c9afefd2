import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { DataFolders } from './init.test-support.js';

let data: DataFolders;

beforeAll(async () => {
  data = await DataFolders.make();
});
afterAll(() => data.remove());

type Size = [width: number, height: number];

/** Returns images of these sizes with a table that names them, and annotations if they are wanted. */
async function filesOf(sizes: readonly Size[], { voc = false, orientation = 1 } = {}) {
  const files: Record<string, string | Uint8Array> = {};
  for (const [index, [width, height]] of sizes.entries()) {
    files[`Images/${index}.jpg`] = await sampleImages.turned(orientation, width, height);
    const size = orientation >= 5 ? [height, width] : [width, height];
    if (voc) files[`Annotations/${index}.xml`] = annotation(`${index}.jpg`, size as Size);
  }
  const rows = sizes.map((_, index) => `${index},${index % 2 === 0 ? 'x' : 'y'}`);
  return { ...files, 'labels.csv': ['filename,label', ...rows, ''].join('\n') };
}

function annotation(filename: string, [width, height]: Size): string {
  const box = '<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>9</xmax><ymax>8</ymax></bndbox>';
  const size = `<size><width>${width}</width><height>${height}</height><depth>3</depth></size>`;
  const names = ['x', 'y'].map((name) => `<object><name>${name}</name>${box}</object>`).join('');
  return `<annotation><filename>${filename}</filename>${size}${names}</annotation>`;
}

const four = (...size: Size): Size[] => Array.from({ length: 4 }, () => size);

describe('images are measured, so that the description validates', () => {
  it.each<[string, Size[], string[]]>([
    ['a square', four(64, 64), ['target_size: [ 64, 64 ] # the width and height of all images']],
    ['a landscape', four(96, 72), ['target_size: [ 96, 72 ] #']],
    ['tiny ones', four(28, 20), ['target_size: [ 28, 20 ] #', 'min_size: [ 28, 20 ] # the least width and height']],
  ])('%s, for classification', async (_, sizes, lines) => {
    const { yaml, run, validation } = await data.describe(await data.write(await filesOf(sizes)));
    expect(run.task.id).toBe('image_classification');
    for (const line of lines) expect(yaml).toContain(line);
    expect(validation).toMatchObject({ valid: true, warnings: 0 });
  });

  it('by the stored pixels, for classification, since training reads these', async () => {
    const files = await filesOf(four(96, 72), { orientation: 6 });
    const { yaml, validation } = await data.describe(await data.write(files));
    expect(yaml).toContain('target_size: [ 96, 72 ]');
    expect(validation.valid).toBe(true);
  });

  it('with a way to fit them, for classification of several sizes', async () => {
    const sizes: Size[] = [...four(64, 64), [96, 64], [40, 50]];
    const { yaml, validation } = await data.describe(await data.write(await filesOf(sizes)));
    expect(yaml).toContain(
      'target_size: [ 64, 64 ] # the most common size; the images have 3 sizes: 64x64 (4 images), 96x64 (1), 40x50 (1)',
    );
    expect(yaml).toContain('fit: contain # the images differ in size: contain keeps their shape and pads with black');
    expect(validation).toMatchObject({ valid: true, findings: [] });
  });

  it.each([false, true])('with what converts them, with annotations: %s', async (voc) => {
    const files: Record<string, string | Uint8Array> = await filesOf(four(64, 64), { voc });
    const others = {
      'x.webp': await sampleImages.webp(),
      'y.jpg': await sampleImages.alpha(64, 64),
      'z.jpg': await sampleImages.webp(),
    };
    for (const [name, content] of Object.entries(others)) {
      files[`Images/${name}`] = content;
      if (voc) files[`Annotations/${name[0]!}.xml`] = annotation(`${name[0]!}.jpg`, [64, 64]);
      files['labels.csv'] = `${files['labels.csv'] as string}${name.slice(0, 1)},x\n`;
    }
    const { yaml, validation } = await data.describe(await data.write(files));
    expect(yaml).toContain('convert: true # converts to the format of .jpg: 2 WebP, 1 PNG, 1 RGB with alpha');
    expect(yaml).not.toContain('extension: .webp');
    expect(validation).toMatchObject({ valid: true, found: 7 });
    expect(
      validation.findings.filter(({ code }) => !['filename-differs', 'similar-classes'].includes(code)),
    ).toMatchObject([
      { code: 'converted-image', message: '3 images were converted: 2 WebP; 1 PNG; 1 RGB with alpha, over #ffffff.' },
    ]);
  });

  it('that are all of a format which is only converted', async () => {
    const files: Record<string, string | Uint8Array> = { 'labels.csv': 'filename,label\na,x\nb,y\nc,x\nd,y\n' };
    for (const stem of ['a', 'b', 'c', 'd']) files[`Images/${stem}.webp`] = await sampleImages.webp();
    const { yaml, validation } = await data.describe(await data.write(files));
    expect(yaml).toContain('extension: .jpg');
    expect(yaml).toContain('convert: true # converts to the format of .jpg: 4 WebP');
    expect(validation).toMatchObject({ valid: true, found: 4 });
  });

  it('and told apart where they are grey or turned', async () => {
    const files = {
      ...(await filesOf(four(64, 64), { orientation: 3 })),
      'Images/0.jpg': await sampleImages.oneChannel(64, 64),
    };
    const { yaml } = await data.describe(await data.write(files));
    expect(yaml).toContain(
      'images: Images # 4 images: 1 in grey and 3 in colours; 3 stored turned or mirrored, as their EXIF data says',
    );
  });

  it.each<[string, Size[], number, string | undefined]>([
    ['squares', four(96, 96), 1, undefined],
    ['a landscape', four(96, 72), 1, 'fit: contain # the images are not square: contain keeps their shape'],
    ['photos that are stored turned', four(96, 72), 6, 'fit: contain # the images are not square'],
    ['squares of several sizes', [...four(96, 96), [64, 64]], 1, 'fit: contain # the images differ in size: '],
    ['several shapes', [...four(96, 96), [64, 48]], 1, 'fit: contain # the images are not square'],
    ['tiny ones', four(20, 20), 1, 'min_size: [ 20, 20 ] #'],
  ])('%s, for detection', async (_, sizes, orientation, line) => {
    const files = await filesOf(sizes, { voc: true, orientation });
    const { yaml, run, validation } = await data.describe(await data.write(files));
    expect(run.task.id).toBe('object_detection');
    expect(yaml).toContain('target_size: [ 448, 448 ] # the width and height to which the images are resized');
    if (line === undefined) expect(yaml).not.toContain('fit:');
    else expect(yaml).toContain(line);
    expect(validation).toMatchObject({ valid: true, findings: [] });
  });

  it('for detection, also if the table names them in a column of another name', async () => {
    const files = await filesOf(four(96, 96), { voc: true });
    const table = files['labels.csv'].replace('filename', 'image_id');
    const { run, validation } = await data.describe(await data.write({ ...files, 'labels.csv': table }));
    expect([run.task.id, run.filename]).toEqual(['object_detection', 'image_id']);
    expect(validation).toMatchObject({ valid: true, findings: [], found: 4 });
  });

  it('and files that are no images are passed over', async () => {
    const files = { ...(await filesOf(four(64, 64))), 'Images/4.jpg': 'text', 'Images/._0.jpg': 'fork' };
    expect((await data.describe(await data.write(files))).yaml).toContain('target_size: [ 64, 64 ] # the width');
  });
});
