import type { FindingPlace, RowBatch, SourceFile, SourceFolder } from '@tracebloc/ingestor-contract';
import type { AnnotatedImage, AnnotatedSource } from './types.js';

/** The rows of a batch. */
const BATCH = 64;

/** Yields rows in batches, each row from its index. */
export async function* batchesOf(
  from: number,
  to: number,
  rowOf: (index: number) => string[] | Promise<string[]>,
): AsyncGenerator<RowBatch, void> {
  for (let start = from; start < to; start += BATCH) {
    const indices = Array.from({ length: Math.min(BATCH, to - start) }, (_, at) => start + at);
    yield {
      rows: await Promise.all(indices.map(async (index) => rowOf(index))),
      lines: indices.map((index) => index + 1),
    };
  }
}

/** How a file is made of what is in an image. */
interface MadeRule {
  /** What follows the stem of the image in the name of the file. */
  suffix: string;
  make: (image: AnnotatedImage, file: SourceFile) => Uint8Array | Promise<Uint8Array>;
}

/** A folder with a file for each image, which is made of what is in the image. */
export class MadeFolder implements SourceFolder {
  /** The extensions of the images, once they are asked for. */
  #extensions: ReadonlySet<string> | undefined;

  constructor(
    readonly name: string,
    private readonly source: AnnotatedSource,
    private readonly rule: MadeRule,
  ) {}

  get files(): Iterable<SourceFile> {
    const { source, rule, name } = this;
    return {
      *[Symbol.iterator]() {
        for (let index = 0; index < source.images.length; index++) yield new MadeFile(name, source, rule, index);
      },
    };
  }

  /**
   * Returns where the user finds what a file says, or `undefined` for the name of a file of another folder. `objectAt` returns
   * the object that is on a line.
   */
  locate(
    file: string,
    row: number | undefined,
    objectAt: (row: number) => number | undefined = () => undefined,
  ): FindingPlace | undefined {
    const { suffix } = this.rule;
    if (!file.startsWith(`${this.name}/`) || !file.endsWith(suffix)) return undefined;
    const index = this.#indexOf(file.slice(this.name.length + 1, -suffix.length));
    return index === undefined ? undefined : this.source.placeOf(index, row === undefined ? undefined : objectAt(row));
  }

  /** Returns the image with a stem. A map of all stems would take as much memory as the images. */
  #indexOf(stem: string): number | undefined {
    const { images } = this.source;
    this.#extensions ??= new Set(images.map(({ name }) => name.slice(stemOf(name).length)));
    for (const extension of this.#extensions) {
      const name = stem + extension;
      let [low, high] = [0, images.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (images[middle]!.name < name) low = middle + 1;
        else high = middle;
      }
      if (images[low]?.name === name) return low;
    }
    return undefined;
  }
}

/** There may be very many of these, so that they hold little. */
class MadeFile implements SourceFile {
  constructor(
    private readonly folder: string,
    private readonly source: AnnotatedSource,
    private readonly rule: MadeRule,
    private readonly index: number,
  ) {}

  get name(): string {
    return stemOf(this.#image.name) + this.rule.suffix;
  }

  get path(): string {
    return `${this.#image.path}#${this.folder}`;
  }

  async make(): Promise<Uint8Array> {
    return this.rule.make(await this.source.load(this.index), this.#image);
  }

  get #image(): SourceFile {
    return this.source.images[this.index]!;
  }
}

/** Returns the name of a file without its extension. */
export function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}
