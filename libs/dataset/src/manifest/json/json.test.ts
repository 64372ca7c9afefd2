import { describe, expect, it } from '@jest/globals';
import { MAX_RECORD } from '../csv/tokenizer.js';
import { codes, readContent } from '../reading.test-support.js';

describe('a JSON file', () => {
  it.each([
    ['an array', '\ufeff\n[{"a":1.10,"b":"x"},\n{"b":null,"a":1e400},{"b":true}]\n', [1, 2, 3]],
    ['lines', '\n{"a":1.10,"b":"x"}\n\n{"b":null,"a":1e400}\r\n{"b":true}', [2, 4, 5]],
  ])('is read as %s, with numbers as they are written', async (_, content, lines) => {
    for (const chunkSize of [1, 2, 5, 1000]) {
      const result = await readContent(content, 'json', { chunkSize });
      expect(result.report.findings()).toEqual([]);
      expect(result).toMatchObject({ header: ['a', 'b'], lines });
      expect(result.rows).toEqual([
        ['1.10', 'x'],
        ['1e400', ''],
        ['', 'true'],
      ]);
    }
  });

  it.each([
    ['empty-file', undefined, ' \n'],
    ['empty-file', undefined, '[]'],
    ['empty-file', undefined, '[{}]'],
    ['not-json', undefined, '"a"'],
    ['not-json', undefined, 'a,b\n1,2\n'],
    ['duplicate-column', undefined, '[{"a":1,"a ":2}]'],
    ['duplicate-column', 2, '[{"a":1},{"a":1,"a":2}]'],
    ['bad-json', 2, '[{"a":1},{"a":NaN}]'],
    ['bad-json', 2, '[{"a":1},{"a":"x'],
    ['bad-json', 2, '[{"a":1},{"a":1'],
    ['bad-json', 3, '[{"a":1},{"a":2},]'],
    ['bad-json', 3, '[{"a":1},{"a":2}'],
    ['bad-json', 2, '[{"a":1}] x'],
    ['bad-json', 2, '{"a":1}\n{"a":\n{"a":3}'],
    ['bad-json', 2, '{"a":1}\n"abc\n{"a":3}'],
    ['bad-json', 2, '{"a":1}\n{"a":2} {"a":3}\n'],
    ['not-an-object', 2, '[{"a":1},[{"a":2}],{"a":3}]'],
    ['not-an-object', 2, '[{"a":1},7]'],
    ['not-an-object', 2, '{"a":1}\n7\n'],
    ['nested-value', 1, '[{"a":{"b":[{"c":1}]},"d":1}]'],
    ['nested-value', 2, '[{"a":1},{"a":[1,{"a":2}]}]'],
    ['unexpected-key', 2, '[{"a":1},{"a":1,"b":2}]'],
    ['broken-text', 1, '[{"a":"\\ud83d"}]'],
    ['not-utf8', undefined, Buffer.from('[{"a":"é"}]', 'latin1')],
  ])('is reported as %s at %s', async (code, row, content) => {
    for (const chunkSize of [1, 7, 65536]) {
      const result = await readContent(content, 'json', { chunkSize });
      expect(codes(result)).toEqual([[code, row]]);
    }
  });

  it('is read on after an invalid line, and after an element that is not an object', async () => {
    expect((await readContent('{"a":1}\n{"a":\n{"a":3}', 'json')).rows).toEqual([['1'], ['3']]);
    expect((await readContent('[{"a":1},[{"a":2}],{"a":3}]', 'json')).rows).toEqual([['1'], ['3']]);
  });

  it('has its header in the first object that can be read', async () => {
    const result = await readContent('{"a"\n{"b":1}\n', 'json');
    expect(result.header).toEqual(['b']);
    expect(codes(result)).toEqual([['bad-json', 1]]);
  });

  it('is reported with the line near which an array is malformed', async () => {
    const result = await readContent('[\n  {"a": 1},\n  {"a": 2},\n  {"a": oops}\n]\n', 'json');
    expect(result.rows).toHaveLength(2);
    expect(result.report.findings()[0]).toMatchObject({ row: 3, message: expect.stringMatching(/near line 4/) });
  });

  it('is read only up to a record that never ends', async () => {
    const long = 'x'.repeat(MAX_RECORD + 1024 * 1024);
    expect(codes(await readContent(`[{"a":1},{"a":"${long}`, 'json'))).toEqual([['record-too-long', 2]]);
    expect(codes(await readContent(`{"a":1}\n{"a":"${long}`, 'json'))).toEqual([['record-too-long', 2]]);
  });
});
