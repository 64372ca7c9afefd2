import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseSqlType, type Cell, type SqlKind, type SqlType } from '@tracebloc/ingestor-contract';
import { Secret } from '@tracebloc/ingestor-core';
import { compileCell, type ValueProblem } from '@tracebloc/ingestor-dataset';
import { openDatabase, type Database } from '@tracebloc/ingestor-storage';
import { shareMariaDb, type MariaDb } from '@tracebloc/ingestor-testing';
import fc from 'fast-check';
import { textsFor } from './checked-values.test-support.js';

const TYPES = [
  ...['TINYINT', 'TINYINT UNSIGNED', 'SMALLINT', 'SMALLINT UNSIGNED', 'MEDIUMINT', 'MEDIUMINT UNSIGNED'],
  ...['INT', 'INT UNSIGNED', 'BIGINT', 'BIGINT UNSIGNED', 'FLOAT', 'FLOAT UNSIGNED', 'DOUBLE', 'DOUBLE UNSIGNED'],
  ...['DECIMAL(5,2)', 'DECIMAL(5,2) UNSIGNED', 'DECIMAL(4)', 'DECIMAL(2,2)', 'DECIMAL(65,30)', 'BOOLEAN'],
  ...['VARCHAR(3)', 'CHAR(3)', 'TEXT', 'DATE', 'DATETIME', 'DATETIME(3)', 'DATETIME(6)', 'TIMESTAMP', 'TIMESTAMP(6)'],
  ...['TIME', 'TIME(3)', 'TIME(6)'],
];

interface Rule {
  kinds: SqlKind[];
  text: RegExp;
  why: string;
}

const DATE = String.raw`(?:\d{4}-\d\d-\d\d|\d{4}/\d\d/\d\d|\d{8}|\d\d\.\d\d\.\d{4}|\d\d/\d\d/\d{4})`;
const CLOCK = String.raw`\d\d:\d\d(?::\d\d(?:\.\d+)?)?`;

/** Texts that the server accepts and the check refuses. */
const STRICTER: Rule[] = [
  { kinds: ['boolean'], text: /^[+-]?[\d.]+(?:e.+)?$/i, why: 'A BOOLEAN is a word, 0 or 1, and not any small number.' },
  {
    kinds: ['date'],
    text: new RegExp(`^(?!${DATE}$)`),
    why: 'A date is written in one of five ways. The server guesses: 24:2:9 is 2024-02-09 to it.',
  },
  {
    kinds: ['datetime'],
    text: new RegExp(`^(?!${DATE}(?:[T ]${CLOCK})?$)`),
    why: 'This holds for the date of a moment too; hours have two digits, and minutes are present.',
  },
  {
    kinds: ['date', 'datetime'],
    text: /^0|^\d\d[./]\d\d[./]0/,
    why: "MySQL's years are 1000 to 9999; the server reads 30/04/0001 as 2030-04-01.",
  },
  {
    kinds: ['time'],
    text: /^(?![+-]?\d{1,3}:\d\d(?::\d\d(?:\.\d+)?)?$)/,
    why: 'The server takes 5 for seconds, 12:5 for 12:05 and "1 12:30" for 36:30.',
  },
  {
    kinds: ['decimal'],
    text: /^[+-]?[\d.]+e[ \t]+[+-]?\d+$/i,
    why: 'The server skips white space in the exponent of a DECIMAL: "1e 2" is 100 to it. A DOUBLE refuses it.',
  },
  { kinds: ['time'], text: /838:59:59\.\d*[1-9]/, why: "MySQL's longest time is 838:59:59." },
];

