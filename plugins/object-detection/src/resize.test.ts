import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { readTask } from '@tracebloc/ingestor-conformance';
import type { Box } from '@tracebloc/ingestor-images';
import { objectDetection } from './detection.js';
import { boxIn, drawScene, findRed, vocXml, type Scene } from './scene.test-support.js';

interface Setup extends Scene {
  box: Box;
  /** The size in the annotation. Default: that of the scene. */
  size?: [width: number, height: number];
  fileOptions?: Record<string, string | number | number[]>;
}

/** Returns the files that one annotated image becomes, and the findings. */
async function ingest({ size, fileOptions = {}, ...scene }: Setup) {
  const extension = scene.format === 'png' ? '.png' : '.jpg';
  const [width, height] = size ?? [scene.width, scene.height];
  const { records, report } = await readTask(objectDetection, {
    manifest: `filename,label\na,dog\n`,
    label: 'label',
    fileOptions: { extension, ...fileOptions },
    files: {
      [`images/a${extension}`]: await drawScene(scene),
      'annotations/a.xml': vocXml({ filename: `a${extension}`, width, height, boxes: [scene.box] }),
    },
  });
  const [image, xml] = records[0]!.files.map(({ content }) => content);
  const targets = records[0]!.files.map(({ target }) => target);
  return { image: image ?? (await drawScene(scene)), isCopied: !image, xml: xml!, targets, report };
}

/** Expects that the red pixels fill the written box. */
async function expectEnclosed(image: Uint8Array, xml: Uint8Array): Promise<void> {
  const written = boxIn(xml);
  const red = await findRed(image);
  for (const edge of ['xmin', 'ymin', 'xmax', 'ymax'] as const) {
    expect(Math.abs(written[edge] - red.box[edge])).toBeLessThanOrEqual(1);
  }
  const area = (written.xmax - written.xmin) * (written.ymax - written.ymin);
  expect(red.count / area).toBeGreaterThan(0.95);
}

const BOX = { xmin: 100, ymin: 60, xmax: 300, ymax: 110 };

