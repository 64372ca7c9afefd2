import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { FEATURES, writeLines } from './tables.ts';
import { seededRandom } from '../../random.ts';

const number = (random: () => number) => ((random() * 2 - 1) * 1000).toFixed(6);

/** Writes a CSV whose columns are an id, features that begin with `c0`, and a label of two classes. */
export async function writeWide(path: string, rows: number, columns: number): Promise<void> {
  const random = seededRandom(columns);
  const names = wideNames(columns);
  await writeLines(path, function* () {
    yield `id,${names.join(',')},label`;
    for (let row = 0; row < rows; row++) {
      yield `${row},${names.map(() => number(random)).join(',')},${row % 2 === 0 ? 'yes' : 'no'}`;
    }
  });
}

/** Returns the names of the features of a file of `writeWide`. */
export function wideNames(columns: number): string[] {
  return Array.from({ length: columns - 2 }, (_, index) => `c${index}`);
}

/** Writes a CSV in which each row has another label. */
export async function writeClasses(path: string, rows: number): Promise<void> {
  const random = seededRandom(rows);
  await writeLines(path, function* () {
    yield `id,${FEATURES.join(',')},label`;
    for (let row = 0; row < rows; row++) {
      yield `${row},${FEATURES.map(() => number(random)).join(',')},class ${row}`;
    }
  });
}

/** Writes one JSON array of objects with an id, ten numbers and a label. */
export async function writeJsonArray(path: string, rows: number): Promise<void> {
  const random = seededRandom(rows);
  await writeLines(path, function* () {
    yield '[';
    for (let row = 0; row < rows; row++) {
      const features = FEATURES.map((name) => `"${name}":${Number(number(random))}`).join(',');
      const label = row % 2 === 0 ? 'yes' : 'no';
      yield `{"id":${row},${features},"label":"${label}"}${row === rows - 1 ? '' : ','}`;
    }
    yield ']';
  });
}

/** Writes JPEGs of 64x64 into `images`, of which no two have the same bytes, and a manifest of two classes, `labels.csv`. */
export async function writeSmallImages(base: string, count: number): Promise<void> {
  mkdirSync(join(base, 'images'), { recursive: true });
  const random = seededRandom(count);
  const pictures: Buffer[] = [];
  for (let index = 0; index < 200; index++) {
    const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, () => random() * 256));
    const raw = { width: 64, height: 64, channels: 3 } as const;
    pictures.push(await sharp(noise, { raw }).blur(1.5).jpeg({ quality: 85 }).toBuffer());
  }
  const rows = ['filename,label'];
  for (let index = 0; index < count; index++) {
    const stem = `image_${String(index).padStart(7, '0')}`;
    const picture = pictures[index % pictures.length]!;
    // A comment behind the first marker makes the bytes other ones, without encoding each picture.
    const comment = Buffer.from(`\xff\xfe\0\x09${stem.slice(-7)}`, 'latin1');
    writeFileSync(
      join(base, 'images', `${stem}.jpg`),
      Buffer.concat([picture.subarray(0, 2), comment, picture.subarray(2)]),
    );
    rows.push(`${stem},${index % 2 === 0 ? 'cat' : 'dog'}`);
  }
  writeFileSync(join(base, 'labels.csv'), `${rows.join('\n')}\n`);
}
