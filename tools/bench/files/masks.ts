import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { PhotoSet } from './photos.ts';
import { seededRandom } from '../../random.ts';

/** Writes a mask of 5 classes for each image, in grey, and adds the column mask_id to the manifest. */
export async function makeMasks({ root, images, width, height }: PhotoSet): Promise<void> {
  const target = join(root, 'masks');
  const manifest = join(root, 'labels.csv');
  if (existsSync(target) && readFileSync(manifest, 'utf8').includes('mask_id')) return;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  const random = seededRandom(width);
  const below = (limit: number) => Math.floor(random() * limit);
  for (const name of readdirSync(images)) {
    const shapes = Array.from({ length: 12 }, () => {
      const value = 1 + below(4);
      return `<ellipse cx="${below(width)}" cy="${below(height)}" rx="${20 + below(width / 5)}" ry="${20 + below(height / 5)}" fill="rgb(${value},${value},${value})"/>`;
    });
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#000"/>${shapes.join('')}</svg>`;
    const values = await sharp(Buffer.from(svg)).extractChannel(0).raw().toBuffer();
    const mask = sharp(values, { raw: { width, height, channels: 1 } })
      .toColourspace('b-w')
      .png();
    await mask.toFile(join(target, name.replace('.jpg', '_mask.png')));
  }
  const [header, ...rows] = readFileSync(manifest, 'utf8').trimEnd().split('\n');
  const masked = rows.map((row) => `${row},${row.split(',')[0]!}_mask`);
  writeFileSync(manifest, `${[`${header!},mask_id`, ...masked].join('\n')}\n`);
}
