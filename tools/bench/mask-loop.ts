/**
 * The baseline of `segmentation.ts`: for every image of a folder and its mask, CONCURRENCY at a time, either decodes both and copies
 * them, or brings both to 512x512 as semantic segmentation does by default.
 *
 * Usage: node tools/bench/mask-loop.ts <copy|resize> <folder> <target>
 */
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const [name, folder, target] = process.argv.slice(2);
if ((name !== 'copy' && name !== 'resize') || folder === undefined || target === undefined) {
  throw new Error('Usage: mask-loop.ts <copy|resize> <folder> <target>');
}
sharp.cache(false);
sharp.concurrency(1);
mkdirSync(target, { recursive: true });

async function copy(path: string, file: string): Promise<void> {
  await sharp(path).raw().toBuffer();
  copyFileSync(path, join(target!, file));
}

async function resize(path: string, file: string): Promise<void> {
  const isMask = file.endsWith('.png');
  const pixels = sharp(path).resize(512, 512, { fit: 'fill', ...(isMask && { kernel: 'nearest' }) });
  const encoded = isMask ? pixels.toColourspace('b-w').png() : pixels.jpeg({ quality: 95, chromaSubsampling: '4:4:4' });
  writeFileSync(join(target!, file), await encoded.toBuffer());
}

const work = { copy, resize }[name];
const images = readdirSync(join(folder, 'images'));
let next = 0;
const workers = Array.from({ length: Number(process.env.CONCURRENCY) }, async () => {
  while (next < images.length) {
    const image = images[next++]!;
    const mask = image.replace('.jpg', '_mask.png');
    await work(join(folder, 'images', image), image);
    await work(join(folder, 'masks', mask), mask);
  }
});
await Promise.all(workers);
