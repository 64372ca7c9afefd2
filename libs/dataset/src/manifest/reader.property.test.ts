import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Finding } from '@tracebloc/ingestor-contract';
import { anyDialectFile } from './csv/dialect.test-support.js';
import { csvFormat, readAll, temporaryFolder, type ReadResult } from './reading.test-support.js';
import type { ReaderOptions } from './types.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => folder[Symbol.dispose]());

interface Form {
  format: ReaderOptions['format'];
  onBadLines: 'error' | 'warn';
  skipBlankLines: boolean;
}

function read(form: Form, content: string | Uint8Array, chunkSize: number, shard?: ReaderOptions['shard']) {
  const path = join(folder.path, 'data');
  writeFileSync(path, content);
  const { format, ...options } = form;
  return readAll({
    format,
    path,
    file: 'data',
    csv: { ...csvFormat, ...options, chunkSize },
    missing: 'tokens',
    shard,
  });
}

/** Valid and invalid records, and what may be between them. */
const CSV_PARTS = ['1,2\n', '"é,",€\n', '"a\n""b",x\r\n', '😀,\r', '\n', ' \n', '1,2,3\n', '1\n', '\ufeff,\u2028\n'];
const JSON_PARTS = [
  '{"a":1,"b":"é}"}',
  '{"b":"😀"}',
  '{"a":"\\n{"}',
  '{"a":1,"c":2}',
  '7',
  '{"a":[{}]}',
  '{"a":1,"a":2}',
];
/** Ends of a file, after which nothing can be read. */
const CSV_ENDS = ['', '', '', '"a"b,1\n1,2\n', '"a,1\n1,2\n', '1,2'];
const JSON_ENDS = ['', '', '', '{"a":oops}', '{"a":1'];

const anyForm = fc.record<Form>({
  format: fc.constantFrom('csv', 'json'),
  onBadLines: fc.constantFrom('error', 'warn'),
  skipBlankLines: fc.boolean(),
});
const parts = (from: readonly string[]) => fc.array(fc.constantFrom(...from), { maxLength: 25 });
const anyFile = anyForm.chain((form) => {
  const content =
    form.format === 'csv'
      ? fc.tuple(parts(CSV_PARTS), fc.constantFrom(...CSV_ENDS)).map(([rows, end]) => `a,"b"\n${rows.join('')}${end}`)
      : fc
          .tuple(parts(JSON_PARTS), fc.constantFrom(...JSON_ENDS), fc.boolean())
          .map(([rows, end, asLines]) =>
            asLines
              ? ['{"a":1,"b":2}', ...rows, end].join('\n')
              : `[${['{"a":1,"b":2}', ...rows, ...(end ? [end] : [])].join(',\n')}]`,
          );
  return content.map((text) => ({ form, text }));
});

describe('the shards of any file', () => {
  const anyShards = fc.record({
    count: fc.integer({ min: 2, max: 9 }),
    chunkSizes: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 3 }),
  });
  const foundIn = ({ report }: ReadResult) => report.findings().map(({ code, row }) => `${code} ${row}`);

  it('have together its rows, each once and in order, and its findings', async () => {
    await fc.assert(
      fc.asyncProperty(anyFile, anyShards, async ({ form, text }, { count, chunkSizes }) => {
        const whole = await read(form, text, 65_536);
        const joined = { rows: [] as string[][], lines: [] as number[], skipped: 0 };
        const findings = new Set<string>();
        for (let index = 0; index < count; index++) {
          const chunkSize = chunkSizes[index % chunkSizes.length]!;
          const own = await read(form, text, chunkSize, { index, count, rows: 'own' });
          // With errors there is no dataset in which rows are counted.
          if (own.rows.length > 0 && whole.report.errors === 0) expect(own.reader.passed).toBe(joined.rows.length);
          joined.rows.push(...own.rows);
          joined.lines.push(...own.lines);
          joined.skipped += own.reader.skipped;
          foundIn(own).forEach((finding) => findings.add(finding));

          const all = await read(form, text, chunkSize, { index, count, rows: 'all' });
          expect(all.rows).toEqual(whole.rows);
          expect(all.report.findings()).toEqual(whole.report.findings());
          expect(all.lines.filter((line) => all.reader.isOwn(line))).toEqual(own.lines);
        }
        expect(joined).toEqual({ rows: whole.rows, lines: whole.lines, skipped: whole.reader.skipped });
        expect([...findings].sort()).toEqual([...new Set(foundIn(whole))].sort());
      }),
      { numRuns: 60 },
    );
  });
});