describe('the written box encloses the pixels that the box enclosed before', () => {
  it.each<[string, Setup]>([
    ['a square image', { width: 640, height: 640, box: BOX }],
    ['a square PNG', { width: 640, height: 640, box: BOX, format: 'png' }],
    ['an image made larger', { width: 320, height: 320, box: BOX }],
    [
      'a photo made much smaller',
      {
        ...{ width: 960, height: 960, box: { xmin: 350, ymin: 0, xmax: 960, ymax: 166 } },
        fileOptions: { target_size: [224, 224] },
      },
    ],
    ['stretch', { width: 640, height: 480, box: BOX, fileOptions: { fit: 'stretch' } }],
    ['contain, padded above', { width: 640, height: 480, box: BOX, fileOptions: { fit: 'contain' } }],
    ['contain, padded aside', { width: 320, height: 700, box: BOX, fileOptions: { fit: 'contain' } }],
    ['cover', { width: 640, height: 480, box: BOX, fileOptions: { fit: 'cover' } }],
    [
      'cover, with a box that is cut',
      { width: 640, height: 320, box: { xmin: 20, ymin: 60, xmax: 400, ymax: 200 }, fileOptions: { fit: 'cover' } },
    ],
    ['exact', { width: 640, height: 480, box: BOX, fileOptions: { fit: 'exact', target_size: [640, 480] } }],
    ['another target', { width: 640, height: 480, box: BOX, fileOptions: { target_size: [320, 240] } }],
    [
      'contain in another target',
      { width: 640, height: 480, box: BOX, fileOptions: { fit: 'contain', target_size: [501, 97] } },
    ],
  ])('%s', async (_, setup) => {
    const { image, xml, report } = await ingest(setup);
    expect(report.findings()).toEqual([]);
    await expectEnclosed(image, xml);
  });

  // The scene is drawn as stored; the annotation states the stored size, so its box is one of the stored pixels.
  it.each([5, 6, 7, 8])('an image stored turned, orientation %d, annotated as stored', async (orientation) => {
    const { image, xml, report } = await ingest({
      ...{ width: 400, height: 200, box: BOX, orientation },
      fileOptions: { fit: 'contain' },
    });
    expect(report.findings()).toMatchObject([{ code: 'exif-orientation', file: 'images/a.jpg' }]);
    expect(report.findings()[0]!.message).toContain('turned together with the pixels');
    await expectEnclosed(image, xml);
  });

  it.each([
    [2, { xmin: 100, ymin: 60, xmax: 300, ymax: 110 }],
    [3, { xmin: 100, ymin: 90, xmax: 300, ymax: 140 }],
    [4, { xmin: 100, ymin: 90, xmax: 300, ymax: 140 }],
  ])('an image stored mirrored or upside down, orientation %d, annotated upright', async (orientation, box) => {
    const stored = { xmin: 100, ymin: 60, xmax: 300, ymax: 110 };
    const drawn = await drawScene({ width: 400, height: 200, box: stored, orientation });
    const { records, report } = await readTask(objectDetection, {
      manifest: 'filename,label\na.jpg,dog\n',
      label: 'label',
      fileOptions: { fit: 'stretch' },
      files: { 'images/a.jpg': drawn, 'annotations/a.xml': vocXml({ width: 400, height: 200, boxes: [box] }) },
    });
    expect(report.findings()).toMatchObject([{ code: 'exif-orientation', value: String(orientation) }]);
    const [image, xml] = records[0]!.files.map(({ content }) => content!);
    await expectEnclosed(image!, xml!);
  });

  it('an image stored turned needs no warning if the size proves that it was annotated upright', async () => {
    const upright = { xmin: 90, ymin: 100, xmax: 140, ymax: 300 };
    const drawn = await drawScene({ width: 400, height: 200, box: BOX, orientation: 6 });
    const { records, report } = await readTask(objectDetection, {
      manifest: 'filename,label\na.jpg,dog\n',
      label: 'label',
      fileOptions: { fit: 'contain' },
      files: { 'images/a.jpg': drawn, 'annotations/a.xml': vocXml({ width: 200, height: 400, boxes: [upright] }) },
    });
    expect(report.findings()).toEqual([]);
    const [image, xml] = records[0]!.files.map(({ content }) => content!);
    await expectEnclosed(image!, xml!);
  });
});

describe('an image of the target size', () => {
  it.each(['none', 'exact', 'stretch', 'contain', 'cover'])('is copied byte for byte with fit %s', async (fit) => {
    for (const format of ['jpeg', 'png'] as const) {
      const scene = { width: 448, height: 448, box: BOX, format, fileOptions: { fit } };
      const { isCopied, xml, report } = await ingest(scene);
      expect([isCopied, boxIn(xml), report.findings()]).toEqual([true, BOX, []]);
    }
  });

  it('is encoded if it is turned, at the quality and chroma of the options', async () => {
    const scene = { width: 448, height: 448, box: BOX, orientation: 3 };
    const fine = await ingest(scene);
    const coarse = await ingest({ ...scene, fileOptions: { quality: 50, chroma: '4:2:0' } });
    expect([fine.isCopied, coarse.isCopied]).toEqual([false, false]);
    const chromaOf = async (image: Uint8Array) => (await sharp(image).metadata()).chromaSubsampling;
    expect([await chromaOf(fine.image), await chromaOf(coarse.image)]).toEqual(['4:4:4', '4:2:0']);
    expect(coarse.image.length).toBeLessThan(fine.image.length);
  });

  it('is the only one that fit exact takes', async () => {
    const { report } = await ingest({ width: 448, height: 447, box: BOX, fileOptions: { fit: 'exact' } });
    expect(report.findings()).toMatchObject([{ code: 'wrong-size', value: '448x447', expected: '448x448' }]);
  });
});

it('an object that cover cuts off is left out, with a warning', async () => {
  const box = { xmin: 10, ymin: 60, xmax: 90, ymax: 110 };
  const { xml, report } = await ingest({ width: 640, height: 320, box, fileOptions: { fit: 'cover' } });
  expect(report.findings()).toMatchObject([
    { code: 'cropped-object', file: 'annotations/a.xml', row: 10, value: 'dog' },
  ]);
  expect(Buffer.from(xml).toString()).not.toContain('<object>');
});

