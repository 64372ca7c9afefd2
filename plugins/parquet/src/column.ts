import type { SchemaElement, SchemaTree } from 'hyparquet';
import { type TableColumn, TableError } from '@tracebloc/ingestor-contract';
import {
  dateText,
  decimalText,
  DIGITS,
  doubleText,
  floatText,
  halfOf,
  integerOf,
  momentText,
  nanosOf,
  timeText,
  type Unit,
  uuidText,
} from './to-text.js';

/** A column of a Parquet file, and how its values become text. */
export interface Column extends TableColumn {
  node: SchemaTree;
  /** Returns the text of a value as it is stored; it is never called for a missing one. */
  toText: (value: never) => string;
  /** Is set if the stored values are texts, or numbers as which they are written, so that a faster way leads to their texts. */
  form?: Form;
}

export type Form = 'text' | 'double' | 'float' | 'integer' | 'unsigned';

interface Conversion {
  sql?: string;
  toText: (value: never) => string;
  form?: Form;
}

type Unsupported = NonNullable<TableColumn['unsupported']>;

const NESTED: Unsupported = {
  holds: 'lists, maps or records',
  fix: 'Write each of its values to a separate column, or the whole as JSON text, where the file is made.',
};
const BINARY: Unsupported = {
  holds: 'bytes that are not declared as text',
  fix: 'Write the column as text where the file is made, for example in DuckDB: `SELECT decode(column)`.',
};
const OTHER: Unsupported = {
  holds: 'values of a type that has no text',
  fix: 'Write the column as text or as numbers where the file is made.',
};

/** The most digits of a DECIMAL, and the most after its point. */
const MAX_PRECISION = 65;
const MAX_SCALE = 30;

export function describeColumn(node: SchemaTree): Column {
  const { element, children } = node;
  const found = children.length > 0 || element.repetition_type === 'REPEATED' ? NESTED : conversionOf(element);
  if ('holds' in found) return { name: element.name, node, unsupported: found, toText: String };
  return { name: element.name, node, ...found };
}

function conversionOf(element: SchemaElement): Conversion | Unsupported {
  const { type } = element;
  switch (type) {
    case 'BOOLEAN':
      return { sql: 'BOOLEAN', toText: String };
    case 'FLOAT':
      return { sql: 'FLOAT', toText: floatText, form: 'float' };
    case 'DOUBLE':
      return { sql: 'DOUBLE', toText: doubleText, form: 'double' };
    case 'INT96':
      // Impala and older versions of Spark write moments so, which say nothing of a time zone.
      return { sql: 'DATETIME(6)', toText: (stored: bigint) => momentText(nanosOf(stored), 'NANOS', false) };
    case 'INT32':
    case 'INT64':
      return integerConversion(element, type);
    case 'BYTE_ARRAY':
    case 'FIXED_LEN_BYTE_ARRAY':
      return bytesConversion(element);
    default:
      return OTHER;
  }
}

function integerConversion(element: SchemaElement, type: 'INT32' | 'INT64'): Conversion | Unsupported {
  const { converted_type: converted, logical_type: logical } = element;
  const decimal = decimalOf(element);
  if (decimal) {
    return { ...decimal, toText: (value: number | bigint) => decimalText(BigInt(value), decimal.scale) };
  }
  if (logical?.type === 'DATE' || converted === 'DATE') return { sql: 'DATE', toText: dateText };
  const timestamp = unitOf(element, 'TIMESTAMP');
  if (timestamp) {
    const isUtc = logical?.type === 'TIMESTAMP' ? logical.isAdjustedToUTC : true;
    const sql = `DATETIME(${Math.min(DIGITS[timestamp], 6)})`;
    return { sql, toText: (value: number | bigint) => momentText(BigInt(value), timestamp, isUtc) };
  }
  const time = unitOf(element, 'TIME');
  if (time) {
    const sql = `TIME(${Math.min(DIGITS[time], 6)})`;
    return { sql, toText: (value: number | bigint) => timeText(BigInt(value), time) };
  }
  if (logical?.type === 'NULL') return { toText: String };
  const bits = logical?.type === 'INTEGER' ? logical.bitWidth : Number(/^U?INT_(\d+)$/.exec(converted ?? '')?.[1] ?? 0);
  const isUnsigned = logical?.type === 'INTEGER' ? !logical.isSigned : (converted?.startsWith('UINT') ?? false);
  const name = { 8: 'TINYINT', 16: 'SMALLINT', 32: 'INT', 64: 'BIGINT' }[bits] ?? (type === 'INT32' ? 'INT' : 'BIGINT');
  if (!isUnsigned) return { sql: name, toText: String, form: 'integer' };
  const toText =
    type === 'INT32' ? (value: number) => String(value >>> 0) : (value: bigint) => String(BigInt.asUintN(64, value));
  return { sql: `${name} UNSIGNED`, toText, form: 'unsigned' };
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8Text(bytes: Uint8Array, column: string): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    const fix = 'Write the column as UTF-8 text, or as bytes if it is not text.';
    throw new TableError(`The column ${column} of the Parquet file holds a text that is not UTF-8.`, fix, { cause });
  }
}

function bytesConversion(element: SchemaElement): Conversion | Unsupported {
  const { converted_type: converted, logical_type: logical, type_length: length } = element;
  const decimal = decimalOf(element);
  if (decimal) return { ...decimal, toText: (bytes: Uint8Array) => decimalText(integerOf(bytes), decimal.scale) };
  const isText =
    ['STRING', 'ENUM', 'JSON'].includes(logical?.type ?? '') || ['UTF8', 'ENUM', 'JSON'].includes(converted ?? '');
  if (isText) return { toText: (bytes: Uint8Array) => utf8Text(bytes, element.name), form: 'text' };
  if (logical?.type === 'UUID' && length === 16) return { toText: uuidText };
  if (logical?.type === 'FLOAT16' && length === 2) {
    return { sql: 'FLOAT', toText: (bytes: Uint8Array) => doubleText(halfOf(bytes)) };
  }
  return logical === undefined && converted === undefined ? BINARY : OTHER;
}

function decimalOf({ converted_type, logical_type, precision = 0, scale = 0 }: SchemaElement) {
  const isDecimal = logical_type?.type === 'DECIMAL' || converted_type === 'DECIMAL';
  if (!isDecimal) return undefined;
  const [digits, after] =
    logical_type?.type === 'DECIMAL' ? [logical_type.precision, logical_type.scale] : [precision, scale];
  const fits = digits <= MAX_PRECISION && after >= 0 && after <= MAX_SCALE;
  return { scale: after, ...(fits && { sql: `DECIMAL(${digits},${after})` }) };
}

function unitOf({ converted_type, logical_type }: SchemaElement, kind: 'TIMESTAMP' | 'TIME'): Unit | undefined {
  if (logical_type?.type === kind) return logical_type.unit;
  const match = /^(TIME(?:STAMP)?)_(MILLIS|MICROS)$/.exec(converted_type ?? '');
  return match?.[1] === kind ? (match[2] as Unit) : undefined;
}
