import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { folder, log } from '../support.ts';
import { seededRandom } from '../../random.ts';

export interface PhotoSet {
  root: string;
  images: string;
  width: number;
  height: number;
}

/** Makes blurred noise, which is neither as flat as a drawing nor as dense as noise. The pixels are always the same. */
export async function makePhotos(name: string, count: number, width: number, height: number): Promise<PhotoSet> {
  const set = { root: join(folder, 'images', name), images: join(folder, 'images', name, 'images'), width, height };
  if (existsSync(join(set.root, 'labels.csv'))) return set;
  log(`Making ${count} JPEGs of ${width}x${height} …`);
  rmSync(set.root, { recursive: true, force: true });
  mkdirSync(set.images, { recursive: true });
  const random = seededRandom(count + width);
  const noise = Buffer.alloc(width * height * 3);
  const rows = [];
  for (let index = 0; index < count; index++) {
    if (index % 50 === 0) for (let byte = 0; byte < noise.length; byte++) noise[byte] = random() * 256;
    const stem = `photo_${String(index).padStart(5, '0')}`;
    await sharp(noise, { raw: { width, height, channels: 3 } })
      .blur(1.5)
      .modulate({ hue: index * 7, brightness: 0.8 + (index % 5) / 10 })
      .jpeg({ quality: 85 })
      .toFile(join(set.images, `${stem}.jpg`));
    rows.push(`${stem},${index % 2 === 0 ? 'cat' : 'dog'}`);
  }
  writeFileSync(join(set.root, 'labels.csv'), ['filename,label', ...rows, ''].join('\n'));
  return set;
}

/** Writes a Pascal VOC annotation with two boxes for each image. */
export function makeAnnotations({ root: base, images, width, height }: PhotoSet): void {
  const target = join(base, 'annotations');
  if (existsSync(target)) return;
  mkdirSync(target);
  const box = (name: string, x: number, y: number) =>
    `<object><name>${name}</name><difficult>0</difficult><bndbox><xmin>${x}</xmin><ymin>${y}</ymin>` +
    `<xmax>${x + 300}</xmax><ymax>${y + 200}</ymax></bndbox></object>`;
  readdirSync(images).forEach((name, index) => {
    writeFileSync(
      join(target, name.replace('.jpg', '.xml')),
      `<annotation><filename>${name}</filename><size><width>${width}</width><height>${height}</height><depth>3</depth></size>` +
        `${box('cat', index % 900, index % 500)}${box('dog', 100 + (index % 700), 50)}</annotation>`,
    );
  });
}