describe('the written image', () => {
  it('has the target size and the format of its extension', async () => {
    const { image, targets } = await ingest({ width: 640, height: 640, box: BOX, format: 'png' });
    expect(targets).toEqual(['a.png', 'a.xml']);
    expect(await sharp(image).metadata()).toMatchObject({ format: 'png', width: 448, height: 448, channels: 3 });
  });

  it('no longer says that it is turned', async () => {
    const { image } = await ingest({ width: 400, height: 400, box: BOX, orientation: 6 });
    const { orientation = 1, width, height } = await sharp(image).metadata();
    expect([orientation, width, height]).toEqual([1, 448, 448]);
  });

  it('is padded with black', async () => {
    const { image } = await ingest({ width: 400, height: 200, box: BOX, fileOptions: { fit: 'contain' } });
    const { data } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
    const brightest = (part: Buffer) => part.reduce((most, value) => Math.max(most, value));
    expect(brightest(data.subarray(0, 448 * 3 * 100))).toBeLessThan(8);
    expect(brightest(data.subarray(-448 * 3 * 100))).toBeLessThan(8);
  });

  it('stays grey if its source is', async () => {
    const grey = await sharp(await drawScene({ width: 200, height: 100 }))
      .toColourspace('b-w')
      .jpeg()
      .toBuffer();
    const { records, report } = await readTask(objectDetection, {
      manifest: 'filename,label\na.jpg,dog\n',
      label: 'label',
      fileOptions: { fit: 'contain' },
      files: { 'images/a.jpg': grey, 'annotations/a.xml': vocXml({ width: 200, height: 100, depth: 1 }) },
    });
    expect(report.findings()).toEqual([]);
    const [image, xml] = records[0]!.files.map(({ content }) => content!);
    expect(await sharp(image).metadata()).toMatchObject({ channels: 1, width: 448, height: 448 });
    expect(Buffer.from(xml!).toString()).toContain('<depth>1</depth>');
  });
});

describe('a file that is cut off', () => {
  const noise = (width: number, height: number) => {
    let state = 1;
    const pixels = Uint8Array.from({ length: width * height * 3 }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (state >> 16) & 0xff;
    });
    return sharp(pixels, { raw: { width, height, channels: 3 } });
  };
  const sources = {
    // The decoder itself shrinks an image of more than twice the target size while it loads it.
    'a JPEG': () => noise(500, 500).jpeg({ quality: 70 }).toBuffer(),
    'a progressive JPEG': () => noise(200, 200).jpeg({ progressive: true }).toBuffer(),
    'a small JPEG': () => noise(64, 64).jpeg().toBuffer(),
    'a PNG': () => noise(200, 200).png().toBuffer(),
    'an interlaced PNG': () => noise(200, 200).png({ progressive: true }).toBuffer(),
  };

  it.each(Object.entries(sources))('is reported with and without resizing: %s', async (name, make) => {
    const whole = await make();
    const { width, height } = await sharp(whole).metadata();
    const extension = name.endsWith('PNG') ? '.png' : '.jpg';
    const shares = [0.1, 0.5, 0.9, 0.99, 0.999];
    const run = (content: Buffer, wantsFiles: boolean) =>
      readTask(objectDetection, {
        manifest: 'filename,label\na,dog\n',
        label: 'label',
        fileOptions: { extension, target_size: [100, 100] },
        wantsFiles,
        files: {
          [`images/a${extension}`]: content,
          'annotations/a.xml': vocXml({ filename: `a${extension}`, width, height }),
        },
      });
    for (const wantsFiles of [true, false]) {
      for (const share of shares) {
        const { found, records } = await run(whole.subarray(0, whole.length * share), wantsFiles);
        expect([share, found]).toEqual([share, [['broken-image', undefined, undefined]]]);
        expect(records[0]!.files.filter(({ content }) => content)).toEqual([]);
      }
    }
    expect((await run(whole, true)).found).toEqual([]);
  });
});
