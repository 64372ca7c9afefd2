/**
 * The baseline of `images.ts`: decodes every file of a folder once, or resizes it to a JPEG of 448x448, CONCURRENCY at a time. `contain`
 * keeps the shape, and encodes as datasets with annotations are by default.
 *
 * Usage: node tools/bench/sharp-loop.ts <decode|resize|contain> <folder>
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const [name, folder] = process.argv.slice(2);
sharp.cache(false);
sharp.concurrency(1);
const works: Readonly<Record<string, (file: string) => Promise<Buffer>>> = {
  decode: (file) => sharp(file).raw().toBuffer(),
  contain: (file) =>
    sharp(file).resize(448, 448, { fit: 'contain' }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(),
  // As object detection encodes by default.
  resize: (file) =>
    sharp(file).resize(448, 448, { fit: 'fill' }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(),
};
const work = works[name ?? ''];
if (work === undefined || folder === undefined)
  throw new Error('Usage: sharp-loop.ts <decode|resize|contain> <folder>');
const files = readdirSync(folder);
let next = 0;
const workers = Array.from({ length: Number(process.env.CONCURRENCY) }, async () => {
  while (next < files.length) await work(join(folder, files[next++]!));
});
await Promise.all(workers);
