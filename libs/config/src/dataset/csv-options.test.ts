import { describe, expect, it } from '@jest/globals';
import { BASE, refusalLines, useWorkplace } from '../fake.test-support.js';

const place = useWorkplace();

describe('spec.csv_options', () => {
  it('accepts every csv option', async () => {
    const options = `spec:
  csv_options: {chunk_size: 1000, delimiter: '\\t', quotechar: "'", escapechar: \\, encoding: UTF8, on_bad_lines: warn,
    skip_blank_lines: no, na_values: [-999, 1.0, '?', null]}
`;
    expect((await place.file(BASE + options)).config.source.csv).toEqual({
      chunkSize: 65_536,
      delimiter: '\t',
      quote: "'",
      escape: '\\',
      encoding: 'utf-8',
      onBadLines: 'warn',
      skipBlankLines: false,
      naValues: ['-999', '1.0', '?', 'null'],
    });
  });

  it.each(['utf-8', 'UTF-8', 'utf8', 'utf-8-sig', 'utf_8'])('accepts encoding %s', async (encoding) => {
    const { config } = await place.file(`${BASE}spec: {csv_options: {encoding: ${encoding}}}\n`);
    expect(config.source.csv.encoding).toBe('utf-8');
  });

  it.each([
    [
      'a long delimiter',
      `${BASE}spec: {csv_options: {delimiter: "||"}}\n`,
      'ingest.yaml:9:33 spec.csv_options.delimiter: "||" is not a single character — Use one character, for example ",".',
    ],
    [
      'a newline as delimiter',
      `${BASE}spec: {csv_options: {delimiter: "\\n"}}\n`,
      'ingest.yaml:9:33 spec.csv_options.delimiter: "\\n" is not a single character — Use one character, for example ",".',
    ],
    [
      'an emoji as delimiter',
      `${BASE}spec: {csv_options: {delimiter: 😀}}\n`,
      'ingest.yaml:9:33 spec.csv_options.delimiter: "😀" is beyond the Basic Multilingual Plane — Use one character, for example ",".',
    ],
    [
      'a space as quote',
      `${BASE}spec: {csv_options: {quotechar: " "}}\n`,
      'ingest.yaml:9:33 spec.csv_options.quotechar: " " is white space — Use one character, for example "\\"".',
    ],
    [
      'one character for two',
      `${BASE}spec: {csv_options: {quotechar: ","}}\n`,
      'ingest.yaml:9:33 spec.csv_options.delimiter: the delimiter and the quotechar are both "," — Use different characters.',
    ],
    [
      'a text as chunk_size',
      `${BASE}spec: {csv_options: {chunk_size: 1MB}}\n`,
      'ingest.yaml:9:34 spec.csv_options.chunk_size: must be a whole number, found the text "1MB" — Write, for example, `1048576`.',
    ],
    [
      'a text as boolean',
      `${BASE}spec: {csv_options: {skip_blank_lines: maybe}}\n`,
      'ingest.yaml:9:40 spec.csv_options.skip_blank_lines: must be true or false, found the text "maybe" — Write, for example, `false`.',
    ],
    [
      'a misspelt option',
      `${BASE}spec:\n  csv_options:\n    delimitr: ;\n`,
      'ingest.yaml:11:5 spec.csv_options.delimitr: is not a known field — Did you mean `delimiter`?',
    ],
  ])('refuses %s', async (_name, yaml, line) => {
    expect(await refusalLines(place.file(yaml))).toEqual([line]);
  });

  it('suggests the command that converts another encoding', async () => {
    const [line] = await refusalLines(place.file(`${BASE}spec: {csv_options: {encoding: latin-1}}\n`));
    expect(line).toBe(
      `ingest.yaml:9:32 spec.csv_options.encoding: "latin-1" is not a valid encoding: files must be UTF-8 — Convert the file, \`iconv -f latin-1 -t UTF-8 ${place.folder}/data.csv > ${place.folder}/data.utf8.csv\`, and use the new one.`,
    );
  });
});
