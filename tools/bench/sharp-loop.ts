/**
 * The baseline of `images.ts`: decodes, or resizes to 448x448 JPEG, every file of a folder once, CONCURRENCY at a time.
 *
 * Usage: node tools/bench/sharp-loop.ts <decode|resize> <folder>
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const [work, folder] = process.argv.slice(2);
sharp.cache(false);
sharp.concurrency(1);
const works = {
  decode: (file) => sharp(file).raw().toBuffer(),
  resize: (file) => sharp(file).resize(448, 448, { fit: 'fill' }).jpeg({ quality: 90 }).toBuffer(),
};
const files = readdirSync(folder);
let next = 0;
const workers = Array.from({ length: Number(process.env.CONCURRENCY) }, async () => {
  while (next < files.length) await works[work](join(folder, files[next++]));
});
await Promise.all(workers);
