import sharp from 'sharp';
import type { Box } from '@tracebloc/ingestor-images';

export interface Scene {
  width: number;
  height: number;
  /** A red box on a blue ground. */
  box?: Box;
  format?: 'jpeg' | 'png';
  /** The orientation in the EXIF data. The pixels do not depend on it. */
  orientation?: number;
}

/** Returns an image file with a red rectangle. */
export async function drawScene({ width, height, box, format = 'jpeg', orientation }: Scene): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3, Buffer.from([30, 30, 220]));
  for (let y = box?.ymin ?? height; y < Math.min(box?.ymax ?? 0, height); y++) {
    const at = (x: number) => (y * width + Math.min(x, width)) * 3;
    pixels.fill(Buffer.from([220, 30, 30]), at(box!.xmin), at(box!.xmax));
  }
  const image = sharp(pixels, { raw: { width, height, channels: 3 } });
  if (orientation !== undefined) image.withMetadata({ orientation });
  return (format === 'jpeg' ? image.jpeg({ quality: 95 }) : image.png()).toBuffer();
}

/** Returns the number of red pixels of an image and the box around them. */
export async function findRed(image: Uint8Array): Promise<{ count: number; box: Box }> {
  const { data, info } = await sharp(image).raw().toBuffer({ resolveWithObject: true });
  const box = { xmin: Infinity, ymin: Infinity, xmax: 0, ymax: 0 };
  let count = 0;
  for (let index = 0; index < info.width * info.height; index++) {
    if (data[index * info.channels]! < 125 || data[index * info.channels + 2]! > 125) continue;
    const [x, y] = [index % info.width, Math.floor(index / info.width)];
    count++;
    box.xmin = Math.min(box.xmin, x);
    box.ymin = Math.min(box.ymin, y);
    box.xmax = Math.max(box.xmax, x + 1);
    box.ymax = Math.max(box.ymax, y + 1);
  }
  return { count, box };
}

export interface VocFields {
  filename?: string;
  width?: number | string;
  height?: number | string;
  depth?: number | string;
  boxes?: Record<keyof Box, number | string>[];
  name?: string;
  /** XML inside each object. */
  more?: string;
  /** XML after the objects. */
  after?: string;
}

export const WHOLE_BOX = { xmin: 10, ymin: 20, xmax: 50, ymax: 60 };

/** Returns a Pascal VOC annotation of a 64x64 image, with changes. `size` is on line 3, the first object on 8, its box on 10. */
export function vocXml(fields: VocFields = {}): string {
  const { filename = 'a.jpg', width = 64, height = 64, depth = 3, boxes = [WHOLE_BOX], name = 'dog' } = fields;
  const objects = boxes.map(
    ({ xmin, ymin, xmax, ymax }) => `  <object>
    <name>${name}</name>
    <bndbox>
      <xmin>${xmin}</xmin>
      <ymin>${ymin}</ymin>
      <xmax>${xmax}</xmax>
      <ymax>${ymax}</ymax>
    </bndbox>
${fields.more ?? ''}  </object>
`,
  );
  return `<annotation>
  <filename>${filename}</filename>
  <size>
    <width>${width}</width>
    <height>${height}</height>
    <depth>${depth}</depth>
  </size>
${objects.join('')}${fields.after ?? ''}</annotation>
`;
}

/** Returns the first box of a written annotation. */
export function boxIn(xml: Uint8Array): Box {
  const text = Buffer.from(xml).toString();
  const [xmin, ymin, xmax, ymax] = ['xmin', 'ymin', 'xmax', 'ymax'].map((name) =>
    Number(new RegExp(`<${name}>(\\d+)</${name}>`).exec(text)?.[1]),
  );
  return { xmin: xmin!, ymin: ymin!, xmax: xmax!, ymax: ymax! };
}
