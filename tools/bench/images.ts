/**
 * `npm run bench -- images`: whole ingests of image classification (5,000 JPEGs of 256x256) and of object detection with
 * resizing (1,000 of 1920x1080), against `cp -r` of the same files and a bare sharp loop that decodes, or resizes, each
 * file once at the same concurrency.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import sharp from 'sharp';
import { measure, measureProcess, round } from './measure.ts';
import { seededRandom } from '../random.ts';

const ROUNDS = 3;
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, '.bench', 'images');
const bin = join(root, 'apps/ingestor/bin/run.js');

export async function run() {
  const small = await makePhotos('small', 5000, 256, 256);
  const tiny = await makePhotos('tiny', 1000, 256, 256);
  const large = await makePhotos('large', 1000, 1920, 1080);
  makeAnnotations(large);

  const best = {};
  const peak = {};
  for (let index = 0; index < ROUNDS; index++) {
    const times = {
      copy_s: await measure(async () => copy(small)),
      decode_s: (await sharpLoop('decode', small)).seconds,
      classification: await ingest(small, 'image_classification', { target_size: [256, 256] }),
      classification_1000: await ingest(tiny, 'image_classification', { target_size: [256, 256] }),
      resize_s: (await sharpLoop('resize', large)).seconds,
      detection: await ingest(large, 'object_detection', { spec: { file_options: { fit: 'stretch' } } }),
    };
    const shown = Object.entries(times).map(([name, value]) => `${name} ${(value.seconds ?? value).toFixed(2)}`);
    process.stderr.write(`round ${index + 1}: ${shown.join(', ')}\n`);
    for (const [name, value] of Object.entries(times)) {
      best[name] = Math.min(best[name] ?? Infinity, value.seconds ?? value);
      peak[name] = Math.max(peak[name] ?? 0, value.rssMb ?? 0);
    }
  }
  return {
    copy_s: round(best.copy_s),
    decode_s: round(best.decode_s),
    resize_s: round(best.resize_s),
    classification_s: round(best.classification),
    detection_s: round(best.detection),
    classification_ratio: round(best.classification / (best.copy_s + best.decode_s)),
    detection_ratio: round(best.detection / best.resize_s),
    rss_1000_mb: round(peak.classification_1000, 0),
    rss_5000_mb: round(peak.classification, 0),
    detection_rss_mb: round(peak.detection, 0),
  };
}

function copy({ images }) {
  const target = join(folder, 'copy');
  rmSync(target, { recursive: true, force: true });
  execFileSync('cp', ['-r', images, target]);
}

/** In a process of its own, as the ingest is; what it takes to start is part of both. */
function sharpLoop(work, { images }) {
  return measureProcess(process.execPath, [join(root, 'tools/bench/sharp-loop.ts'), work, images], {
    PATH: process.env.PATH,
    CONCURRENCY: String(availableParallelism()),
  });
}

function ingest(set, category, fields) {
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
      spec: { file_options: { extension: '.jpg', ...fields.spec?.file_options } },
    }),
  );
  return measureProcess(bin, ['ingest', '--config', config], {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    CLIENT_ENV: 'local',
    STORAGE_PATH: storage,
  });
}

/** Noise over a gradient, blurred: neither as flat as a drawing nor as dense as noise. Always the same. */
async function makePhotos(name, count, width, height) {
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

/** Pascal VOC, two boxes an image. */
function makeAnnotations({ root: base, images, width, height }) {
  const target = join(base, 'annotations');
  if (existsSync(target)) return;
  mkdirSync(target);
  const box = (name, x, y) =>
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
