/**
 * `npm run bench -- images` measures whole ingests of image classification (5,000 JPEGs of 256x256) and of object detection
 * with resizing (1,000 JPEGs of 1920x1080). The baselines are `cp -r` of the same files, and a bare sharp loop that decodes
 * or resizes each file once with the same concurrency.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import sharp from 'sharp';
import { measure, measureProcess, round, type Measurement } from './measure.ts';
import { seededRandom } from '../random.ts';

const ROUNDS = 3;
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, '.bench', 'images');
const bin = join(root, 'apps/ingestor/bin/run.js');

interface PhotoSet {
  root: string;
  images: string;
  width: number;
  height: number;
}

export async function run(): Promise<object> {
  const small = await makePhotos('small', 5000, 256, 256);
  const tiny = await makePhotos('tiny', 1000, 256, 256);
  const large = await makePhotos('large', 1000, 1920, 1080);
  makeAnnotations(large);

  const best: Record<string, number> = {};
  const peak: Record<string, number> = {};
  for (let index = 0; index < ROUNDS; index++) {
    const measured = {
      copy: { seconds: await measure(() => copy(small)), processorSeconds: 0, rssMb: 0 },
      decode: await sharpLoop('decode', small),
      classification: await ingest(small, 'image_classification', { target_size: [256, 256] }),
      classification_1000: await ingest(tiny, 'image_classification', { target_size: [256, 256] }),
      resize: await sharpLoop('resize', large),
      detection: await ingest(large, 'object_detection', { spec: { file_options: { fit: 'stretch' } } }),
    };
    const shown = Object.entries(measured).map(([name, { seconds }]) => `${name} ${seconds.toFixed(2)}`);
    process.stderr.write(`round ${index + 1}: ${shown.join(', ')}\n`);
    for (const [name, { seconds, rssMb }] of Object.entries(measured)) {
      best[name] = Math.min(best[name] ?? Infinity, seconds);
      peak[name] = Math.max(peak[name] ?? 0, rssMb);
    }
  }
  const bestOf = (name: string) => best[name] ?? NaN;
  const peakOf = (name: string) => round(peak[name] ?? NaN, 0);
  return {
    copy_s: round(bestOf('copy')),
    decode_s: round(bestOf('decode')),
    resize_s: round(bestOf('resize')),
    classification_s: round(bestOf('classification')),
    detection_s: round(bestOf('detection')),
    classification_ratio: round(bestOf('classification') / (bestOf('copy') + bestOf('decode'))),
    detection_ratio: round(bestOf('detection') / bestOf('resize')),
    rss_1000_mb: peakOf('classification_1000'),
    rss_5000_mb: peakOf('classification'),
    detection_rss_mb: peakOf('detection'),
  };
}

function copy({ images }: PhotoSet): void {
  const target = join(folder, 'copy');
  rmSync(target, { recursive: true, force: true });
  execFileSync('cp', ['-r', images, target]);
}

/** Runs in a process as the ingest does, so that both times contain the start of a process. */
function sharpLoop(work: 'decode' | 'resize', { images }: PhotoSet): Promise<Measurement> {
  return measureProcess(process.execPath, [join(root, 'tools/bench/sharp-loop.ts'), work, images], {
    PATH: process.env.PATH,
    CONCURRENCY: String(availableParallelism()),
  });
}

function ingest(
  set: PhotoSet,
  category: string,
  { spec, ...fields }: { target_size?: number[]; spec?: { file_options: object } },
): Promise<Measurement> {
  const storage = join(folder, 'storage');
  rmSync(storage, { recursive: true, force: true });
  const config = join(set.root, `${category}.yaml`);
  writeFileSync(
    config,
    JSON.stringify({
      apiVersion: 'tracebloc.io/v1',
      kind: 'IngestConfig',
      category,
      table: 'photos',
      intent: 'train',
      csv: 'labels.csv',
      label: 'label',
      ...fields,
      spec: { file_options: { extension: '.jpg', ...spec?.file_options } },
    }),
  );
  return measureProcess(bin, ['ingest', '--config', config], {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    CLIENT_ENV: 'local',
    STORAGE_PATH: storage,
  });
}

/** Makes blurred noise, which is neither as flat as a drawing nor as dense as noise. The pixels are always the same. */
async function makePhotos(name: string, count: number, width: number, height: number): Promise<PhotoSet> {
  const set = { root: join(folder, name), images: join(folder, name, 'images'), width, height };
  if (existsSync(join(set.root, 'labels.csv'))) return set;
  process.stderr.write(`Making ${count} JPEGs of ${width}x${height} …\n`);
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
function makeAnnotations({ root: base, images, width, height }: PhotoSet): void {
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
