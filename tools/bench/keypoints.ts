/**
 * The part of `images.ts` for keypoint detection: objects of 17 points on JPEGs of 1920x1080, two on each, which are brought to
 * 448x448 with their points. The baseline is a bare sharp loop that does the same to each file once.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PhotoSet } from './files/photos.ts';
import { round, type Measurement } from './measure.ts';

const POINTS = 17;
const OBJECTS = 2;

/** What differs from other ingests of the photos. */
export const KEYPOINTS = {
  category: 'keypoint_detection',
  csv: 'points.csv',
  schema: { Visibility: 'TEXT' },
  target_size: [448, 448],
  number_of_keypoints: POINTS,
  spec: { file_options: { extension: '.jpg', fit: 'contain' } },
};

/** Writes a table with the objects of each image. */
export function makePoints({ root, images, width, height }: PhotoSet): void {
  const cell = (value: object) => `"${JSON.stringify(value).replaceAll('"', '""')}"`;
  const indices = Array.from({ length: POINTS }, (_, index) => index);
  const rows = readdirSync(images).flatMap((name, image) =>
    Array.from({ length: OBJECTS }, (_, object) => {
      const at = (index: number) => [
        ((image + 7 * object) * 31 + index * 83) % width,
        (image * 17 + index * 41) % height,
      ];
      const points = Object.fromEntries(indices.map((index) => [`point_${index}`, at(index)]));
      const seen = Object.fromEntries(indices.map((index) => [`point_${index}`, Number(index % 5 > 0)]));
      return [name, cell(points), cell(seen), object === 0 ? 'cat' : 'dog'].join();
    }),
  );
  writeFileSync(join(root, 'points.csv'), ['filename,Annotation,Visibility,label', ...rows, ''].join('\n'));
}

export function compareKeypoints(ingest: Measurement, loop: Measurement): object {
  return {
    keypoints_s: round(ingest.seconds),
    keypoints_ratio: round(ingest.processorSeconds / loop.processorSeconds),
    contain_processor_s: round(loop.processorSeconds),
    keypoints_processor_s: round(ingest.processorSeconds),
    keypoints_rss_mb: round(ingest.rssMb, 0),
  };
}
