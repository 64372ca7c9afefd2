import { basename } from 'node:path';
import type { FindingPlace, LayoutTable, RowBatch, SourceFolder } from '@tracebloc/ingestor-contract';
import { batchesOf, MadeFolder } from './rows.js';
import type { AnnotatedSource } from './types.js';
import { objectOfLine, writeVoc } from './voc.js';

/** A row for each image, and a VOC file for each. */
export class BoxTable implements LayoutTable {
  readonly columns = [{ name: 'filename', sql: 'VARCHAR(255)' }];
  readonly statesTypes = true;
  readonly rows: number;
  readonly folders: { images: SourceFolder; annotations: MadeFolder };

  constructor(private readonly source: AnnotatedSource) {
    const { images } = source;
    this.rows = images.length;
    this.folders = {
      images: { name: 'images', files: images },
      annotations: new MadeFolder('annotations', source, {
        suffix: '.xml',
        make: (image, { path }) => Buffer.from(writeVoc(basename(path), image)),
      }),
    };
  }

  read(from: number, to: number, columns: readonly number[]): AsyncIterable<RowBatch> {
    return batchesOf(from, to, (index) => columns.map(() => this.source.images[index]!.name));
  }

  locate(file: string | undefined, row: number | undefined): FindingPlace | undefined {
    if (file === undefined) return row === undefined ? undefined : this.source.placeOf(row - 1);
    return this.folders.annotations.locate(file, row, objectOfLine);
  }

  async close(): Promise<void> {
    await this.source.close?.();
  }
}
