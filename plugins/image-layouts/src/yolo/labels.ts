import type { DataForm } from '@tracebloc/ingestor-contract';
import { type AnnotatedObject, boxAround, type Keypoint } from '@tracebloc/ingestor-annotations';
import type { PointShape, YoloConfig } from './config.js';

/** What is wrong with a line of labels. */
export interface LineProblem {
  code: 'invalid-annotation' | 'object-without-shape' | 'unknown-class';
  message: string;
  expected?: string;
}

/** A line of labels. Its numbers are fractions of the width and height of the image. */
export interface YoloLine {
  /** From 1. */
  line: number;
  className: string;
  box?: readonly number[];
  polygon?: readonly number[];
  /** x, y and visibility of each point, if one was labelled. */
  points?: readonly number[];
}

/** How far values may be beyond 0 and 1, since tools round them. */
const TOLERANCE = 1e-5;
/** Fractions have six digits in most files. So a hundredth of a pixel is as exact as they are. */
const STEPS = 100;

/** Reads the lines of a file of labels. Blank ones are passed over. */
export function* readLines(
  text: string,
  config: YoloConfig,
  form: DataForm,
): Generator<YoloLine | { line: number; problem: LineProblem }, void> {
  let line = 0;
  for (const written of text.split('\n')) {
    line++;
    const fields = written.trim().split(/\s+/);
    if (fields[0] === '' || (line === 1 && fields[0] === '\u{feff}')) continue;
    const read = readLine(fields, config, form);
    yield 'code' in read ? { line, problem: read } : { line, ...read };
  }
}

function readLine(
  fields: readonly string[],
  { names, points }: YoloConfig,
  form: DataForm,
): Omit<YoloLine, 'line'> | LineProblem {
  const [id, ...numbers] = fields.map(Number) as [number, ...number[]];
  if ([id, ...numbers].some((number) => !Number.isFinite(number))) {
    return { code: 'invalid-annotation', message: 'The line has a field that is not a number.' };
  }
  const className = names[id];
  if (className === undefined) {
    return {
      code: 'unknown-class',
      message: 'The class of the line is not in `names`.',
      expected: `0 to ${names.length - 1}`,
    };
  }
  const shape = shapeOf(numbers, points);
  if (!shape) {
    const expected = points
      ? `5 fields, or ${5 + points.count * points.numbers} with the points`
      : '5 fields, or the class and at least 3 points';
    return { code: 'invalid-annotation', message: `The line has ${fields.length} fields.`, expected };
  }
  const { box, polygon, points: labelled = [] } = shape;
  const fractions = [...(box ?? polygon!), ...labelled.filter((_number, at) => at % 3 !== 2)];
  if (fractions.some((one) => one < -TOLERANCE || one > 1 + TOLERANCE)) {
    return {
      code: 'invalid-annotation',
      message: 'The line has a value beyond 0 and 1.',
      expected: 'fractions of the width and height',
    };
  }
  if (form === 'masks' && !polygon)
    return { code: 'object-without-shape', message: 'The line has a box, and no outline.' };
  return { className, ...shape };
}

function shapeOf(
  numbers: readonly number[],
  points: PointShape | undefined,
): Pick<YoloLine, 'box' | 'polygon' | 'points'> | undefined {
  if (numbers.length === 4) return { box: numbers };
  if (points) {
    if (numbers.length !== 4 + points.count * points.numbers) return undefined;
    const read = pointsOf(numbers.slice(4), points);
    return { box: numbers.slice(0, 4), ...(read.some((one, at) => at % 3 === 2 && one > 0) && { points: read }) };
  }
  return numbers.length >= 6 && numbers.length % 2 === 0 ? { polygon: numbers } : undefined;
}

/** Returns x, y and visibility of points. Without a visibility, a point in the corner was not labelled. */
function pointsOf(numbers: readonly number[], { count, numbers: width }: PointShape): number[] {
  return Array.from({ length: count }, (_, at) => {
    const [x, y, visible] = numbers.slice(at * width, (at + 1) * width) as [number, number, number | undefined];
    return [x, y, visible ?? (x === 0 && y === 0 ? 0 : 2)];
  }).flat();
}

/** Returns the object of a line in an image of this size. */
export function objectOf(
  { className, box, polygon, points }: YoloLine,
  { width, height }: { width: number; height: number },
  names: readonly string[],
): AnnotatedObject {
  const outline = polygon?.map((one, at) => inPixels(one, at % 2 === 0 ? width : height));
  const [x, y, w, h] = box ?? [];
  return {
    className,
    box: outline
      ? boxAround(outline)
      : [
          inPixels(x! - w! / 2, width),
          inPixels(y! - h! / 2, height),
          inPixels(x! + w! / 2, width),
          inPixels(y! + h! / 2, height),
        ],
    ...(outline && { polygons: [outline] }),
    ...(points && {
      keypoints: names.map((name, at): Keypoint => {
        const [px, py, visible] = points.slice(3 * at, 3 * at + 3) as [number, number, number];
        return { name, x: inPixels(px, width), y: inPixels(py, height), visible: visible === 2 };
      }),
    }),
  };
}

/** Returns a fraction in pixels, without -0. */
const inPixels = (fraction: number, length: number): number => Math.round(fraction * length * STEPS) / STEPS + 0;
