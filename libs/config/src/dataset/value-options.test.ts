import { describe, expect, it } from '@jest/globals';
import { BASE, refusalLines, useWorkplace } from '../fake.test-support.js';

const place = useWorkplace();
const csvOf = async (options: string) =>
  (await place.file(`${BASE}spec: {csv_options: {${options}}}\n`)).config.source.csv;

describe('an option of columns', () => {
  it.each<[options: string, wanted: object]>([
    ['decimal: ","', { decimal: ',' }],
    ['decimal: {age: ","}', { columnFormats: { age: { decimal: ',' } } }],
    [
      'decimal: {"*": ",", age: "."}, thousands: {"*": "."}',
      { decimal: ',', thousands: '.', columnFormats: { age: { decimal: '.' } } },
    ],
    ['negative: trailing, units: {age: kg}', { negative: 'trailing', columnFormats: { age: { unit: 'kg' } } }],
    ['negative: {age: dash}, units: {age: kg}', { columnFormats: { age: { negative: 'dash', unit: 'kg' } } }],
    [
      'date_format: {"*": D MMM YYYY, age: excel}, date_language: {"*": de, age: fr}',
      {
        ...{ dateFormat: 'D MMM YYYY', dateColumns: { age: 'excel' }, dateLanguage: 'de' },
        columnFormats: { age: { dateLanguage: 'fr' } },
      },
    ],
    ['na_values: {"*": ["-"], age: ["?"]}', { naValues: ['-'], naColumns: { age: ['?'] } }],
  ])('is read from {%s}', async (options, wanted) => {
    const csv = await csvOf(options);
    expect(csv).toMatchObject(wanted);
    if (!('columnFormats' in wanted)) expect(csv).not.toHaveProperty('columnFormats');
  });

  it('is shown as it is written', async () => {
    const { values } = await place.file(`${BASE}spec: {csv_options: {decimal: {age: ","}, units: {age: kg}}}\n`);
    const shown = values.filter(({ field }) => /decimal|units/.test(field)).map(({ field }) => field);
    expect(shown).toEqual(['spec.csv_options.decimal', 'spec.csv_options.units']);
  });

  it.each([
    ['decimal: ;', 'decimal: must be one of . and ,, found the text ";"'],
    ['decimal: {agee: ","}', 'decimal: "agee" is neither a column of the schema nor the label'],
    ['units: {"*": kg}', 'units: "*" is neither a column of the schema nor the label'],
    ['units: {agee: kg}', 'units: "agee" is neither a column of the schema nor the label'],
    ['thousands: {age: "."}', 'thousands: "." is also the decimal sign'],
    ['decimal: {age: ","}, thousands: {age: ","}', 'thousands: "," is also the decimal sign'],
    ['date_format: D MMM YYYY, date_language: xx', 'date_language: "xx" is not the tag of a language'],
    ['date_language: de', 'date_language: no `date_format` has the name of a month'],
    ['date_format: DD/MM/YYYY, date_language: de', 'date_language: no `date_format` has the name of a month'],
    ['date_format: YYYY-MM-WWW', 'date_format: "YYYY-MM-WWW" has both a week (WWW) and parts of other dates'],
  ])('is refused in {%s}', async (options, wanted) => {
    const [line] = await refusalLines(place.file(`${BASE}spec: {csv_options: {${options}}}\n`));
    expect(line).toContain(wanted);
  });
});
