import type { FindingPlace, LayoutTable, Report, RowBatch, SourceFolder } from '@tracebloc/ingestor-contract';
import { annotationFindings } from './findings.js';
import { writePng } from './png.js';
import { type ClassMask, fillPolygon, fillRuns } from './raster.js';
import { batchesOf, MadeFolder, stemOf } from './rows.js';
import type { AnnotatedImage, AnnotatedSource } from './types.js';

/** The most characters of a label. */
const MAX_LABEL = 255;
/** The label of an image that has only background. */
const BACKGROUND = 'background';

const COLUMNS = ['filename', 'mask_id', 'label'].map((name) => ({ name, sql: 'VARCHAR(255)' }));

/** A row for each image, and a mask for each. Later objects cover earlier ones. */
export class MaskTable implements LayoutTable {
  readonly columns = COLUMNS;
  readonly statesTypes = true;
  readonly rows: number;
  readonly folders: { images: SourceFolder; masks: MadeFolder };
  readonly #label: (present: ReadonlySet<string>) => { label: string; rest: number };

  constructor(
    private readonly source: AnnotatedSource,
    private readonly report: Report,
  ) {
    const { images, classes } = source;
    this.rows = images.length;
    const values = new Map(classes.map((name, index) => [name, index + 1]));
    this.folders = {
      images: { name: 'images', files: images },
      masks: new MadeFolder('masks', source, {
        suffix: '_mask.png',
        make: (image) => writePng(maskOf(image, values)),
      }),
    };
    this.#label = labeller(classes);
  }

  read(from: number, to: number, columns: readonly number[]): AsyncIterable<RowBatch> {
    return batchesOf(from, to, async (index) => {
      const { name } = this.source.images[index]!;
      const stem = stemOf(name);
      const cells = [name, `${stem}_mask`, columns.includes(2) ? await this.#labelOf(index) : ''];
      return columns.map((column) => cells[column]!);
    });
  }

  locate(file: string | undefined, row: number | undefined): FindingPlace | undefined {
    if (file === undefined) return row === undefined ? undefined : this.source.placeOf(row - 1);
    return this.folders.masks.locate(file, undefined);
  }

  async close(): Promise<void> {
    await this.source.close?.();
  }

  async #labelOf(index: number): Promise<string> {
    const { objects } = await this.source.load(index);
    const { label, rest } = this.#label(new Set(objects.map(({ className }) => className)));
    if (rest > 0) {
      annotationFindings.report(this.report, 'shortened-label', () => ({
        message: `The label of the image is without ${rest} of its classes.`,
        ...this.source.placeOf(index),
        expected: `at most ${MAX_LABEL} characters`,
      }));
    }
    return label;
  }
}

/** Returns the mask of an image, given the values of the classes. */
export function maskOf({ width, height, objects }: AnnotatedImage, values: ReadonlyMap<string, number>): ClassMask {
  const mask = { width, height, pixels: new Uint8Array(width * height) };
  for (const { className, polygons = [], runs } of objects) {
    const value = values.get(className)!;
    for (const polygon of polygons) fillPolygon(mask, polygon, value);
    if (runs) fillRuns(mask, runs, value);
  }
  return mask;
}

/**
 * Returns a function that makes a label of the classes of an image: their sorted names, with spaces between, or with
 * another mark if a name of the dataset has a space. `rest` is the number of classes for which the label has no room.
 */
export function labeller(
  classes: readonly string[],
): (present: ReadonlySet<string>) => { label: string; rest: number } {
  const mark = [' ', ', ', '; '].find((one) => !classes.some((name) => name.includes(one))) ?? ' | ';
  const hasSpaces = classes.some((name) => /\s/.test(name));
  const between = hasSpaces && mark === ' ' ? ', ' : mark;
  return (present) => {
    const names = [...present].sort();
    if (names.length === 0) return { label: BACKGROUND, rest: 0 };
    for (let kept = names.length; kept > 0; kept--) {
      const rest = names.length - kept;
      const label = names.slice(0, kept).join(between) + (rest > 0 ? `${between}+${rest}` : '');
      if (label.length <= MAX_LABEL) return { label, rest };
    }
    return { label: `+${names.length}`, rest: names.length };
  };
}
