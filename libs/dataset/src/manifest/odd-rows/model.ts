import { featuresOfRow, isNumeric, WEAK } from './features.js';

/** The most columns that are examined. */
const MAX_COLUMNS = 200;
/** The fewest values of a column that say how its values look. */
const MIN_VALUES = 10;
/** The share of a row's cells above which it is not a row with gaps. */
const FULL = 0.75;
/** The fewest columns in which an odd row is unlike the others. */
const MIN_UNLIKE = 3;

/** How the values of a column look. */
interface Look {
  /** The features that all have, as bits, apart from a few values. */
  common: number;
  /** The values, if they are few and each occurs several times. */
  values?: ReadonlySet<string>;
  isFilled: boolean;
}

/** In what a row is unlike others. */
export interface Judgement {
  /** The number of columns. */
  unlike: number;
  /** Whether the row has a value in only one column, and the others in most. */
  hasOneValue: boolean;
  /** Whether the row is odd. */
  isOdd: boolean;
}

/** Knows how rows that follow each other look. A few of them may be odd themselves. */
export class RowModel {
  readonly #looks: Look[];

  constructor(rows: readonly (readonly string[])[]) {
    const width = Math.min(MAX_COLUMNS, rows[0]?.length ?? 0);
    const features = rows.map((row) => featuresOfRow(row, width));
    this.#looks = Array.from({ length: width }, (_, column) =>
      lookOf(
        rows.map((row) => row[column] ?? ''),
        features.map((row) => row[column]!),
      ),
    );
  }

  /** The columns whose values certainly look alike, those first whose values are open. */
  get columns(): { column: number; isOpen: boolean }[] {
    return this.#looks
      .map(({ common, values }, column) => ({ column, isOpen: (common & ~WEAK) !== 0, isClosed: values !== undefined }))
      .filter(({ isOpen, isClosed }) => isOpen || isClosed)
      .sort((one, other) => Number(other.isOpen) - Number(one.isOpen));
  }

  /** With `onlyOpen`, columns of a few values do not count: they may have others in rows that follow. */
  judge(row: readonly string[], onlyOpen = false): Judgement {
    let [filled, strong, weak, alike, gaps] = [0, 0, 0, 0, 0];
    let [hasNumber, hasOpen] = [false, false];
    const featuresByColumn = featuresOfRow(row, this.#looks.length);
    for (const [column, look] of this.#looks.entries()) {
      const { common, isFilled } = look;
      const values = onlyOpen ? undefined : look.values;
      const cell = row[column]!;
      const features = featuresByColumn[column]!;
      if (features === 0) {
        if (isFilled) gaps++;
        continue;
      }
      filled++;
      hasNumber ||= isNumeric(features);
      const needed = common & ~WEAK;
      const isOpen = needed !== 0 || !values;
      if (isOpen ? (features & needed) !== needed : !values.has(cell)) {
        // Rows that follow each other often share a value until it changes.
        if (isOpen || values.size > 1) strong++;
        else weak++;
      } else if (!isOpen || (features & common) === common) alike += needed !== 0 || values ? 1 : 0;
      else weak++;
      hasOpen ||= isOpen && (features & common) !== common;
    }
    const width = this.#looks.length;
    const unlike = strong + weak;
    const isWhole = filled >= FULL * width;
    const isNamed = isWhole && !hasNumber && areDistinct(row.slice(0, width));
    const isOdd = isWhole
      ? isNamed &&
        (!onlyOpen || alike === 0) &&
        ((unlike >= MIN_UNLIKE && strong >= 2 && (alike === 0 || (hasOpen && 4 * alike <= unlike))) ||
          (width === 2 && strong === 2 && hasOpen))
      : filled > 0 && alike === 0 && strong > 0 && gaps > 0 && unlike + gaps >= MIN_UNLIKE;
    const hasOneValue = filled === 1 && alike === 0 && width > 2 && 2 * gaps >= width - 1;
    return { unlike: unlike + (isWhole ? 0 : gaps), hasOneValue, isOdd };
  }
}

/** The values of a column that may look otherwise than the others. */
const toleranceOf = (values: number): number => (values >= 30 ? 3 : values >= 20 ? 2 : 1);

function lookOf(cells: readonly string[], features: readonly number[]): Look {
  const filled = features.filter((bits) => bits !== 0);
  const isFilled = cells.length >= MIN_VALUES && filled.length >= cells.length - toleranceOf(cells.length);
  if (filled.length < MIN_VALUES) return { common: 0, isFilled };
  const most = filled.length - toleranceOf(filled.length);
  let some = 0;
  let common = -1;
  for (const bits of filled) {
    some |= bits;
    common &= bits;
  }
  for (let rest = some & ~common; rest !== 0; rest &= rest - 1) {
    const bit = rest & -rest;
    let count = 0;
    for (const bits of filled) if ((bits & bit) !== 0) count++;
    if (count >= most) common |= bit;
  }
  return { common, isFilled, values: closedSet(cells, features, most) };
}

/** Returns the values that occur several times, if nearly all cells have one of them and they are few. */
function closedSet(
  cells: readonly string[],
  features: readonly number[],
  most: number,
): ReadonlySet<string> | undefined {
  const counts = new Map<string, number>();
  cells.forEach((cell, index) => {
    if (features[index] !== 0) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  });
  const repeated = [...counts].filter(([, count]) => count > 1);
  const covered = repeated.reduce((sum, [, count]) => sum + count, 0);
  if (covered < most || 3 * repeated.length > covered) return undefined;
  return new Set(repeated.map(([value]) => value));
}

function areDistinct(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell.trim() !== '');
  return new Set(filled).size === filled.length;
}
