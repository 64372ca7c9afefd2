/**
 * `npm run bench -- images` measures whole ingests of image classification (5,000 JPEGs of 256x256) and of object detection
 * with resizing and keypoint detection (1,000 JPEGs of 1920x1080). The baselines are `cp -r` of the same files, and a bare sharp loop that decodes
 * or resizes each file once with the same concurrency.
 *
 * Flag: --rounds <3>
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { makeAnnotations, makePhotos, type PhotoSet } from './files/photos.ts';
import { compareKeypoints, KEYPOINTS, makePoints } from './keypoints.ts';
import { best, measureProcess, round, type Measurement } from './measure.ts';
import { run as measureSegmentation } from './segmentation.ts';
import {
  describe,
  folder,
  log,
  measureIngest,
  readFlags,
  removeAside,
  root,
  setAside,
  type Fields,
} from './support.ts';

const base = join(folder, 'images');
const CLASSIFICATION = { category: 'image_classification', target_size: [256, 256] };
const DETECTION = { category: 'object_detection', spec: { file_options: { extension: '.jpg', fit: 'stretch' } } };

export async function run(args: string[]): Promise<object> {
  const { rounds } = readFlags(args, [], { rounds: 3 });
  const small = await makePhotos('small', 5000, 256, 256);
  const tiny = await makePhotos('tiny', 1000, 256, 256);
  const large = await makePhotos('large', 1000, 1920, 1080);
  makeAnnotations(large);
  makePoints(large);

  const works = {
    copy: () => copy(small),
    decode: () => sharpLoop('decode', small),
    classification: () => ingest(small, CLASSIFICATION),
    classification_1000: () => ingest(tiny, CLASSIFICATION),
    resize: () => sharpLoop('resize', large),
    detection: () => ingest(large, DETECTION),
    contain: () => sharpLoop('contain', large),
    keypoints: () => ingest(large, KEYPOINTS),
  };
  const measured: Partial<Record<string, Measurement[]>> = {};
  for (let index = 0; index < rounds; index++) {
    for (const [name, work] of Object.entries(works)) {
      const measurement = await work();
      log(`round ${index + 1}: ${name.padEnd(19)} ${describe(measurement)}`);
      (measured[name] ??= []).push(measurement);
    }
  }
  removeAside(base);
  const bestOf = (name: keyof typeof works) => best(measured[name] ?? []);
  const classification = bestOf('classification');
  const detection = bestOf('detection');
  return {
    copy_s: round(bestOf('copy').seconds),
    decode_s: round(bestOf('decode').seconds),
    resize_s: round(bestOf('resize').seconds),
    classification_s: round(classification.seconds),
    detection_s: round(detection.seconds),
    classification_ratio: round(classification.seconds / (bestOf('copy').seconds + bestOf('decode').seconds)),
    detection_ratio: round(detection.seconds / bestOf('resize').seconds),
    decode_processor_s: round(bestOf('decode').processorSeconds),
    resize_processor_s: round(bestOf('resize').processorSeconds),
    classification_processor_s: round(classification.processorSeconds),
    detection_processor_s: round(detection.processorSeconds),
    rss_1000_mb: round(bestOf('classification_1000').rssMb, 0),
    rss_5000_mb: round(classification.rssMb, 0),
    detection_rss_mb: round(detection.rssMb, 0),
    ...compareKeypoints(bestOf('keypoints'), bestOf('contain')),
    ...(await measureSegmentation(args)),
  };
}

function copy({ images }: PhotoSet): Promise<Measurement> {
  const target = join(base, 'copy');
  setAside(base, target);
  return measureProcess('cp', ['-r', images, target], process.env);
}

/** Runs in a process as the ingest does, so that both times contain the start of a process. */
function sharpLoop(work: 'decode' | 'resize' | 'contain', { images }: PhotoSet): Promise<Measurement> {
  return measureProcess(process.execPath, [join(root, 'tools/bench/sharp-loop.ts'), work, images], {
    PATH: process.env.PATH,
    CONCURRENCY: String(availableParallelism()),
  });
}

function ingest(set: PhotoSet, fields: Pick<Fields, 'category'>): Promise<Measurement> {
  const storage = join(base, 'storage');
  setAside(base, storage);
  const common = { table: 'photos', csv: 'labels.csv', spec: { file_options: { extension: '.jpg' } } };
  return measureIngest(set.root, { ...common, ...fields }, { storage });
}
