import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { ColumnMetaData, SchemaTree } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage, readDataPage } from 'hyparquet/src/datapage.js';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { snappyUncompress } from 'hyparquet/src/snappy.js';
import type { ColumnDecoder, Compressors, DataPageHeader, PageHeader } from 'hyparquet/src/types.js';
import type { TableFile } from '@tracebloc/ingestor-contract';
import type { Column } from './column.js';
import { type Dictionary, readDictionary } from './dictionary.js';
import { HybridReader } from './hybrid.js';
import { NumberTexts } from './number-texts.js';
import {
  decodedValues,
  plainValues,
  splitValues,
  type Stored,
  TextValues,
  type ToText,
  type Values,
} from './values.js';

/** Bytes of a column that are read at a time. A page is often larger, and is then read by itself. */
const WINDOW = 64 * 1024;

/** The most bytes of a page's header, which may have the least and the greatest value of the page. */
const MAX_HEADER = 16 << 20;

/** Node's own code unpacks these faster, into one piece. None of them unpacks more than the page says. */
const COMPRESSORS: Compressors = {
  ...compressors,
  GZIP: (input, length) => gunzipSync(input, { maxOutputLength: length, chunkSize: pieceOf(length) }),
  BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: length, chunkSize: pieceOf(length) }),
  ZSTD: (input, length) => zstdDecompressSync(input, { maxOutputLength: length, chunkSize: pieceOf(length) }),
};

const pieceOf = (length: number): number => Math.max(64, length + 1);

/**
 * Bytes that are used again and again. Without it each page would have new ones, and so many that the garbage collector would
 * always be at work, which takes more time than the reading.
 */
class ReusedBytes {
  #bytes: Buffer = Buffer.alloc(0);

  /** Returns bytes whose content, and that of the bytes returned before, may be anything. */
  take(length: number): Buffer {
    if (this.#bytes.length < length) this.#bytes = Buffer.allocUnsafeSlow(Math.ceil(length * SPARE));
    return this.#bytes.subarray(0, length);
  }
}

/** Pages are not all of one size, and the first ones not always the longest. */
const SPARE = 1.1;

/** The memory in which the columns of a file are read, one after the other. */
export class PageMemory {
  readonly packed = new ReusedBytes();
  readonly #columns: { ahead: ReusedBytes; page: ReusedBytes }[] = [];

  /** Returns the memory of one column: for what is read ahead, and for a page. */
  ofColumn(index: number): { ahead: ReusedBytes; page: ReusedBytes } {
    return (this.#columns[index] ??= { ahead: new ReusedBytes(), page: new ReusedBytes() });
  }
}

/** A page of a column, whose values are decoded as they are read. */
export interface Page {
  /** The number of values, with the missing ones. */
  count: number;
  /** Has 1 for a value and 0 for a missing one. It is absent if no value is missing. */
  present?: HybridReader;
  /** The values that are not missing. */
  values: Values;
}

interface ColumnSource {
  schema: SchemaTree;
  column: Column;
  memory: PageMemory;
  /** The place of the column among those that are read. */
  index: number;
}

/** The column of a row group, read page by page, so that memory holds the bytes of one page of each column. */
export class PageReader {
  readonly #schema: SchemaTree;
  readonly #column: Column;
  readonly #packed: ReusedBytes;
  readonly #unpacked: ReusedBytes;
  readonly #stored: Stored;
  readonly #isNullable: boolean;
  #position: number;
  readonly #end: number;
  /** The next bytes of the column, as far as they are read. */
  #window: Buffer = Buffer.alloc(0);
  readonly #ahead: ReusedBytes;
  #dictionary: Dictionary | undefined;