/** Texts that only the check accepts, because it replaces them before they are sent. */
const MORE_LENIENT: Rule[] = [
  { kinds: ['boolean'], text: /^(?:true|t|yes|y|false|f|no|n)$/i, why: 'Words become 1 or 0.' },
  { kinds: ['date', 'datetime'], text: /^\d\d[./]\d\d[./]\d{4}/, why: 'DD.MM.YYYY and MM/DD/YYYY become YYYY-MM-DD.' },
  { kinds: ['datetime'], text: /^\d{8}[T ]\d\d:/, why: 'So does YYYYMMDD before a time.' },
  { kinds: ['datetime'], text: /[T ]24:00/, why: 'The end of a day is the midnight of the next.' },
  { kinds: ['date'], text: /[T ]00:00/, why: 'A date may be written as its midnight.' },
  {
    kinds: ['datetime'],
    text: /:.*(?:Z|UTC|[+-]\d\d(?::?\d\d)?)$/,
    why: 'A moment with an offset becomes one in UTC.',
  },
  { kinds: ['datetime', 'time'], text: /\.\d{6}0+$/, why: 'Zeros after the sixth digit of a second change nothing.' },
  { kinds: ['integer'], text: /^[+-]?[0.]+e[+-]?\d+$/i, why: 'Zero is zero, whatever its exponent.' },
];

const covers = (rules: readonly Rule[], { kind }: SqlType, text: string) =>
  rules.some((rule) => rule.kinds.includes(kind) && rule.text.test(text));

let server: MariaDb;
let db: Database;
let runs = 0;
beforeAll(async () => {
  server = await shareMariaDb();
  const { host, port, user, password } = server;
  db = await openDatabase({ kind: 'mysql', host, port, user, password: new Secret(password), name: 'data' });
  await server.sql('USE data');
  // As in the sessions of libs/storage.
  await server.sql(
    "SET time_zone = '+00:00', " +
      "sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
  );
});
afterAll(async () => {
  await db.close();
  await server.stop();
});

/**
 * Returns SQL that reads all digits of a value: the server shows six digits of a FLOAT, and the driver may lose the last
 * digit of a DOUBLE.
 */
const shown = ({ kind }: SqlType) =>
  `CAST(${kind === 'float' ? 'CAST(c AS DOUBLE)' : 'c'} AS CHAR CHARACTER SET utf8mb4)`;

/** Returns what the server stores for each text as it is, or `undefined` if there is an error or a warning. */
async function storedByServer(type: SqlType, texts: readonly string[]): Promise<(string | undefined)[]> {
  const table = `plain_${++runs}`;
  await server.sql(
    `CREATE TABLE ${table} (id INT PRIMARY KEY, c ${type.sql.replace('TIMESTAMP', 'DATETIME')} NULL) CHARSET utf8mb4 COLLATE utf8mb4_bin`,
  );
  await server.sql('BEGIN');
  const isAccepted = await Promise.all(
    texts.map(async (text, id) => {
      const literal = `CONVERT(X'${Buffer.from(text).toString('hex')}' USING utf8mb4)`;
      const outcome: unknown = await server
        .sql(`INSERT INTO ${table} VALUES (${id}, ${literal})`)
        .catch(() => undefined);
      return (outcome as { warningStatus: number } | undefined)?.warningStatus === 0;
    }),
  );
  await server.sql('COMMIT');
  const rows = await server.sql(`SELECT id, ${shown(type)} AS c FROM ${table}`);
  const stored = new Map(rows.map(({ id, c }) => [id as number, c as string]));
  await server.sql(`DROP TABLE ${table}`);
  return texts.map((_, id) => (isAccepted[id] ? stored.get(id) : undefined));
}

