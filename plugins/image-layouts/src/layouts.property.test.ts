import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createReport } from '@tracebloc/ingestor-dataset';
import { readIndices } from '@tracebloc/ingestor-images';
import { writePng } from '@tracebloc/ingestor-annotations';
import { coco } from './coco/layout.js';
import { folderOf, imageOf, openLayout, type Opened } from './layout.test-support.js';
import { voc } from './voc/layout.js';
import { yolo } from './yolo/layout.js';

/** A rectangle or a triangle in one, with edges at whole pixels. */
interface Thing {
  className: string;
  box: [left: number, top: number, right: number, bottom: number];
  polygon: number[];
  asRuns: boolean;
}

interface Picture {
  name: string;
  width: number;
  height: number;
  things: Thing[];
}

const CLASSES = ['ant', 'bee', 'cat'];

const thing = (width: number, height: number): fc.Arbitrary<Thing> => {
  const edges = (length: number) =>
    fc.tuple(fc.integer({ min: 0, max: length - 1 }), fc.integer({ min: 1, max: length }));
  return fc
    .record({
      className: fc.constantFrom(...CLASSES),
      x: edges(width),
      y: edges(height),
      isRectangle: fc.boolean(),
      asRuns: fc.boolean(),
    })
    .map(({ className, x, y, isRectangle, asRuns }): Thing => {
      const [left, right] = [Math.min(...x), Math.max(Math.max(...x), Math.min(...x) + 1)];
      const [top, bottom] = [Math.min(...y), Math.max(Math.max(...y), Math.min(...y) + 1)];
      const rectangle = [left, top, right, top, right, bottom, left, bottom];
      return {
        className,
        box: [left, top, right, bottom],
        polygon: isRectangle ? rectangle : rectangle.slice(0, 6),
        asRuns,
      };
    });
};

const picture = fc
  .record({
    stem: fc.stringMatching(/^[a-z0-9]{1,6}(-[A-Z0-9]{1,3})?$/),
    width: fc.integer({ min: 2, max: 40 }),
    height: fc.integer({ min: 2, max: 40 }),
  })
  .chain(({ stem, width, height }) =>
    fc
      .array(thing(width, height), { maxLength: 4 })
      .map((things): Picture => ({ name: `${stem}.png`, width, height, things })),
  );
const dataset = fc.uniqueArray(picture, { minLength: 1, maxLength: 4, selector: ({ name }) => name.toLowerCase() });

/** Returns the value of each pixel, found by its own test. */
function pixelsOf({ width, height, things }: Picture, values: (one: Thing) => number): Uint8Array {
  const pixels = new Uint8Array(width * height);
  for (const one of things) {
    const [left, top, right, bottom] = one.box;
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        // Of a triangle, the pixels on the upper right of the line from the upper left corner to the lower right one.
        const [x, y] = [(2 * (column - left) + 1) * (bottom - top), (2 * (row - top) + 1) * (right - left)];
        if (one.polygon.length === 8 || x >= y) pixels[row * width + column] = values(one);
      }
    }
  }
  return pixels;
}

function runsOf(picture: Picture, one: Thing): object {
  const { width, height } = picture;
  const pixels = pixelsOf({ ...picture, things: [one] }, () => 1);
  const counts = [0];
  for (let at = 0; at < pixels.length; at++) {
    const value = pixels[(at % height) * width + Math.floor(at / height)]!;
    if (value === (counts.length - 1) % 2) counts[counts.length - 1]!++;
    else counts.push(1);
  }
  return { size: [height, width], counts };
}

