import type { FileReference, FindingDetails } from '@tracebloc/ingestor-dataset';
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

type AddFinding = (code: Parameters<typeof keypointFindings.report>[1], details: FindingDetails) => void;
type RowReference = Required<Pick<FileReference, 'report' | 'file' | 'row'>>;

const FILL_IN =
  'Write the JSON object into the cell, such as `{"nose": [12, 30]}`. In a JSON file it is a text: `"{\\"nose\\": [12, 30]}"`.';

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
    const adder =
      (column: string): AddFinding =>
      (code, details) =>
        keypointFindings.report(report, code, () => ({ file, row, column, ...details }));
    const [addPoint, addVisibility] = [adder(this.columns.annotation), adder(this.columns.visibility)];
    const points = parseObject(annotation, addPoint);
    const seen = parseObject(visibility, addVisibility);
    for (const [name, value] of Object.entries(seen ?? {})) {
      if (value === 0 || value === 1) continue;
      const details = { value: `${name}: ${JSON.stringify(value)}`, expected: '0 or 1' };
      addVisibility('invalid-visibility', { message: 'The visibility is neither 0 nor 1.', ...details });
    }
    if (!points) return undefined;
    const names = this.#namesOf(Object.keys(points), row, addPoint);
    const spots = new Map(Object.entries(points).map(([name, value]) => [name, parsePoint(value)]));
    for (const [name, spot] of spots) {
      if (spot) continue;
      const details = { value: `${name}: ${JSON.stringify(points[name])}`, expected: '[x, y]' };
      addPoint('not-a-point', { message: 'The point is not a pair of finite numbers.', ...details });
    }
    const value = seen && differenceOf(Object.keys(points), Object.keys(seen));
    if (value) addVisibility('invalid-visibility', { message: 'The names are not those of the points.', value });
    if (!names || !seen || value || [...spots.values()].includes(undefined)) return undefined;
    const pose = names.map((name) => ({ name, ...spots.get(name)!, visible: seen[name] === 1 }));
    if (isOneSpot(pose)) {
      addPoint('one-spot', { message: 'The points are all on one spot.', value: showPoint(pose[0]!) });
      return undefined;
    }
    // A first row whose only point is at 0, 0 shows no unit.
    return this.#isInUnit(pose, row, addPoint) ? { pose, unit: this.#unit?.value ?? 'pixels' } : undefined;
  }

  /** Returns the names in their order, unless those of a row are others, or too many or few. */
  #namesOf(own: readonly string[], row: number, add: AddFinding): readonly string[] | undefined {
    if (!this.#names && own.length === this.count) this.#names = { value: own, row };
    if (!this.#names) {
      const details = { value: String(own.length), expected: String(this.count) };
      add('number-of-points', { message: 'The object has another number of points.', ...details });
      return undefined;
    }
    const { value: names, row: first } = this.#names;
    const value = differenceOf(names, own);
    if (value === undefined) return names;
    const isAlike = differenceOf(names.map(fold), own.map(fold)) === undefined;
    const message = `The names ${isAlike ? 'differ in case or space from' : 'are not'} those of row ${first}.`;
    add('other-points', { message, value, expected: `the names of row ${first}` });
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
    add('mixed-units', { message, value: showPoint(large ?? shown[0]!), expected });
    return false;
  }
}

/** Returns the JSON object of a cell, or `undefined` after reporting that it is none. */
export function parseObject(cell: string, add?: AddFinding): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(cell) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    add?.('not-points', { message: 'The cell is JSON, but not an object.', value: cell });
  } catch {
    if (cell !== '') add?.('not-points', { message: 'The cell is not JSON.', value: cell });
    else add?.('not-points', { message: 'The cell is empty.', fix: FILL_IN });
  }
  return undefined;
}

function parsePoint(value: unknown): { x: number; y: number } | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { x, y } = Array.isArray(value)
    ? { x: value[0] as unknown, y: value[1] as unknown }
    : (value as Partial<Keypoint>);
  const isPair = Object.keys(value).length === 2 && Number.isFinite(x) && Number.isFinite(y);
  return isPair ? { x: x as number, y: y as number } : undefined;
}

/** Whether no point tells where the object is, or all that are labelled are the same. */
function isOneSpot(pose: Pose): boolean {
  const [first, ...others] = pose.filter((point) => !isUnlabelled(point));
  if (pose.length === 1 || (first && others.length === 0)) return false;
  return others.every(({ x, y }) => x === first!.x && y === first!.y);
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
