import type { SourceFolder } from '@tracebloc/ingestor-contract';
import { SidecarFolder, createReport } from '@tracebloc/ingestor-dataset';
import { type Indices, readIndices } from './indices.js';

/** The number of pixels of each class index that occurs, in ascending order of the indices. */
export type ReadonlyCounts = ReadonlyMap<number, number>;

/** Counts the pixels of a mask by their indices while its rows are read. */
export class IndexCounts {
  readonly #counts: Float64Array;
  #rows = 0;

  constructor(private readonly mask: Pick<Indices, 'bits' | 'height' | 'rows'>) {
    this.#counts = new Float64Array(mask.bits === 16 ? 65_536 : 256);
  }

  /** The rows of the mask, which are counted when they are read. */
  async *rows(): AsyncGenerator<Uint8Array | Uint16Array, void> {
    const counts = this.#counts;
    for await (const row of this.mask.rows) {
      countRow(row, counts);
      this.#rows++;
      yield row;
    }
  }

  /** Reads all rows only to count them. */
  async readToEnd(): Promise<void> {
    const rows = this.rows();
    while (!(await rows.next()).done);
  }

  /** It is undefined unless all rows were read: the mask is then damaged, which was reported. */
  get counts(): ReadonlyCounts | undefined {
    if (this.#rows < this.mask.height) return undefined;
    const found = new Map<number, number>();
    this.#counts.forEach((count, index) => count > 0 && found.set(index, count));
    return found;
  }
}

/** Most pixels of a mask have the index of the one before, so that runs are counted. */
function countRow(row: Uint8Array | Uint16Array, counts: Float64Array): void {
  let start = 0;
  let index = row[0]!;
  for (let at = 1; at < row.length; at++) {
    if (row[at] === index) continue;
    counts[index]! += at - start;
    start = at;
    index = row[at]!;
  }
  counts[index]! += row.length - start;
}

/** Returns the indices in some masks of a folder, spread over their names, for `init`. Masks that cannot be read are passed over. */
export async function sampleIndices(
  folder: string | SourceFolder,
  names: readonly string[],
  count: number,
): Promise<ReadonlySet<number>> {
  const masks = await SidecarFolder.open(folder, '.png');
  const found = new Set<number>();
  const step = Math.max(1, names.length / count);
  for (let at = 0; at < names.length; at += step) {
    const report = createReport();
    const file = await masks.find(names[Math.floor(at)]!, { report, file: '' });
    const mask = file && (await readIndices(file, report));
    if (!mask) continue;
    const pixels = new IndexCounts(mask);
    await pixels.readToEnd();
    for (const index of pixels.counts?.keys() ?? []) found.add(index);
  }
  return found;
}
