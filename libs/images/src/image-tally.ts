import type { JsonValue, Report } from '@tracebloc/ingestor-contract';
import type { FileTally } from '@tracebloc/ingestor-dataset';
import { ConversionTally, type PartialConversions } from './conversions.js';
import { type ImageSize, type PartialSizes, SizeCheck } from './size-check.js';

/** The state that one `ImageTally` hands to another. */
export type PartialImages = { sizes: PartialSizes; conversions: PartialConversions };

/** Counts the sizes and the conversions of the images of a dataset. */
export class ImageTally implements FileTally {
  readonly #sizes = new SizeCheck();
  readonly #conversions = new ConversionTally();

  /** `needsOneSize` is false if images of different sizes are each brought to the target. */
  constructor(private readonly options: { background: string; needsOneSize: boolean }) {}

  /** Adds an image with the size that counts: that of the stored pixels, or that of the upright image. */
  add(image: { shown: string; conversions: readonly string[] }, size: ImageSize): void {
    this.#sizes.add(size, image.shown);
    this.#conversions.add(image);
  }

  partial(): PartialImages {
    return { sizes: this.#sizes.partial(), conversions: this.#conversions.partial() };
  }

  merge(partial: JsonValue): void {
    const { sizes, conversions } = partial as PartialImages;
    this.#sizes.merge(sizes);
    this.#conversions.merge(conversions);
  }

  finish(report: Report, folder: string): void {
    const { background, needsOneSize } = this.options;
    this.#conversions.finish(report, { file: `${folder}/`, background });
    if (needsOneSize) this.#sizes.finish(report);
  }
}
