import type { FindingPlace, LayoutTable, RowBatch, SourceFolder } from '@tracebloc/ingestor-contract';
import { batchesOf } from './rows.js';
import type { AnnotatedObject, AnnotatedSource } from './types.js';

const COLUMNS = [
  { name: 'filename', sql: 'VARCHAR(255)' },
  { name: 'Annotation', sql: 'TEXT' },
  { name: 'Visibility', sql: 'TEXT' },
  { name: 'label', sql: 'VARCHAR(255)' },
];

/** A row for each object that has labelled points. */
export class KeypointTable implements LayoutTable {
  readonly columns = COLUMNS;
  readonly statesTypes = true;
  readonly rows: number;
  readonly folders: { images: SourceFolder };
  /** The first row of each image, and the number of rows. */
  readonly #starts: Uint32Array;

  constructor(private readonly source: AnnotatedSource) {
    const { images } = source;
    this.folders = { images: { name: 'images', files: images } };
    this.#starts = new Uint32Array(images.length + 1);
    for (let index = 0; index < images.length; index++) {
      this.#starts[index + 1] = this.#starts[index]! + source.pointedOf(index);
    }
    this.rows = this.#starts[images.length]!;
  }

  async *read(from: number, to: number, columns: readonly number[]): AsyncGenerator<RowBatch, void> {
    // The rows of an image follow each other, so that it is read once for several.
    let known: { index: number; objects: Promise<AnnotatedObject[]> } | undefined;
    yield* batchesOf(from, to, async (row) => {
      const index = this.#imageOf(row);
      if (known?.index !== index) known = { index, objects: this.#objectsOf(index) };
      const { className, keypoints } = (await known.objects)[row - this.#starts[index]!]!;
      const points = keypoints!.map(({ name, x, y }) => [name, [x, y]] as const);
      const visible = keypoints!.map(({ name, visible }) => [name, Number(visible)] as const);
      const cells = [this.source.images[index]!.name, jsonOf(points), jsonOf(visible), className];
      return columns.map((column) => cells[column]!);
    });
  }

  locate(file: string | undefined, row: number | undefined): FindingPlace | undefined {
    return file !== undefined || row === undefined ? undefined : this.source.placeOf(this.#imageOf(row - 1));
  }

  async close(): Promise<void> {
    await this.source.close?.();
  }

  async #objectsOf(index: number): Promise<AnnotatedObject[]> {
    const { objects } = await this.source.load(index);
    return objects.filter(({ keypoints }) => keypoints && keypoints.length > 0);
  }

  /** Returns the image of a row: the last one that begins at the row or before it. */
  #imageOf(row: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= row) low = middle;
      else high = middle;
    }
    return low;
  }
}

const jsonOf = (entries: Iterable<readonly [string, unknown]>): string => JSON.stringify(Object.fromEntries(entries));
