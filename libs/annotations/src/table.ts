import type {
  DataForm,
  FindingPlace,
  LayoutTable,
  RowBatch,
  SourceFile,
  SourceFolder,
} from '@tracebloc/ingestor-contract';
import type { AnnotatedSource } from './types.js';
import { objectOfLine, writeVoc } from './voc.js';

/** The rows of a batch. */
const BATCH = 64;

/** Returns annotated images as a table and folders of a form. */
export function annotatedTable(source: AnnotatedSource, form: DataForm): LayoutTable {
  switch (form) {
    case 'boxes':
      return new BoxTable(source);
    default:
      throw new TypeError(`Annotated images do not have the form ${form}.`);
  }
}

/** A row for each image, and a VOC file for each. */
class BoxTable implements LayoutTable {
  readonly columns = [{ name: 'filename', sql: 'VARCHAR(255)' }];
  readonly rows: number;
  readonly folders: { images: SourceFolder; annotations: SourceFolder };

  constructor(private readonly source: AnnotatedSource) {
    const { images } = source;
    this.rows = images.length;
    this.folders = {
      images: { name: 'images', files: images },
      annotations: { name: 'annotations', files: filesOf(source) },
    };
  }

  async *read(from: number, to: number, columns: readonly number[]): AsyncGenerator<RowBatch, void> {
    for (let start = from; start < to; start += BATCH) {
      const images = this.source.images.slice(start, Math.min(to, start + BATCH));
      yield {
        rows: images.map(({ name }) => columns.map(() => name)),
        lines: images.map((_image, index) => start + index + 1),
      };
    }
  }

  locate(file: string | undefined, row: number | undefined): FindingPlace | undefined {
    if (file === undefined) return row === undefined ? undefined : this.source.placeOf(row - 1);
    const stem = /^annotations\/(.*)\.xml$/.exec(file)?.[1];
    if (stem === undefined) return undefined;
    const index = this.source.images.findIndex(({ name }) => stemOf(name) === stem);
    return index < 0 ? undefined : this.source.placeOf(index, row === undefined ? undefined : objectOfLine(row));
  }

  async close(): Promise<void> {
    await this.source.close?.();
  }
}

/** Yields the VOC file of each image. */
function filesOf(source: AnnotatedSource): Iterable<SourceFile> {
  return {
    *[Symbol.iterator]() {
      for (let index = 0; index < source.images.length; index++) yield new AnnotationFile(source, index);
    },
  };
}

class AnnotationFile implements SourceFile {
  readonly name: string;

  constructor(
    private readonly source: AnnotatedSource,
    private readonly index: number,
  ) {
    this.name = `${stemOf(source.images[index]!.name)}.xml`;
  }

  get path(): string {
    return `${this.source.images[this.index]!.path}#annotation`;
  }

  async make(): Promise<Uint8Array> {
    const image = await this.source.load(this.index);
    return Buffer.from(writeVoc(this.source.images[this.index]!.name, image));
  }
}

const stemOf = (name: string): string => name.replace(/\.[^.]*$/, '');
