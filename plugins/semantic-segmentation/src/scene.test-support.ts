import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { type TaskInput, type TaskOutput, readTask } from '@tracebloc/ingestor-conformance';
import { readIndices } from '@tracebloc/ingestor-images';
import { createReport } from '@tracebloc/ingestor-dataset';
import { semanticSegmentation } from './semantic-segmentation.js';

export interface Picture {
  width: number;
  height: number;
  /** A number for each pixel. */
  values: readonly number[];
}

/** Returns a picture of 32 pixels squared whose upper half has one value and the lower half another. */
export const halves = (upper = 0, lower = 1, width = 32, height = 32): Picture => ({
  width,
  height,
  values: Array.from({ length: width * height }, (_, at) => (at < (width * height) / 2 ? upper : lower)),
});

/** Encodes a mask as PNG: in grey, or with a palette of grey shades, of 1 to 16 bits. */
export function maskPng({ width, height, values }: Picture, { bits = 8, palette = false } = {}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bits, palette ? 3 : 0], 8);
  const rows = Array.from({ length: height }, (_, y) => {
    const row = Buffer.alloc(1 + Math.ceil((width * bits) / 8));
    for (let x = 0; x < width; x++) {
      const value = values[y * width + x]!;
      if (bits === 16) row.writeUInt16BE(value, 1 + 2 * x);
      else row[1 + ((x * bits) >> 3)]! |= value << (8 - bits - ((x * bits) & 7));
    }
    return row;
  });
  const shades = Buffer.from(Array.from({ length: 3 << Math.min(bits, 8) }, (_, at) => Math.floor(at / 3)));
  const chunks = [chunk('IHDR', header), ...(palette ? [chunk('PLTE', shades)] : [])];
  const end = [chunk('IDAT', deflateSync(Buffer.concat(rows))), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks, ...end]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** Returns the values of a mask. */
export async function valuesOf(png: Uint8Array): Promise<Picture> {
  const file = { stem: 'm', extension: '.png', shown: 'm', path: 'm', size: 0, repeated: false };
  const mask = (await readIndices({ ...file, make: () => Promise.resolve(png) }, createReport()))!;
  const values: number[] = [];
  for await (const row of mask.rows) values.push(...row);
  return { width: mask.width, height: mask.height, values };
}

/** A PNG in colours, whose pixels are `scale` times the values. */
export const colourPng = ({ width, height, values }: Picture, scale = 1): Promise<Buffer> =>
  sharp(Uint8Array.from(values.flatMap((value) => [value * scale, value * scale, value * scale])), {
    raw: { width, height, channels: 3 },
  })
    .png({ palette: false })
    .toBuffer();

/** Returns the grey of the pixels of a picture. */
export async function greyOf(content: Uint8Array): Promise<Picture> {
  const { data, info } = await sharp(content).extractChannel(0).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, values: [...data] };
}

/** The files of images that have masks, by the names of the images. */
export async function pairs(masks: Record<string, Buffer>): Promise<Record<string, Buffer>> {
  const entries = Object.entries(masks).map(async ([name, mask]): Promise<[string, Buffer][]> => [
    [`images/${name}.png`, await colourPng(halves(), 200)],
    [`masks/${name}_mask.png`, mask],
  ]);
  return Object.fromEntries((await Promise.all(entries)).flat());
}

/** Reads images of 32x32 and their masks. */
export function read(
  files: Record<string, Uint8Array>,
  input: Partial<TaskInput> = {},
  task = semanticSegmentation,
): Promise<TaskOutput> {
  const names = Object.keys(files).filter((name) => name.startsWith('images/'));
  const rows = names.map((name) => {
    const stem = name.replace(/^images\/|\.\w+$/g, '');
    return `${stem},${stem}_mask,oak\n`;
  });
  return readTask(task, {
    manifest: `filename,mask_id,kind\n${rows.join('')}`,
    label: 'kind',
    files,
    ...input,
    fields: { target_size: [32, 32], ...input.fields },
    fileOptions: { extension: '.png', ...input.fileOptions },
  });
}
