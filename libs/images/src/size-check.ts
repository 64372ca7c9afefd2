import type { Report } from '@tracebloc/ingestor-contract';
import { defineFindings } from '@tracebloc/ingestor-dataset';

const catalogue = defineFindings({
  'mixed-sizes': {
    severity: 'error',
    meaning: 'The images of a dataset are not all of one size; the rarer sizes are listed.',
    fix: 'Bring all images to one size. For object detection, `spec.file_options.fit: contain` does that.',
  },
});

/** What `SizeCheck` reports. */
export const SIZE_FINDINGS = catalogue.list;

/** The number of sizes that are counted; further ones are ignored, since enough is wrong by then. */
const MAX_SIZES = 1000;

export interface ImageSize {
  /** Pixels. */
  width: number;
  height: number;
}

/** The state that one `SizeCheck` hands to another: each size, the number of its images, and the first of these by name. */
export type PartialSizes = [size: string, count: number, first: string][];

export const showSize = ({ width, height }: ImageSize): string => `${width}x${height}`;

/** Checks that all images are of one size. The order in which they are added does not matter. */
export class SizeCheck {
  readonly #sizes = new Map<string, { count: number; first: string }>();

  /** `file` is the image's name as findings show it. */
  add(size: ImageSize, file: string): void {
    this.#add(showSize(size), 1, file);
  }

  partial(): PartialSizes {
    return [...this.#sizes].map(([size, { count, first }]) => [size, count, first]);
  }

  /** Adds what another check has counted. */
  merge(partial: PartialSizes): void {
    for (const [size, count, first] of partial) this.#add(size, count, first);
  }

  #add(size: string, count: number, first: string): void {
    const entry = this.#sizes.get(size);
    if (entry) {
      entry.count += count;
      if (first < entry.first) entry.first = first;
    } else if (this.#sizes.size < MAX_SIZES) {
      this.#sizes.set(size, { count, first });
    }
  }

  /** Reports each size except the most common one, with the first file, by name, that has it. */
  finish(report: Report): void {
    const [usual, ...others] = [...this.#sizes].sort(
      ([, a], [, b]) => b.count - a.count || (a.first < b.first ? -1 : 1),
    );
    if (!usual) return;
    const [usualSize, { count: most }] = usual;
    for (const [size, { count, first }] of others) {
      const message =
        count === 1
          ? 'The image does not have the size that most images have.'
          : `The first of ${count} images of this size.`;
      const expected = `${usualSize}, as ${most === 1 ? '1 image has' : `${most} images have`}`;
      catalogue.report(report, 'mixed-sizes', () => ({ message, file: first, value: size, expected }));
    }
  }
}
