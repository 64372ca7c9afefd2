import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { ColumnMetaData, SchemaTree } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetHeader, readPage } from 'hyparquet/src/column.js';
import type { ColumnDecoder, Compressors, DecodedArray, PageHeader } from 'hyparquet/src/types.js';
import type { TableFile } from '@tracebloc/ingestor-contract';

/** Bytes of a column that are read at a time. A page is often larger, and is then read whole. */
const WINDOW = 64 * 1024;

/** The most bytes of a page's header, which may have the least and the greatest value of the page. */
const MAX_HEADER = 16 << 20;

/** Node's own code unpacks these faster. None of them unpacks more than the page says. */
const COMPRESSORS: Compressors = {
  ...compressors,
  GZIP: (input, maxOutputLength) => gunzipSync(input, { maxOutputLength }),
  BROTLI: (input, maxOutputLength) => brotliDecompressSync(input, { maxOutputLength }),
  ZSTD: (input, maxOutputLength) => zstdDecompressSync(input, { maxOutputLength }),
};

/** The column of a row group, read page by page, so that memory holds one page of each column. */
export class PageReader {
  readonly #decoder: ColumnDecoder;
  #position: number;
  readonly #end: number;
  #window: Uint8Array = new Uint8Array(0);
  #dictionary: DecodedArray | undefined;

  constructor(
    private readonly file: TableFile,
    meta: ColumnMetaData,
    path: readonly SchemaTree[],
    /** Returns the text of a value; that of a dictionary's values is made once. */
    private readonly toText: (value: unknown) => string,
  ) {
    // Without the logical type the values stay as they are stored, which is exact.
    const { converted_type: _, logical_type: __, ...element } = path.at(-1)!.element;
    this.#decoder = {
      ...meta,
      pathInSchema: meta.path_in_schema,
      element,
      schemaPath: [...path],
      compressors: COMPRESSORS,
      utf8: false,
      parsers: { timestampFromNanoseconds: (nanos: bigint) => nanos },
    } as unknown as ColumnDecoder;
    const { dictionary_page_offset: dictionary, data_page_offset: data } = meta;
    this.#position = Number(dictionary !== undefined && dictionary > 0n && dictionary < data ? dictionary : data);
    this.#end = this.#position + Number(meta.total_compressed_size);
  }

  /**
   * Returns the values of the next page, some of which may already be texts, or how many values of it were left out because none of the next `skip` values is
   * wanted. Returns `undefined` at the end.
   */
  async next(skip: number): Promise<DecodedArray | number | undefined> {
    for (;;) {
      if (this.#position >= this.#end) return undefined;
      const header = await this.#readHeader();
      const reader = await this.#view(header.compressed_page_size);
      this.#advance(header.compressed_page_size);
      if (header.type === 'INDEX_PAGE') continue;
      const { skipped, data } = readPage(reader, header, this.#decoder, this.#dictionary, undefined, skip);
      if (header.type === 'DICTIONARY_PAGE') this.#dictionary = Array.from(data ?? [], this.toText);
      else if (skipped) return skipped;
      else if (data && data.length > 0) return data;
    }
  }

  async #readHeader(): Promise<PageHeader> {
    for (let length = 256; ; length *= 8) {
      const reader = await this.#view(Math.min(length, this.#end - this.#position));
      try {
        const header = parquetHeader(reader);
        this.#advance(reader.offset);
        return header;
      } catch (error) {
        // The header is longer than what was read of it.
        const isShort = error instanceof RangeError && length < Math.min(MAX_HEADER, this.#end - this.#position);
        if (!isShort) throw error;
      }
    }
  }

  /** Returns the next bytes, of which at least `length` are there. */
  async #view(length: number): Promise<{ view: DataView; offset: number }> {
    if (this.#window.length < length) {
      const wanted = Math.min(Math.max(length, WINDOW), this.#end - this.#position);
      // The values of earlier pages may still be in the old bytes, so these are not written to.
      this.#window = await this.file.read(this.#position, wanted);
      if (this.#window.length < length) throw new Error('a column ends before its last page does');
    }
    const { buffer, byteOffset, byteLength } = this.#window;
    return { view: new DataView(buffer, byteOffset, byteLength), offset: 0 };
  }

  #advance(length: number): void {
    this.#position += length;
    this.#window = this.#window.subarray(length);
  }
}
