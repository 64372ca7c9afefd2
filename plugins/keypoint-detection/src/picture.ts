import type { Report, TaskContext } from '@tracebloc/ingestor-contract';
import { FILE_CONCURRENCY, type SidecarFile, createReport } from '@tracebloc/ingestor-dataset';
import {
  type Image,
  ImageTally,
  type Placement,
  fitImage,
  placeImage,
  probeImage,
  proveWhole,
  reportImage,
  uprightSize,
} from '@tracebloc/ingestor-images';
import type { KeypointOptions } from './options.js';

/** An image, and where its pixels are in the one that is stored. */
export interface Picture {
  image: Image;
  /** It is absent if the image is stored as it is. */
  placement?: Placement;
  /** The new file, if the image is not stored as it is. */
  content?: Uint8Array;
}

/** Reads images. Rows that follow each other often name the same image, so that the last ones are kept. */
export class Pictures {
  readonly #last = new Map<string, Promise<Picture | undefined>>();
  readonly #ignored = createReport();

  constructor(
    private readonly context: TaskContext<KeypointOptions>,
    private readonly tally: ImageTally,
  ) {}

  /** Checks an image, once even if several rows name it. Returns `undefined` if it cannot be decoded. */
  read(file: SidecarFile, report: Report): Promise<Picture | undefined> {
    // The row that names it first may come later than others, since several rows are processed at the same time.
    const known = file.repeated ? this.#last.get(file.path) : undefined;
    if (known) return known;
    const read = file.repeated ? this.#prepare(file, this.#ignored) : this.#prepare(file, report, this.tally);
    this.#last.set(file.path, read);
    const [oldest] = this.#last.keys();
    if (this.#last.size > FILE_CONCURRENCY) this.#last.delete(oldest!);
    return read;
  }

  /** Without a tally, the image has been checked before. */
  async #prepare(file: SidecarFile, report: Report, tally?: ImageTally): Promise<Picture | undefined> {
    const { options, wantsFiles } = this.context;
    const { minSize, targetSize, fit, convert } = options;
    const upright = fit !== 'exact' || convert;
    const exactSize = fit === 'exact' ? { exactSize: targetSize } : {};
    const image = await probeImage(file, { minSize, convert, upright, ...exactSize }, report);
    if (!image) return undefined;
    tally?.add(image, upright ? uprightSize(image) : image);
    if (image.orientation !== 1) reportTurned(image, upright, report);
    if (!upright) {
      if (tally) await proveWhole(image, report);
      return { image };
    }
    const placement = placeImage(uprightSize(image), targetSize, fit);
    if (!tally && !wantsFiles) return { image, placement };
    // After an error nothing is stored.
    const fitted = await fitImage(image, options, report, !wantsFiles || this.context.report.errors > 0);
    return { image, placement, ...(fitted?.content && { content: fitted.content }) };
  }
}

function reportTurned({ shown: file, orientation }: Image, upright: boolean, report: Report): void {
  const message = upright
    ? 'The image is stored turned. Its points are taken to be those of the stored pixels, and are turned upright together with them.'
    : 'The image is stored turned. It is stored so, and its points are taken to be those of the stored pixels.';
  const fix =
    'If the points are those of the upright image, turn its pixels with `jpegtran` or `exiftran`, and remove the note.';
  reportImage(report, 'exif-orientation', { message, file, value: String(orientation), expected: '1', fix });
}
