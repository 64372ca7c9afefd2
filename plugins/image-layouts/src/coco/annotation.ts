import type { DataForm } from '@tracebloc/ingestor-contract';
import {
  type AnnotatedObject,
  areRunsOf,
  type Box,
  boxAround,
  decodeRuns,
  isPolygon,
  type Keypoint,
  type RunLengths,
} from '@tracebloc/ingestor-annotations';

/** An element of `annotations`, of which nothing is certain. */
export interface RawAnnotation {
  image_id?: unknown;
  category_id?: unknown;
  bbox?: unknown;
  segmentation?: unknown;
  keypoints?: unknown;
  iscrowd?: unknown;
  attributes?: { occluded?: unknown } | null;
}

/** What is wrong with an annotation. */
export interface AnnotationProblem {
  code: 'invalid-annotation' | 'object-without-shape';
  message: string;
  expected?: string;
}

/** What an annotation has in a form of data. */
export interface Shapes extends Pick<AnnotatedObject, 'box' | 'polygons' | 'runs'> {
  /** x, y and visibility of each point: 0 for not labelled, 1 for hidden, 2 for visible. They are absent if no point was labelled. */
  points?: readonly number[];
}

/** Reads the shapes of an annotation that a form needs. */
export function readShapes(raw: RawAnnotation, form: DataForm): Shapes | AnnotationProblem {
  if (form === 'masks') return readOutline(raw);
  if (form === 'keypoints') return readPoints(raw);
  const { bbox } = raw;
  if (bbox !== undefined && bbox !== null && !(Array.isArray(bbox) && bbox.length === 0)) {
    if (!isNumbers(bbox) || bbox.length !== 4 || bbox[2]! < 0 || bbox[3]! < 0) {
      return invalid('`bbox` is not a box.', 'x, y, width and height as numbers, the last two not below 0');
    }
    const [left, top, width, height] = bbox as [number, number, number, number];
    return { box: [left, top, left + width, top + height] };
  }
  const outline = readOutline(raw);
  const box = 'code' in outline ? undefined : boxOf(outline);
  return box ? { box } : { code: 'object-without-shape', message: 'The annotation has no `bbox`.' };
}

/** Returns an object with these shapes. */
export function objectOf(
  raw: RawAnnotation,
  { points, ...shapes }: Shapes,
  className: string,
  names: readonly string[],
): AnnotatedObject {
  return {
    className,
    ...shapes,
    ...(points && { keypoints: names.map((name, at): Keypoint => keypointOf(name, points.slice(3 * at, 3 * at + 3))) }),
    isDifficult: Boolean(raw.iscrowd),
    isOccluded: typeof raw.attributes?.occluded === 'boolean' ? raw.attributes.occluded : undefined,
  };
}

function keypointOf(name: string, [x, y, visibility]: readonly number[]): Keypoint {
  return { name, x: x!, y: y!, visible: visibility === 2 };
}

function readOutline({ segmentation }: RawAnnotation): Shapes | AnnotationProblem {
  if (
    segmentation === undefined ||
    segmentation === null ||
    (Array.isArray(segmentation) && segmentation.length === 0)
  ) {
    return { code: 'object-without-shape', message: 'The annotation has no `segmentation`.' };
  }
  if (!Array.isArray(segmentation)) return readRuns(segmentation);
  // Some tools write the numbers of one polygon without a list around them.
  const polygons: unknown[] = typeof segmentation[0] === 'number' ? [segmentation] : segmentation;
  if (polygons.every(isPolygon)) return { polygons };
  return invalid('`segmentation` has a polygon that is none.', 'x and y in turn, of at least 3 points');
}

function readRuns({ size, counts }: { size?: unknown; counts?: unknown }): Shapes | AnnotationProblem {
  if (!isNumbers(size) || size.length !== 2) {
    return invalid('`segmentation` has neither polygons nor a mask.', 'lists of numbers, or `size` and `counts`');
  }
  const [height, width] = size as [number, number];
  const lengths = typeof counts === 'string' ? decodeRuns(counts) : counts;
  if (!Array.isArray(lengths) || !areRunsOf(lengths, width, height)) {
    return invalid('The runs of `segmentation` do not cover its `size` exactly.', `${width * height} pixels`);
  }
  return { runs: { width, height, counts: lengths } };
}

function readPoints({ keypoints }: RawAnnotation): Shapes | AnnotationProblem {
  if (keypoints === undefined || keypoints === null) return {};
  if (!isNumbers(keypoints) || keypoints.length % 3 !== 0) {
    return invalid('`keypoints` are not points.', 'x, y and visibility of each point');
  }
  for (let at = 2; at < keypoints.length; at += 3) {
    if (![0, 1, 2].includes(keypoints[at]!)) return invalid('A keypoint has another visibility.', '0, 1 or 2');
  }
  const isLabelled = keypoints.some((visibility, at) => at % 3 === 2 && visibility > 0);
  return isLabelled ? { points: keypoints } : {};
}

/** Returns the least box around an outline. */
function boxOf({ polygons, runs }: Shapes): Box | undefined {
  if (polygons) return boxAround(polygons.flat());
  return runs && boxOfRuns(runs);
}

function boxOfRuns({ height, counts }: RunLengths): Box | undefined {
  const edges: number[] = [];
  for (let at = 0, run = 0; run < counts.length; at += counts[run++]!) {
    const length = counts[run]!;
    if (run % 2 === 0 || length === 0) continue;
    const [first, last] = [at, at + length - 1];
    const [left, right] = [Math.floor(first / height), Math.floor(last / height)];
    const isOneColumn = left === right;
    edges.push(left, isOneColumn ? first % height : 0, right + 1, isOneColumn ? (last % height) + 1 : height);
  }
  return edges.length > 0 ? boxAround(edges) : undefined;
}

function invalid(message: string, expected: string): AnnotationProblem {
  return { code: 'invalid-annotation', message, expected };
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((one) => Number.isFinite(one));
}