async function imagesBelow(folder: string, pictures: readonly Picture[]): Promise<Record<string, Buffer>> {
  const entries = pictures.map(
    async ({ name, width, height }) => [`${folder}/${name}`, await imageOf(width, height)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

type Form = 'boxes' | 'masks';

async function openCoco(pictures: readonly Picture[], form: Form): Promise<Opened> {
  const annotations = pictures.flatMap((one, image_id) =>
    one.things.map(({ className, box: [left, top, right, bottom], polygon, asRuns }, at) => ({
      image_id,
      category_id: CLASSES.indexOf(className) + 5,
      bbox: [left, top, right - left, bottom - top],
      segmentation: asRuns ? runsOf(one, one.things[at]!) : [polygon],
    })),
  );
  const images = pictures.map(({ name, width, height }, id) => ({ id, file_name: name, width, height }));
  const categories = CLASSES.map((name, at) => ({ id: at + 5, name })).reverse();
  const files = await imagesBelow('images', pictures);
  const root = await folderOf({ ...files, 'labels.json': JSON.stringify({ categories, annotations, images }) });
  return openLayout(coco, join(root, 'labels.json'), form);
}

/** Fractions have six digits, as tools write them. */
async function openYolo(pictures: readonly Picture[], form: Form): Promise<Opened> {
  const names = [...CLASSES].reverse();
  const labels = pictures.map(({ name, width, height, things }) => {
    const lines = things.map(({ className, box: [left, top, right, bottom], polygon }) => {
      const numbers =
        form === 'masks'
          ? polygon.map((one, at) => one / (at % 2 === 0 ? width : height))
          : [(left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height];
      return [names.indexOf(className), ...numbers.map((one) => one.toFixed(6))].join(' ');
    });
    return [`labels/${name.replace('.png', '.txt')}`, lines.join('\n')];
  });
  const files = {
    ...(await imagesBelow('images', pictures)),
    ...(Object.fromEntries(labels) as Record<string, string>),
  };
  const root = await folderOf({ ...files, 'data.yaml': `names: [${names.join(', ')}]\ntrain: images\n` });
  return openLayout(yolo, join(root, 'data.yaml'), form);
}

async function openVoc(pictures: readonly Picture[], form: Form): Promise<Opened> {
  const files: Record<string, string | Buffer> = await imagesBelow('JPEGImages', pictures);
  for (const one of pictures) {
    const stem = one.name.replace('.png', '');
    const objects = one.things.map(
      ({ className, box: [left, top, right, bottom] }) =>
        `<object><name>${className}</name><bndbox><xmin>${left}</xmin><ymin>${top}</ymin><xmax>${right}</xmax><ymax>${bottom}</ymax></bndbox></object>`,
    );
    files[`Annotations/${stem}.xml`] =
      `<annotation><size><width>${one.width}</width><height>${one.height}</height></size>${objects.join('')}</annotation>`;
    const pixels = pixelsOf(one, ({ className }) => CLASSES.indexOf(className) + 1);
    files[`SegmentationClass/${stem}.png`] = await writePng({ ...one, pixels });
  }
  return openLayout(voc, await folderOf(files), form, { readFiles: true });
}

/** Returns the size and the boxes in the text of a VOC file. */
function boxesIn(text: string): string[] {
  return [...text.matchAll(/<(?:width|height|xmin|ymin|xmax|ymax|name)>([^<]*)</g)].map(([, value]) => value!);
}

it('gives the same rows and boxes of a dataset in COCO, YOLO and VOC', async () => {
  await fc.assert(
    fc.asyncProperty(dataset, async (pictures) => {
      const [one, two, three] = await Promise.all([openCoco, openYolo, openVoc].map((open) => open(pictures, 'boxes')));
      for (const { findings } of [one!, two!, three!])
        expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(two!.rows).toEqual(one!.rows);
      expect(three!.rows).toEqual(one!.rows);
      for (const { name, width, height, things } of pictures) {
        const file = `annotations/${name.replace('.png', '.xml')}`;
        expect(boxesIn(one!.files[file]!)).toEqual(
          [width, height, ...things.flatMap(({ className, box }) => [className, ...box])].map(String),
        );
        expect(two!.files[file]).toBe(one!.files[file]);
        expect(boxesIn(three!.files[file]!)).toEqual(boxesIn(one!.files[file]!));
      }
    }),
    { numRuns: 40 },
  );
});

it('gives the same rows and masks of a dataset in COCO, YOLO and VOC', async () => {
  await fc.assert(
    fc.asyncProperty(dataset, async (pictures) => {
      const [one, two, three] = await Promise.all([openCoco, openYolo, openVoc].map((open) => open(pictures, 'masks')));
      expect(two!.rows).toEqual(one!.rows);
      expect(three!.rows).toEqual(one!.rows);
      for (const picture of pictures) {
        const file = `masks/${picture.name.replace('.png', '_mask.png')}`;
        const expected = [...pixelsOf(picture, ({ className }) => CLASSES.indexOf(className) + 1)];
        expect(await pixelsIn(one!.files[file]!)).toEqual(expected);
        expect(two!.files[file]).toBe(one!.files[file]);
        expect(three!.files[file]).toBe(one!.files[file]);
      }
    }),
    { numRuns: 40 },
  );
});

async function pixelsIn(content: string): Promise<number[]> {
  const file = { stem: 'a', extension: '.png', shown: 'a.png', path: 'a.png', size: 0, repeated: false };
  const make = async (): Promise<Buffer> => Buffer.from(content, 'latin1');
  const pixels: number[] = [];
  for await (const row of (await readIndices({ ...file, make }, createReport()))!.rows) pixels.push(...row);
  return pixels;
}
