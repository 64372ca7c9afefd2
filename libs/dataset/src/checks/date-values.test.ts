import { describe, expect, it } from '@jest/globals';
import { parseSqlType, type ValueFormat } from '@tracebloc/ingestor-contract';
import fc from 'fast-check';
import { compileFormattedCheck } from './cell.js';
import { fixOf } from './fix.js';
import { MONTH_LANGUAGES } from './month-languages.js';

function outcome(format: ValueFormat, type: string, text: string): string {
  const result = compileFormattedCheck(parseSqlType(type), format)(text);
  return typeof result === 'string' ? result : `<${result.code}>`;
}

const DAY = 86_400_000;
const BAD = '<not-a-date>';

describe.each<[format: ValueFormat, type: string, cases: Record<string, string>]>([
  [
    { dateFormat: 'excel' },
    'DATE',
    {
      ...{
        '1': '1900-01-01',
        '59': '1900-02-28',
        '60': BAD,
        '61': '1900-03-01',
        '45292': '2024-01-01',
        '45292.0': '2024-01-01',
      },
      ...{ '2958465': '9999-12-31', '2958466': BAD, '0': BAD, '-1': BAD, '1e3': BAD, '45292.5': BAD },
    },
  ],
  [{ dateFormat: 'excel_1904' }, 'DATE', { '0': '1904-01-01', '43830': '2024-01-01' }],
  [
    { dateFormat: 'excel' },
    'DATETIME(3)',
    {
      '45292.5': '2024-01-01 12:00:00',
      '45292.3333333333': '2024-01-01 08:00:00',
      '45292.00001': '2024-01-01 00:00:00.864',
    },
  ],
  [{ dateFormat: 'excel', timeZone: 'Europe/Berlin' }, 'DATETIME', { '45292.5': '2024-01-01 11:00:00' }],
  [
    { dateFormat: 'YYYY-WWW' },
    'DATE',
    { '2024-W03': '2024-01-15', '2024-03': BAD, '2020-W53': '2020-12-28', '2021-W53': BAD, '2024-W00': BAD },
  ],
  [{ dateFormat: 'YYYY/WW' }, 'DATE', { '2024/03': '2024-01-15', '2024/W03': BAD }],
  [{ dateFormat: '%G-W%V-%u' }, 'DATE', { '2024-W03-7': '2024-01-21', '2024-W03-8': BAD }],
  [
    { dateFormat: 'D MMM YYYY', dateLanguage: 'fr' },
    'DATE',
    {
      ...{
        '1er janv. 2024': '2024-01-01',
        '3 FÉV 2024': '2024-02-03',
        '3 fevrier 2024': '2024-02-03',
        '3 jui 2024': BAD,
      },
      ...{ '3 juil. 2024': '2024-07-03', '2er mai 2024': BAD, '30 févr. 2024': '<unreal-date>', '3 may 2024': BAD },
    },
  ],
  [{ dateFormat: 'D-MMM-YY', dateLanguage: 'de-AT' }, 'DATE', { '3-Jän-24': '2024-01-03', '3-Mrz-24': '2024-03-03' }],
])('with %j, a %s', (format, type, cases) => {
  it.each(Object.entries(cases))('reads %j as %s', (text, wanted) => {
    expect(outcome(format, type, text)).toBe(wanted);
  });
});

const anyDay = fc.integer({ min: Date.UTC(1904, 0, 2) / DAY, max: Date.UTC(2199, 11, 31) / DAY });
const dateOf = (day: number) => new Date(day * DAY).toISOString().slice(0, 10);

it('reads any day of a spreadsheet, and its seconds', () => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: 0, max: 86_399 }), (day, second) => {
      const moment = new Date(day * DAY + second * 1000).toISOString().slice(0, 19).replace('T', ' ');
      const count = day + 25_569 + second / 86_400;
      expect(outcome({ dateFormat: 'excel' }, 'DATETIME(6)', String(count))).toBe(moment);
      expect(outcome({ dateFormat: 'excel_1904' }, 'DATETIME(6)', String(count - 1462))).toBe(moment);
    }),
  );
});

it('reads any day of any week', () => {
  fc.assert(
    fc.property(anyDay, (day) => {
      const weekday = ((((day + 3) % 7) + 7) % 7) + 1;
      const thursday = new Date((day - weekday + 4) * DAY);
      const first = Date.UTC(thursday.getUTCFullYear(), 0, 1) / DAY;
      const week = String(Math.floor((thursday.getTime() / DAY - first) / 7) + 1).padStart(2, '0');
      const written = `${thursday.getUTCFullYear()}-W${week}-${weekday}`;
      expect(outcome({ dateFormat: 'YYYY-WWW-E' }, 'DATE', written)).toBe(dateOf(day));
    }),
  );
});

it.each([...MONTH_LANGUAGES, 'pl', 'cs', 'ru'])('reads any date with the name of its month in %s', (dateLanguage) => {
  const long = new Intl.DateTimeFormat(dateLanguage, { day: 'numeric', month: 'long', timeZone: 'UTC' });
  const alone = new Intl.DateTimeFormat(dateLanguage, { month: 'long', timeZone: 'UTC' });
  const nameOf = (format: Intl.DateTimeFormat, day: number) =>
    format.formatToParts(day * DAY).find(({ type }) => type === 'month')!.value;
  fc.assert(
    fc.property(anyDay, fc.boolean(), fc.boolean(), (day, isAlone, isUpper) => {
      const name = nameOf(isAlone ? alone : long, day);
      const [year, , date] = dateOf(day).split('-') as [string, string, string];
      const written = `${Number(date)} ${isUpper ? name.toLocaleUpperCase(dateLanguage) : name} ${year}`;
      expect(outcome({ dateFormat: 'D MMMM YYYY', dateLanguage }, 'DATE', written)).toBe(dateOf(day));
    }),
  );
});

describe('the fix of a date', () => {
  it.each<[text: string, format: ValueFormat, wanted: string]>([
    ['45292', {}, '`date_format: "excel"` if it is a day as Excel counts them'],
    ['2024-W03', {}, '`date_format: "YYYY-WWW"`'],
    ['2024-W03-2', {}, '`date_format: "YYYY-WWW-E"`'],
    ['3. März 2024', {}, '`date_format: "D. MMM YYYY"` with `date_language: "de"`'],
    [
      '3 mai 2024',
      {},
      '`date_format: "D MMM YYYY"` with `date_language: "de"`, or `date_format: "D MMM YYYY"` with `date_language: "fr"`, or ',
    ],
    [
      '3 juin 2024',
      { dateFormat: 'D MMM YYYY', dateLanguage: 'de' },
      '`date_language: "fr"` if the names of months are of',
    ],
    ['3 ene 2024', { dateFormat: 'D MMM YYYY' }, '`date_language: "es"` if the names of months are of that language'],
  ])('in %j with %j names %s', (text, format, wanted) => {
    expect(fixOf(text, parseSqlType('DATE'), format)).toContain(wanted);
  });

  it('names the format of its column if others have another one', () => {
    const own = { name: 'a', others: [['b', { dateFormat: 'DD/MM/YYYY' }]] as [string, ValueFormat][] };
    expect(fixOf('1949-01', parseSqlType('DATE'), { dateFormat: 'DD/MM/YYYY' }, own)).toContain(
      '`date_format: { "*": "DD/MM/YYYY", "a": "YYYY-MM" }` if all dates of the column',
    );
  });
});
