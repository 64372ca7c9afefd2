export type SqlKind = 'integer' | 'float' | 'decimal' | 'text' | 'boolean' | 'date' | 'datetime' | 'time';

/** A column type of a schema, parsed. */
export interface SqlType {
  kind: SqlKind;
  /** Upper case, without arguments: `INT` (never `INTEGER`), `DECIMAL` (never `NUMERIC`), `BOOLEAN` (never `BOOL`). */
  name: string;
  /** The most characters of a CHAR or VARCHAR. */
  length?: number;
  /** The number of all digits of a DECIMAL. */
  precision?: number;
  /** Digits after the point of a DECIMAL; fraction digits of a second of a DATETIME, TIMESTAMP or TIME. */
  scale?: number;
  unsigned: boolean;
  notNull: boolean;
  /** The type as SQL, without constraints: `DECIMAL(10,2)`, `INT UNSIGNED`. */
  sql: string;
}

/** A column of a dataset's schema. */
export interface Column {
  name: string;
  type: SqlType;
  /** The name in the schema and in the manifest, if the table stores the column under another; see `TaskType.storedNames`. */
  source?: string;
}

type ArgumentRule = 'none' | 'width' | 'length' | 'decimal' | 'fraction';

const TYPES: Record<string, { name: string; kind: SqlKind; argument: ArgumentRule }> = {
  VARCHAR: { name: 'VARCHAR', kind: 'text', argument: 'length' },
  CHAR: { name: 'CHAR', kind: 'text', argument: 'length' },
  TEXT: { name: 'TEXT', kind: 'text', argument: 'none' },
  TINYINT: { name: 'TINYINT', kind: 'integer', argument: 'width' },
  SMALLINT: { name: 'SMALLINT', kind: 'integer', argument: 'width' },
  MEDIUMINT: { name: 'MEDIUMINT', kind: 'integer', argument: 'width' },
  INT: { name: 'INT', kind: 'integer', argument: 'width' },
  INTEGER: { name: 'INT', kind: 'integer', argument: 'width' },
  BIGINT: { name: 'BIGINT', kind: 'integer', argument: 'width' },
  FLOAT: { name: 'FLOAT', kind: 'float', argument: 'none' },
  DOUBLE: { name: 'DOUBLE', kind: 'float', argument: 'none' },
  DECIMAL: { name: 'DECIMAL', kind: 'decimal', argument: 'decimal' },
  NUMERIC: { name: 'DECIMAL', kind: 'decimal', argument: 'decimal' },
  BOOLEAN: { name: 'BOOLEAN', kind: 'boolean', argument: 'none' },
  BOOL: { name: 'BOOLEAN', kind: 'boolean', argument: 'none' },
  DATE: { name: 'DATE', kind: 'date', argument: 'none' },
  DATETIME: { name: 'DATETIME', kind: 'datetime', argument: 'fraction' },
  TIMESTAMP: { name: 'TIMESTAMP', kind: 'datetime', argument: 'fraction' },
  TIME: { name: 'TIME', kind: 'time', argument: 'fraction' },
};

export const SQL_TYPE_NAMES: readonly string[] = Object.keys(TYPES);

/** The longest VARCHAR of a utf8mb4 table: a row holds 65,535 bytes, a character has up to 4. */
const MAX_VARCHAR = 16_383;

/** Parses a schema's type. Throws a `TypeError` whose message says what is wrong with it and what is accepted. */
export function parseSqlType(text: string): SqlType {
  const match = /^\s*([a-z]+)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?\s*(.*?)\s*$/is.exec(text);
  const known = match && TYPES[match[1]!.toUpperCase()];
  if (!known) throw new TypeError(`is not a SQL type; use one of ${SQL_TYPE_NAMES.join(', ')}`);
  const first = match[2] === undefined ? undefined : Number(match[2]);
  const second = match[3] === undefined ? undefined : Number(match[3]);
  const type: SqlType = { kind: known.kind, name: known.name, unsigned: false, notNull: false, sql: known.name };
  readArguments(type, known.argument, first, second);
  readConstraints(type, match[4]!);
  if (type.unsigned) type.sql += ' UNSIGNED';
  return type;
}

function readArguments(type: SqlType, rule: ArgumentRule, first?: number, second?: number): void {
  const { name } = type;
  if (rule === 'decimal') {
    const precision = first ?? 10;
    const scale = second ?? 0;
    if (precision < 1 || precision > 65 || scale > 30 || scale > precision) {
      throw new TypeError('needs 1 to 65 digits in all; at most 30 of these may follow the point');
    }
    Object.assign(type, { precision, scale, sql: `${name}(${precision},${scale})` });
    return;
  }
  if (second !== undefined) throw new TypeError(`has too many numbers: ${name} does not take two`);
  if (rule === 'length') {
    const most = name === 'CHAR' ? 255 : MAX_VARCHAR;
    if (first === undefined) throw new TypeError(`needs a length, for example ${name}(${Math.min(255, most)})`);
    if (first < 1 || first > most) throw new TypeError(`needs a length from 1 to ${most}; for longer text use TEXT`);
    Object.assign(type, { length: first, sql: `${name}(${first})` });
  } else if (rule === 'fraction') {
    if (first !== undefined && first > 6) throw new TypeError('can have at most 6 fraction digits');
    type.scale = first ?? 0;
    if (first) type.sql = `${name}(${first})`;
  } else if (rule === 'none' && first !== undefined) {
    throw new TypeError(`does not take a number: write ${name}`);
  }
  // The display width of an integer, as in INT(11), changes nothing that is stored.
}

function readConstraints(type: SqlType, text: string): void {
  let rest = text.toUpperCase().replace(/\s+/g, ' ');
  while (rest !== '') {
    const match = /^(NOT NULL|NULL|UNSIGNED)(?: |$)/.exec(rest);
    if (!match) throw new TypeError(`has "${rest}" after the type; NOT NULL, NULL and UNSIGNED are understood`);
    if (match[1] === 'NOT NULL') type.notNull = true;
    if (match[1] === 'UNSIGNED') {
      if (!['integer', 'float', 'decimal'].includes(type.kind)) throw new TypeError('cannot be UNSIGNED');
      type.unsigned = true;
    }
    rest = rest.slice(match[0].length);
  }
}