  constructor(
    private readonly file: TableFile,
    private readonly meta: ColumnMetaData,
    { schema, column, memory, index }: ColumnSource,
  ) {
    this.#schema = schema;
    this.#column = column;
    this.#packed = memory.packed;
    ({ ahead: this.#ahead, page: this.#unpacked } = memory.ofColumn(index));
    const { repetition_type: repetition, type_length: length } = column.node.element;
    this.#stored = { type: meta.type, length, numbers: new NumberTexts() };
    this.#isNullable = repetition !== 'REQUIRED';
    const { dictionary_page_offset: dictionary, data_page_offset: data } = meta;
    this.#position = Number(dictionary !== undefined && dictionary > 0n && dictionary < data ? dictionary : data);
    this.#end = this.#position + Number(meta.total_compressed_size);
  }

  /**
   * Returns the next page, or the number of its values if none of them is wanted, because the next `skip` values are not.
   * Returns `undefined` at the end. A page is valid until the next one is read.
   */
  async next(skip: number): Promise<Page | number | undefined> {
    for (;;) {
      if (this.#position >= this.#end) return undefined;
      const header = await this.#readHeader();
      const { compressed_page_size: size, data_page_header: first, data_page_header_v2: second } = header;
      const count = (first ?? second)?.num_values ?? 0;
      const isPassed = header.type.startsWith('DATA_PAGE') && count <= skip;
      if (isPassed || header.type === 'INDEX_PAGE') {
        this.#advance(size);
        if (count > 0) return count;
        continue;
      }
      const bytes = await this.#readBody(size);
      if (header.type === 'DICTIONARY_PAGE') this.#readDictionary(bytes, header);
      else if (first) return this.#readPage(bytes, header, first);
      else if (second) return this.#readPageV2(bytes, header);
      else throw new Error(`a page of the type ${header.type}`);
    }
  }

  #readDictionary(bytes: Uint8Array, header: PageHeader): void {
    const page = this.#unpack(bytes, header.uncompressed_page_size);
    const count = header.dictionary_page_header?.num_values ?? 0;
    this.#dictionary = readDictionary(page, count, this.#column, this.#stored);
  }

  #readPage(bytes: Uint8Array, header: PageHeader, { num_values: count, encoding }: DataPageHeader): Page {
    const page = this.#unpack(bytes, header.uncompressed_page_size);
    if (!this.#isNullable) return { count, values: this.#valuesOf(page, encoding, () => count) };
    const length = new DataView(page.buffer, page.byteOffset, page.byteLength).getUint32(0, true);
    return this.#readLevels(page.subarray(4, 4 + length), page.subarray(4 + length), { count, encoding });
  }

  #readPageV2(bytes: Uint8Array, header: PageHeader): Page {
    const { num_values: count, encoding, is_compressed: isPacked, ...rest } = header.data_page_header_v2!;
    const start = rest.repetition_levels_byte_length;
    const levels = bytes.subarray(start, start + rest.definition_levels_byte_length);
    const packed = bytes.subarray(start + levels.length);
    const size = header.uncompressed_page_size - start - levels.length;
    // A page without values may have no bytes, which cannot be unpacked.
    const page = isPacked === false || size === 0 ? packed : this.#unpack(packed, size);
    if (!this.#isNullable) return { count, values: this.#valuesOf(page, encoding, () => count) };
    // The levels are copied, so that they do not keep the packed bytes in memory.
    return this.#readLevels(Uint8Array.from(levels), page, { count, encoding });
  }

  #readLevels(levels: Uint8Array, page: Uint8Array, { count, encoding }: { count: number; encoding: string }): Page {
    const readerOf = () => new HybridReader(levels, 1);
    const present = readerOf();
    if (count === 0 || present.isRunOf(1, count)) return { count, values: this.#valuesOf(page, encoding, () => count) };
    return { count, present, values: this.#valuesOf(page, encoding, () => readerOf().sum(count)) };
  }

  #valuesOf(page: Uint8Array, encoding: string, countValues: () => number): Values {
    const { type, length } = this.#stored;
    const { form, toText } = this.#column;
    switch (encoding) {
      case 'PLAIN':
        return plainValues(page, this.#column, this.#stored);
      case 'PLAIN_DICTIONARY':
      case 'RLE_DICTIONARY': {
        if (!this.#dictionary) throw new Error('a dictionary is missing');
        return this.#dictionary(new HybridReader(page.subarray(1), page[0] ?? 0));
      }
      case 'BYTE_STREAM_SPLIT': {
        const values = splitValues(page, this.#column, this.#stored);
        if (values) return values;
        break;
      }
      case 'DELTA_LENGTH_BYTE_ARRAY': {
        if (form !== 'text') break;
        const reader = { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: 0 };
        const lengths = new Int32Array(countValues());
        deltaBinaryUnpack(reader, lengths.length, lengths);
        return new TextValues(page.subarray(reader.offset), toText as ToText, lengths);
      }
    }
    const { converted_type: _, logical_type: __, ...element } = this.#column.node.element;
    const decoder = { type, element: { ...element, type_length: length }, schemaPath: [this.#schema] };
    const header = { num_values: countValues(), encoding } as DataPageHeader;
    const { dataPage } = readDataPage(page, header, decoder as unknown as ColumnDecoder);
    return decodedValues(dataPage, this.#column, this.#stored);
  }

  #unpack(bytes: Uint8Array, size: number): Uint8Array {
    if (this.meta.codec !== 'SNAPPY') return decompressPage(bytes, size, this.meta.codec, COMPRESSORS);
    const page = this.#unpacked.take(size);
    snappyUncompress(bytes, page);
    return page;
  }

  /** Returns the bytes of a page, which are valid until the next page of this column, or of any if they are packed. */
  async #readBody(size: number): Promise<Uint8Array> {
    const memory = this.meta.codec === 'UNCOMPRESSED' ? this.#unpacked : this.#packed;
    const window = this.#window;
    const body = memory.take(size);
    if (window.length >= size) body.set(window.subarray(0, size));
    else await this.#readExactly(this.#position, body);
    this.#advance(size);
    return body;
  }

  async #readExactly(position: number, bytes: Buffer): Promise<void> {
    const read = await this.file.read(position, bytes.length, bytes);
    if (read.length < bytes.length) throw new Error('a column ends before its last page does');
  }

  async #readHeader(): Promise<PageHeader> {
    for (let length = 256; ; length *= 8) {
      const { buffer, byteOffset, byteLength } = await this.#view(Math.min(length, this.#end - this.#position));
      const reader = { view: new DataView(buffer, byteOffset, byteLength), offset: 0 };
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
  async #view(length: number): Promise<Buffer> {
    if (this.#window.length < length) {
      const wanted = Math.min(Math.max(length, WINDOW), this.#end - this.#position);
      this.#window = this.#ahead.take(wanted);
      await this.#readExactly(this.#position, this.#window);
    }
    return this.#window;
  }

  #advance(length: number): void {
    this.#position += length;
    this.#window = this.#window.subarray(length);
  }
}