describe('the shards of a CSV in any dialect', () => {
  const anyShards = fc.record({
    count: fc.integer({ min: 2, max: 6 }),
    chunkSizes: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 3 }),
  });

  it('are its rows, each once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(anyDialectFile, anyShards, async ({ text, format, rows }, { count, chunkSizes }) => {
        const path = join(folder.path, 'data');
        writeFileSync(path, text);
        const joined: string[][] = [];
        for (let index = 0; index < count; index++) {
          const csv = { ...csvFormat, ...format, chunkSize: chunkSizes[index % chunkSizes.length]! };
          const shard = { index, count, rows: 'own' } as const;
          const own = await readAll({ format: 'csv', path, file: 'data', csv, missing: 'tokens', shard });
          if (own.rows.length > 0) expect(own.reader.passed).toBe(joined.length);
          joined.push(...own.rows);
        }
        expect(joined).toEqual(rows);
      }),
      { numRuns: 150 },
    );
  });
});

describe('any bytes', () => {
  const anyBytes = fc.record({
    form: anyForm,
    bytes: fc
      .array(
        fc.oneof(
          fc.constantFrom('a,b\n', '1,é\n', '"€', '"\n', '[{"a":"', '"},', '😀').map((text) => Buffer.from(text)),
          fc.uint8Array({ minLength: 1, maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
          // Overlong sequences, incomplete ones, surrogates, and bytes that UTF-8 never has.
          fc
            .constantFrom('c080', 'c3', 'e28', 'e282', 'eda080', 'f09f98', 'f4908080', 'ff', 'efbbbf', '80')
            .map((hex) => Buffer.from(hex, 'hex')),
        ),
        { maxLength: 20 },
      )
      .map((pieces) => Buffer.concat(pieces)),
    chunkSize: fc.integer({ min: 1, max: 20 }),
  });

  it('that are not UTF-8 are reported with the offset of the first, and never replaced', async () => {
    let reported = 0;
    await fc.assert(
      fc.asyncProperty(anyBytes, async ({ form, bytes, chunkSize }) => {
        const whole = await read(form, bytes, 65_536);
        const cut = await read(form, bytes, chunkSize);
        expect([cut.header, cut.rows, cut.lines]).toEqual([whole.header, whole.rows, whole.lines]);
        expect(inOrder(cut.report)).toEqual(inOrder(whole.report));

        const { header, rows } = whole;
        if (!bytes.includes('\ufffd')) expect(JSON.stringify([header, rows])).not.toContain('\ufffd');
        for (const { message } of whole.report.findings().filter(({ code }) => code === 'not-utf8')) {
          reported++;
          const offset = Number(/offset (\d+)/.exec(message)![1]);
          expect(offset).toBe(/The file is (?:UTF|a)/.test(message) ? 0 : firstInvalid(bytes));
        }
      }),
      { numRuns: 200 },
    );
    expect(reported).toBeGreaterThan(50);
  });
});

/** Returns the findings by row: the parser reports those of a whole piece before the reader reports those of its rows. */
function inOrder(report: ReadResult['report']): Finding[] {
  return report.findings().sort((a, b) => (a.row ?? 0) - (b.row ?? 0) || a.code.localeCompare(b.code));
}

/** Returns the length of the longest beginning that Node's decoder accepts, or undefined if it accepts all bytes. */
function firstInvalid(bytes: Buffer): number | undefined {
  const isText = (part: Buffer) => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(part);
      return true;
    } catch {
      return false;
    }
  };
  if (isText(bytes)) return undefined;
  let end = bytes.length;
  while (!isText(bytes.subarray(0, end))) end--;
  return end;
}
