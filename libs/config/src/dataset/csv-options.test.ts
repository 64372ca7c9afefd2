import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

  it('accepts the options of missing values, for all columns or for one', async () => {
    const options = "spec: {csv_options: {na_values: {age: [-999, none], churned: ['?']}, keep_default_na: no}}\n";
    const { config, values } = await place.file(BASE + options);
    expect(config.source.csv).toMatchObject({
      naValues: [],
      naColumns: { age: ['-999', 'none'], churned: ['?'] },
      keepDefaultNa: false,
    });
    const field = 'spec.csv_options.na_values';
    expect(values.find((value) => value.field === field)?.value).toContain('-999');
  });

  it('accepts the options of numbers', async () => {
    const options = `spec: {csv_options: {decimal: ",", thousands: " ", percent: fraction, currency: [€, EUR]}}\n`;
    expect((await place.file(BASE + options)).config.source.csv).toMatchObject({
      decimal: ',',
      thousands: ' ',
      percent: 'fraction',
      currency: ['€', 'EUR'],
    });
  });

  it('accepts the options of dates', async () => {
    const options = 'spec: {csv_options: {date_format: DD/MM/YYYY, day_first: yes, time_zone: Europe/Berlin}}\n';
    expect((await place.file(BASE + options)).config.source.csv).toMatchObject({
      dateFormat: 'DD/MM/YYYY',
      dayFirst: true,
      timeZone: 'Europe/Berlin',
    });
    const one = 'spec: {csv_options: {date_format: {age: epoch_s}}}\n';
    expect((await place.file(BASE + one)).config.source.csv.dateColumns).toEqual({ age: 'epoch_s' });
  });

  it('accepts every option of a dialect', async () => {
    const options = `spec:
  csv_options: {delimiter: whitespace, skip_initial_space: yes, trailing_delimiter: true, comment: '#', header: [2, 4],
    units_row: on, skip_rows: 1, skip_footer: 3}
`;
    expect((await place.file(BASE + options)).config.source.csv).toMatchObject({
      delimiter: 'whitespace',
      skipInitialSpace: true,
      trailingDelimiter: true,
      comment: '#',
      header: [2, 4],
      unitsRow: true,
      skipRows: 1,
      skipFooter: 3,
    });
  });

  it.each([
    ['"||"', '||'],
    ['😀', '😀'],
    ['"\\t"', '\t'],
    ['" "', ' '],
  ])('accepts delimiter: %s', async (written, delimiter) => {
    const { config } = await place.file(`${BASE}spec: {csv_options: {delimiter: ${written}}}\n`);
    expect(config.source.csv.delimiter).toBe(delimiter);
  });

  it('takes the names of a file without a header from the schema, in its order', async () => {
    const { config } = await place.file(`${BASE}spec: {csv_options: {header: none}}\n`);
    expect(config.source.csv).toMatchObject({ header: 'none', columnNames: ['age', 'plan'] });
  });

  it('leaves out options that are not set, so that the fingerprint of a run stays', async () => {
    const { config } = await place.file(BASE);
    expect(Object.keys(config.source.csv).sort()).toEqual(
      ['chunkSize', 'delimiter', 'encoding', 'escape', 'naValues', 'onBadLines', 'quote', 'skipBlankLines'].sort(),
    );
  });

  it('reads a .tsv file with tabs unless another delimiter is set', async () => {
    writeFileSync(join(place.folder, 'data.tsv'), 'a\tb\n');
    const base = BASE.replace('data.csv', 'data.tsv');
    expect((await place.file(base)).config.source.csv.delimiter).toBe('\t');
    const { csv } = (await place.file(`${base}spec: {csv_options: {delimiter: ","}}\n`)).config.source;
    expect(csv).toMatchObject({ delimiter: ',', keepsDelimiter: true });
  });

  it.each([
    ...['utf-8', 'UTF-8', 'utf8', 'utf-8-sig', 'utf_8'].map((name) => [name, 'utf-8']),
    ['latin_1', 'windows-1252'],
    ['UTF-16', 'utf-16'],
    ['utf-32', 'utf-32'],
    ['iso2022_jp', 'iso-2022-jp'],
    ['IBM850', 'cp850'],
    ['GB2312', 'gb18030'],
  ])('accepts encoding %s as %s', async (encoding, known) => {
    const { config } = await place.file(`${BASE}spec: {csv_options: {encoding: ${encoding}}}\n`);
    expect(config.source.csv.encoding).toBe(known);
  });

  it('accepts an encoding for a manifest of JSON without a warning', async () => {
    writeFileSync(join(place.folder, 'data.jsonl'), '{}\n');
    const text = `${BASE.replace('csv: data.csv', 'json: data.jsonl')}spec: {csv_options: {encoding: cp850}}\n`;
    const { config } = await place.file(text);
    expect([config.source.format, config.source.csv.encoding, config.warnings]).toEqual(['json', 'cp850', []]);
  });

  it.each([
    [
      'a long delimiter',
      `${BASE}spec: {csv_options: {delimiter: "12345678901234567"}}\n`,
      'ingest.yaml:9:33 spec.csv_options.delimiter: "12345678901234567" is not a valid delimiter — Use one character, for example ",", several of one line, or "whitespace".',
    ],
    [
      'a newline as delimiter',
      `${BASE}spec: {csv_options: {delimiter: "\\n"}}\n`,
      'ingest.yaml:9:33 spec.csv_options.delimiter: "\\n" is not a valid delimiter — Use one character, for example ",", several of one line, or "whitespace".',
    ],
    [
      'a delimiter that contains the quote',
      `${BASE}spec: {csv_options: {delimiter: '","'}}\n`,
      'ingest.yaml:9:33 spec.csv_options.delimiter: the delimiter "\\",\\"" contains the quotechar "\\"" — Use different characters.',
    ],
    [
      'a comment of two characters',
      `${BASE}spec: {csv_options: {comment: "//"}}\n`,
      'ingest.yaml:9:31 spec.csv_options.comment: "//" is not a single character — Use one character, for example "#".',
    ],
    [
      'a comment that is the quote',
      `${BASE}spec: {csv_options: {comment: '"'}}\n`,
      'ingest.yaml:9:31 spec.csv_options.comment: "\\"" is also the quotechar or the escapechar — Use different characters.',
    ],
    [
      'header lines that are not in order',
      `${BASE}spec: {csv_options: {header: [3, 2]}}\n`,
      'ingest.yaml:9:30 spec.csv_options.header: the lines are not in ascending order — Write each line once, in ascending order, for example `[2, 3]`.',
    ],
    [
      'a header among the skipped lines',
      `${BASE}spec: {csv_options: {header: 2, skip_rows: 2}}\n`,
      'ingest.yaml:9:30 spec.csv_options.header: line 2 is one of the 2 lines that `skip_rows` leaves out — Remove `skip_rows`: the lines before the header are not read.',
    ],
    [
      'units without a header',
      `${BASE}spec: {csv_options: {header: none, units_row: true}}\n`,
      'ingest.yaml:9:30 spec.csv_options.header: a file without a header has no row of units after it — Remove `units_row`.',
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
    const [line] = await refusalLines(place.file(`${BASE}spec: {csv_options: {encoding: utf-7}}\n`));
    expect(line).toBe(
      `ingest.yaml:9:32 spec.csv_options.encoding: "utf-7" is not an encoding that can be read — Use a name such as utf-16, windows-1252, gb18030 or cp850. If the file has another encoding, convert it, \`iconv -f utf-7 -t UTF-8 ${place.folder}/data.csv > ${place.folder}/data.utf8.csv\`, and use the new one.`,
    );
  });
});
