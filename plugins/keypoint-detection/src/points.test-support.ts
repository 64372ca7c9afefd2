import sharp from 'sharp';
import { type TaskInput, type TaskOutput, readTask } from '@tracebloc/ingestor-conformance';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { keypointDetection } from './detection.js';

/** A row of a manifest. Cells that are no texts are written as JSON. */
export interface Row {
  /** Default: a, b, c and so on. */
  filename?: string;
  points: object | string;
  /** Default: every point can be seen. */
  seen?: object | string;
  label?: string;
}

const cell = (value: object | string): string =>
  `"${(typeof value === 'string' ? value : JSON.stringify(value)).replaceAll('"', '""')}"`;

const allSeen = (points: object | string): object =>
  typeof points === 'string' ? {} : Object.fromEntries(Object.keys(points).map((name) => [name, 1]));

export const nameOf = (index: number): string => String.fromCharCode(97 + index);

export function manifestOf(rows: readonly Row[], header = 'filename,Annotation,Visibility,label'): string {
  const lines = rows.map(({ filename, points, seen = allSeen(points), label = 'cat' }, index) =>
    [filename ?? nameOf(index), cell(points), cell(seen), label].join(),
  );
  return [header, ...lines, ''].join('\n');
}

/** Reads a dataset of images of 64x64, unless it has other files. */
export async function read(
  rows: readonly Row[],
  { header, ...more }: Partial<TaskInput> & { header?: string } = {},
): Promise<TaskOutput> {
  const image = await sampleImages.png();
  const names = new Set(rows.map(({ filename }, index) => filename ?? nameOf(index)));
  return readTask(keypointDetection, {
    manifest: manifestOf(rows, header),
    label: 'label',
    files: Object.fromEntries([...names].map((name) => [`images/${name}.png`, image])),
    ...more,
    fields: { target_size: [64, 64], number_of_keypoints: 3, ...more.fields },
    fileOptions: { extension: '.png', ...more.fileOptions },
  });
}

/** The points of a stored annotation. */
export const pointsOf = (annotation: string | null): Record<string, [number, number]> =>
  JSON.parse(annotation!) as Record<string, [number, number]>;

/** Draws a white disc on black. The orientation is only stated: the pixels do not depend on it. */
export async function drawDot(
  [width, height]: readonly [number, number],
  [x, y]: readonly [number, number],
  { orientation, radius = 6 }: { orientation?: number; radius?: number } = {},
): Promise<Buffer> {
  const pixels = Uint8Array.from({ length: width * height }, (_, at) =>
    Math.hypot((at % width) + 0.5 - x, Math.floor(at / width) + 0.5 - y) <= radius ? 255 : 0,
  );
  const image = sharp(pixels, { raw: { width, height, channels: 1 } });
  if (orientation !== undefined) image.withMetadata({ orientation });
  return image.png().toBuffer();
}

/** Returns the middle of what is bright in an image, or undefined if nothing is. */
export async function findDot(image: Uint8Array): Promise<[number, number] | undefined> {
  const { data, info } = await sharp(image).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  let [sum, left, top] = [0, 0, 0];
  for (let at = 0; at < info.width * info.height; at++) {
    const value = data[at * info.channels]!;
    sum += value;
    left += value * ((at % info.width) + 0.5);
    top += value * (Math.floor(at / info.width) + 0.5);
  }
  return sum === 0 ? undefined : [left / sum, top / sum];
}
