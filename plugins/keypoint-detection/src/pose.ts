import type { Report } from '@tracebloc/ingestor-contract';
import type { FileReference } from '@tracebloc/ingestor-dataset';
import { keypointFindings } from './findings.js';

/** Whether points count the pixels of the image, or are fractions of its width and height. */
export type Unit = 'pixels' | 'fractions';

/** A point of an object, in the unit of the dataset. */
export interface Keypoint {
  name: string;
  x: number;
  y: number;
  visible: boolean;
}

/** The points of an object, in the order of the first row. */
export type Pose = readonly Keypoint[];

export interface ReadPose {
  pose: Pose;
  unit: Unit;
}

/** The columns of the manifest, as it spells them. */
export interface PoseColumns {
  annotation: string;
  visibility: string;
}

/** The row that has decided something for all rows. */
interface Decided<T> {
  value: T;
  row: number;
}

type Code = Parameters<typeof keypointFindings.report>[1];
type AddFinding = (code: Code, message: string, value: string, expected?: string) => void;
type RowReference = Required<Pick<FileReference, 'file' | 'row'>> & { report: Report };

/** Whether a point is one that COCO calls not labelled. */
export const isUnlabelled = ({ x, y, visible }: Keypoint): boolean => !visible && x === 0 && y === 0;

/** Returns a point for findings. */
export const showPoint = ({ name, x, y }: Omit<Keypoint, 'visible'>): string => `${name}: [${x}, ${y}]`;

/** Reads the points of each row. What the first rows decide, the names and the unit, holds for all. It must be given the rows in order. */
export class PoseReader {
  #names: Decided<readonly string[]> | undefined;
  #unit: Decided<Unit> | undefined;

  constructor(
    private readonly columns: PoseColumns,
    private readonly count: number,
  ) {}

  /** It is `undefined` until a row has decided it. */
  get unit(): Decided<Unit> | undefined {
    return this.#unit;
  }

  /** Whether rows that another process stores need not be read any more. */
  get isDecided(): boolean {
    return this.#names !== undefined && this.#unit !== undefined;
  }

  /** Returns the points of a row, or `undefined` after reporting what is wrong with them. */
  read(annotation: string, visibility: string, { report, file, row }: RowReference): ReadPose | undefined {
    const add = (column: string, ...[code, message, value, expected]: Parameters<AddFinding>): void =>
      keypointFindings.report(report, code, () => ({
        message,
        file,
        row,
        column,
        value,
        ...(expected && { expected }),
      }));
    const addPoint: AddFinding = (...finding) => add(this.columns.annotation, ...finding);
    const addVisibility = (message: string, value: string, expected: string): void =>
      add(this.columns.visibility, 'invalid-visibility', message, value, expected);

    const [points, seen] = [parseObject(annotation), parseObject(visibility)];
    if (!points) addPoint('not-points', 'The cell is not a JSON object.', annotation, 'point names with [x, y]');
    if (!seen) add(this.columns.visibility, 'not-points', 'The cell is not a JSON object.', visibility);
    for (const [name, value] of Object.entries(seen ?? {})) {
      if (value !== 0 && value !== 1) {
        addVisibility('The visibility is neither 0 nor 1.', `${name}: ${JSON.stringify(value)}`, '0 or 1');
      }
    }
    if (!points) return undefined;
    const names = this.#namesOf(Object.keys(points), row, addPoint);
    const spots = Object.entries(points).map(([name, value]) => [name, parsePoint(value)] as const);
    for (const [name, spot] of spots) {
      const value = `${name}: ${JSON.stringify(points[name])}`;
      if (!spot) addPoint('not-a-point', 'The point is not a pair of finite numbers.', value, '[x, y]');
    }
    const difference = seen && differenceOf(Object.keys(points), Object.keys(seen));
    if (difference) addVisibility('The names are not those of the points.', difference, 'the names of the points');
    const found = new Map(spots);
    if (!names || !seen || difference || spots.some(([, spot]) => !spot)) return undefined;
    const pose = names.map((name) => ({ name, ...found.get(name)!, visible: seen[name] === 1 }));
    const labelled = pose.filter((point) => !isUnlabelled(point));
    const isOneSpot = labelled.every(({ x, y }) => x === labelled[0]!.x && y === labelled[0]!.y);
    if (pose.length > 1 && labelled.length !== 1 && isOneSpot) {
      addPoint('one-spot', 'The points are all on one spot.', labelled[0] ? showPoint(labelled[0]) : annotation);
      return undefined;
    }
    // Points that are all at 0, 0 show no unit, but are the same in both.
    return this.#isInUnit(pose, row, addPoint) ? { pose, unit: this.#unit?.value ?? 'pixels' } : undefined;
  }

