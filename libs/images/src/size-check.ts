import type { Report } from '@tracebloc/ingestor-contract';
import { defineFindings } from '@tracebloc/ingestor-dataset';

const catalogue = defineFindings({
  'mixed-sizes': {
    severity: 'error',
    meaning: 'The images of a dataset are not all of one size; the most common sizes are listed with their numbers.',
    fix: 'Bring all images to one size: `spec.file_options.fit` does that, as `contain` (pads with black), `cover` (cuts off) or `stretch` (changes the shape).',
  },
});

/** What `SizeCheck` reports. */
export const SIZE_FINDINGS = catalogue.list;

/** The number of sizes that are counted; further ones are ignored, since enough is wrong by then. */
const MAX_SIZES = 1000;
/** The most sizes that a finding lists. */
const MAX_LISTED = 5;

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

  /** Reports several sizes in one finding: the most common ones with the numbers of their images, and a file of each but the first. */
  finish(report: Report): void {
    const sizes = [...this.#sizes].sort(([, a], [, b]) => b.count - a.count || (a.first < b.first ? -1 : 1));
    const [usual, other] = sizes;
    if (!usual || !other) return;
    const listed = sizes.slice(0, MAX_LISTED).map(([size, { count, first }], index) => {
      if (index === 0) return `${size} (${count} ${count === 1 ? 'image' : 'images'})`;
      return `${size} (${count}, ${count === 1 ? '' : 'first '}${first})`;
    });
    const rest = sizes.slice(MAX_LISTED);
    const images = rest.reduce((sum, [, { count }]) => sum + count, 0);
    if (rest.length > 0) {
      listed.push(`${rest.length} other ${rest.length === 1 ? 'size' : 'sizes'} (${images})`);
    }
    const message = `The images have ${sizes.length} sizes: ${listed.join(', ')}.`;
    const { count: most } = usual[1];
    const expected = `${usual[0]}, as ${most === 1 ? '1 image has' : `${most} images have`}`;
    catalogue.report(report, 'mixed-sizes', () => ({ message, file: other[1].first, value: other[0], expected }));
  }
}