/** Returns what is stored for each text that the check returns, when it is staged as in a run. */
async function storedByRun(type: SqlType, results: readonly (Cell | ValueProblem)[]): Promise<(string | undefined)[]> {
  const runId = `r${++runs}`;
  const run = await db.ledger.begin({
    ...{ runId, table: 't', task: 'tabular_classification', intent: 'train', configHash: 'c', sourceFingerprint: 's' },
    ...{ batchSize: 1000, shards: 1 },
  });
  const staging = await db.stage(run, { table: 't', columns: [{ name: 'c', type }] });
  const batch = staging.begin(0);
  const rest = { label: null, key: null, filename: null, extension: null, annotation: null, files: [] };
  results.forEach((result, row) => {
    batch.add({ ...rest, row, values: [typeof result === 'string' ? result : null] }, `${runId}-${row}`);
  });
  await batch.commit();
  const rows = await server.sql(`SELECT ${shown(type)} AS c FROM _ingestor_stage_${runId} ORDER BY id`);
  await db.dropStaging(runId);
  return rows.map(({ c }) => (c as string | null) ?? undefined);
}

/** Writes a decimal number as an integer that does not end with 0, and an exponent. */
function exact(text: string): string {
  const [, sign, whole, fraction = '', exponent = '0'] = /^([+-]?)(\d*)\.?(\d*)(?:e(.*))?$/i.exec(text.trim())!;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const bare = digits.replace(/0+$/, '');
  if (bare === '') return '0';
  return `${sign === '-' ? '-' : ''}${bare}e${Number(exponent) - fraction.length + digits.length - bare.length}`;
}

/** Whether a server that accepted the text without a warning stored its value, and not another. */
function isSame({ kind, name, scale = 0 }: SqlType, text: string, stored: string): boolean {
  if (kind === 'text') return text === stored;
  if (kind === 'float') return Number(stored) === (name === 'FLOAT' ? Math.fround(Number(text)) : Number(text));
  if (kind === 'integer' || kind === 'decimal' || kind === 'boolean') return exact(text) === exact(stored);
  // The server drops digits of a second beyond those of the column.
  return (/\.(\d*?)0*$/.exec(text)?.[1] ?? '').length <= scale;
}

/** Whether a value that the check returned is stored unchanged. */
function isKept(type: SqlType, text: string, stored: string): boolean {
  const { kind, scale = 0 } = type;
  if (kind !== 'date' && kind !== 'datetime' && kind !== 'time') return isSame(type, text, stored);
  const [whole, fraction = ''] = text.split('.');
  return stored === (scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0')}`);
}

describe.each(TYPES)('any text for a column of %s', (sql) => {
  const type = parseSqlType(sql);
  const check = compileCell(type, new Set());
  const texts = fc
    .array(textsFor(type), { minLength: 20, maxLength: 80, size: 'max' })
    .map((all) => all.filter((text) => check(text) !== null));

  it('is accepted exactly if MariaDB would store it unchanged, and is stored so', async () => {
    const seen = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(texts, async (all) => {
        // Space around what is not text does not count.
        const bare = type.kind === 'text' ? all : all.map((text) => text.trim());
        const byServer = await storedByServer(type, bare);
        const results = all.map((text) => check(text));
        const byRun = await storedByRun(type, results);
        bare.forEach((text, index) => {
          const [result, stored, plain] = [results[index]!, byRun[index], byServer[index]];
          const isAccepted = typeof result === 'string';
          const context = { text, result, stored, plain };
          if (isAccepted) {
            seen.accepted++;
            expect({ ...context, keeps: isKept(type, result, stored!) }).toMatchObject({ keeps: true });
            // What the check returned is compared with the server's own reading of the text.
            const isRule = plain === undefined && covers(MORE_LENIENT, type, text);
            expect({ ...context, agrees: isRule || plain === stored }).toMatchObject({ agrees: true });
          } else {
            seen.refused++;
            const isUnfit = plain === undefined || !isSame(type, text, plain);
            expect({ ...context, agrees: isUnfit || covers(STRICTER, type, text) }).toMatchObject({ agrees: true });
          }
        });
      }),
      { numRuns: 3, examples: type.kind === 'decimal' ? [[['0e 0', '1e 2', '1e\t-1']]] : [] },
    );
    expect(Math.min(seen.accepted, type.name === 'TEXT' ? 1 : seen.refused)).toBeGreaterThan(0);
  });
});