  /** Returns the names in their order, unless those of a row are others, or too many or few. */
  #namesOf(own: readonly string[], row: number, add: AddFinding): readonly string[] | undefined {
    if (!this.#names && own.length === this.count) this.#names = { value: own, row };
    if (!this.#names) {
      add('number-of-points', 'The object has another number of points.', String(own.length), String(this.count));
      return undefined;
    }
    const { value: names, row: first } = this.#names;
    const difference = differenceOf(names, own);
    if (difference === undefined) return names;
    const isAlike = differenceOf(names.map(fold), own.map(fold)) === undefined;
    const message = isAlike
      ? `The names differ from those of row ${first} in case or space.`
      : `The names are not those of row ${first}.`;
    add('other-points', message, difference, `the names of row ${first}`);
    return undefined;
  }

  /** Returns whether the points are in the unit of the dataset. The first points that show their unit decide it. */
  #isInUnit(pose: Pose, row: number, add: AddFinding): boolean {
    const shown = pose.filter(({ x, y }) => x !== 0 || y !== 0);
    const large = shown.find(({ x, y }) => x > 1 || y > 1);
    const isFraction = shown.length > 0 && shown.every(({ x, y }) => x >= 0 && x <= 1 && y >= 0 && y <= 1);
    const own = large ? 'pixels' : isFraction ? 'fractions' : undefined;
    if (own) this.#unit ??= { value: own, row };
    if (!own || own === this.#unit!.value) return true;
    const { row: first } = this.#unit!;
    const [message, expected] = large
      ? [`The point is larger than 1, but those of row ${first} are fractions of the image.`, 'fractions from 0 to 1']
      : [`All points are within 0 and 1, as fractions are, but those of row ${first} are pixels.`, 'pixels'];
    add('mixed-units', message, showPoint(large ?? shown[0]!), expected);
    return false;
  }
}

/** Returns the JSON object of a cell, or `undefined` if it is none. */
export function parseObject(cell: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(cell) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function parsePoint(value: unknown): { x: number; y: number } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { x, y } = Array.isArray(value)
    ? { x: value[0] as unknown, y: value[1] as unknown }
    : (value as Partial<Keypoint>);
  const isPair = Object.keys(value).length === 2 && Number.isFinite(x) && Number.isFinite(y);
  return isPair ? { x: x as number, y: y as number } : undefined;
}

/** Returns what names lack and have beyond others, for a finding; `undefined` if they are the same. */
function differenceOf(expected: readonly string[], own: readonly string[]): string | undefined {
  const [wanted, given] = [new Set(expected), new Set(own)];
  if (wanted.size === given.size && own.every((name) => wanted.has(name))) return undefined;
  const without = expected.filter((name) => !given.has(name));
  const beyond = own.filter((name) => !wanted.has(name));
  const parts = [
    ...(without.length > 0 ? [`without ${without.join(', ')}`] : []),
    ...(beyond.length > 0 ? [`with ${beyond.join(', ')}`] : []),
  ];
  return parts.join('; ');
}

const fold = (name: string): string => name.trim().toLowerCase();

/** Returns the points as the table stores them. */
export function writePoints(pose: Pose): string {
  return `{${pose.map(({ name, x, y }) => `${JSON.stringify(name)}:[${x},${y}]`).join()}}`;
}

/** Returns their visibility as the table stores it. */
export function writeVisibility(pose: Pose): string {
  return `{${pose.map(({ name, visible }) => `${JSON.stringify(name)}:${Number(visible)}`).join()}}`;
}
