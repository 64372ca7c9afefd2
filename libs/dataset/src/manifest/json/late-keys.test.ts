import { describe, expect, it } from '@jest/globals';
import { codes, csvFormat, readAll, temporaryFolder } from '../reading.test-support.js';
import type { ReaderOptions } from '../types.js';

async function read(content: string, columns?: ReaderOptions['columns'], more: Partial<ReaderOptions> = {}) {
  using folder = temporaryFolder();
  const path = folder.write(content);
  const base = { format: 'json', path, file: 'data', csv: csvFormat, missing: 'tokens' } as const;
  return await readAll({ ...base, columns, ...more });
}

const LINES = [
  '{"team":"ops","years":3,"left":"no"}',
  '{"team":"dev","years":1,"left":"yes","bonus":250}',
  '{"team":"dev","left":"no","bonus":900}',
  '{"years":7,"team":"ops","left":"yes"}',
];
const NAMES = ['team', 'years', 'left', 'bonus'];
const ROWS = [
  ['ops', '3', 'no', ''],
  ['dev', '1', 'yes', '250'],
  ['dev', '', 'no', '900'],
  ['ops', '7', 'yes', ''],
];

describe('a key that first occurs in a later record', () => {
  it.each([
    ['JSON lines', LINES.join('\n'), {}],
    ['an array', `[${LINES.join(',')}]`, {}],
    ['an object', `{"data":[${LINES.join(',')}]}`, { json: { records: 'data' } }],
  ])('is a column if the configuration names it, in %s', async (_, content, more) => {
    for (const chunkSize of [1, 20, 65536]) {
      for (const columns of [NAMES, ['BONUS '], 'all'] as const) {
        const result = await read(content, columns, { ...more, csv: { ...csvFormat, chunkSize } });
        expect(codes(result)).toEqual([]);
        expect(result).toMatchObject({ header: NAMES, rows: ROWS });
      }
    }
  });

  it('is the same column in every shard, also in one that does not have it', async () => {
    const rows: string[][] = [];
    for (const index of [0, 1, 2]) {
      const shard = { index, count: 3, rows: 'own' } as const;
      const result = await read(LINES.join('\n'), NAMES, { shard });
      expect(result.header).toEqual(NAMES);
      rows.push(...result.rows);
    }
    expect(rows).toEqual(ROWS);
  });

  it('is an error if the configuration does not name it', async () => {
    for (const columns of [undefined, [], ['team', 'nowhere']]) {
      const result = await read(LINES.join('\n'), columns);
      expect(codes(result)).toEqual([
        ['unexpected-key', 2],
        ['unexpected-key', 3],
      ]);
    }
  });

  it('may be after records that cannot be read, which are reported once', async () => {
    const result = await read(`${LINES[0]}\noops\n7\n${LINES[1]}\n`, NAMES);
    expect(codes(result)).toEqual([
      ['bad-json', 2],
      ['not-an-object', 3],
    ]);
    expect(result.rows).toEqual(ROWS.slice(0, 2));
  });

  it('is not found after the place where an array is malformed', async () => {
    const result = await read(`[${LINES[0]}, oops, ${LINES[1]}]`, NAMES);
    expect(result.header).toEqual(NAMES.slice(0, 3));
    expect(codes(result)).toEqual([['bad-json', 2]]);
  });

  it('is still found twice in one record', async () => {
    expect(codes(await read(`${LINES[0]}\n{"bonus":1,"bonus":2}\n`, NAMES))).toEqual([['duplicate-column', 2]]);
  });

  it.each([
    ['the names of properties that every object has', ['constructor', '__proto__']],
    ['numbers', ['1', '0']],
    ['the same letters in another case', ['a', 'A']],
    ['no ASCII letters', ['größe', '名前']],
    ['an empty name before', ['', 'x']],
  ])('may be %s', async (_, names) => {
    const content = names.map((name, index) => `{"first":${index},${JSON.stringify(name)}:${index}}`).join('\n');
    const result = await read(content, 'all');
    expect(result.header).toEqual(['first', ...names]);
    expect(result.rows).toEqual([
      ['0', '0', ''],
      ['1', '', '1'],
    ]);
  });
});
