import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Desk } from './cases.test-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.make();
});
afterAll(() => desk.remove());

interface Times {
  /** What the file has, in its order. */
  written: string[];
  /** What the person wanted. */
  wanted: (string | null)[];
  /** The name of the column. Default: timestamp. */
  column?: string;
  /** Default: the task of time series. */
  task?: string;
  doubt?: string;
}

const SERIES = 'time_series_forecasting';
const TABLE = 'tabular_regression';
const at = (day: string, ...clocks: string[]) => clocks.map((clock) => `${day} ${clock}`);
const months = (toText: (month: string) => string) =>
  Array.from({ length: 12 }, (_, index) => toText(String(index + 1).padStart(2, '0')));
const FIRSTS = months((month) => `2022-${month}-01 00:00:00`);
const THREE = ['1949-01-01', '1949-02-01', '1949-03-01'];

/** The cases that people reported, by their numbers, and times of the same kind. */
const CASES: Record<string, Record<string, Times>> = {
  '31, the first of each month': {
    'between slashes': {
      written: months((month) => `01/${month}/2022`),
      wanted: FIRSTS,
      doubt: '01/02 is read as 1 February',
    },
    'between hyphens': {
      written: months((month) => `01-${month}-2022`),
      wanted: FIRSTS,
      doubt: '01/02 is read as 1 February',
    },
    'without a leading zero': {
      written: months((month) => `1/${Number(month)}/2022`),
      wanted: FIRSTS,
      doubt: 'between day and month',
    },
    'with a day that decides': {
      written: ['01/02/2022', '13/02/2022'],
      wanted: ['2022-02-01 00:00:00', '2022-02-13 00:00:00'],
    },
    'with a month that decides': {
      written: ['01/02/2022', '01/13/2022'],
      wanted: ['2022-01-02 00:00:00', '2022-01-13 00:00:00'],
    },
    'between points': { written: months((month) => `01.${month}.2022`), wanted: FIRSTS },
    'with midnights': {
      written: months((month) => `01/${month}/2022 00:00`),
      wanted: FIRSTS,
      doubt: '01/02 is read as 1 February',
    },
  },
  '32, months': {
    'with hyphens': { written: ['1949-01', '1949-02', '1949-03'], wanted: THREE, column: 'Month', task: TABLE },
    'with slashes': { written: ['1949/01', '1949/02', '1949/03'], wanted: THREE, column: 'Month', task: TABLE },
    'with the year last': { written: ['01/1949', '02/1949', '03/1949'], wanted: THREE, column: 'Month', task: TABLE },
    'with names': { written: ['Jan 1949', 'Feb 1949', 'Mar 1949'], wanted: THREE, column: 'Month', task: TABLE },
    'with names and hyphens': {
      written: ['Jan-1949', 'Feb-1949', 'Mar-1949'],
      wanted: THREE,
      column: 'Month',
      task: TABLE,
    },
    quarters: {
      written: ['1949Q1', '1949Q2', '1949Q4'],
      wanted: ['1949-01-01', '1949-04-01', '1949-10-01'],
      column: 'q',
      task: TABLE,
    },
    'with years of two digits': {
      ...{ written: ['Jan-98', 'Feb-98', 'Mar-01'], wanted: ['1998-01-01', '1998-02-01', '2001-03-01'] },
      ...{ column: 'Month', task: TABLE, doubt: '1969 to 2068' },
    },
    'of a series': { written: ['1949-01', '1949-02', '1949-03'], wanted: THREE.map((day) => `${day} 00:00:00`) },
  },
  '34, times since 1970': {
    'in seconds, the newest first': {
      written: ['1663723800', '1663722900'],
      wanted: ['2022-09-21 01:30:00', '2022-09-21 01:15:00'],
      task: TABLE,
    },
    'in seconds': { written: ['1663722900', '1663723800'], wanted: ['2022-09-21 01:15:00', '2022-09-21 01:30:00'] },
    'in milliseconds': {
      written: ['1663722900250', '1663723800000'],
      wanted: ['2022-09-21 01:15:00.25', '2022-09-21 01:30:00'],
    },
    'with fractions': {
      written: ['1663722900.5', '1663723800.25'],
      wanted: ['2022-09-21 01:15:00.5', '2022-09-21 01:30:00.25'],
    },
    'in a column called date': {
      written: ['1663722900', '1663723800'],
      wanted: ['2022-09-21 01:15:00', '2022-09-21 01:30:00'],
      column: 'date',
      task: TABLE,
    },
    'in a column called unix_time': {
      written: ['1663722900', '1663723800'],
      wanted: ['2022-09-21 01:15:00', '2022-09-21 01:30:00'],
      column: 'unix_time',
      task: TABLE,
    },
  },
  '36, local times at the end of summer time': {
    'quarter hours in Berlin': {
      written: at('2021-10-31', '01:45', '02:00', '02:30', '02:45', '02:00', '02:30', '03:00'),
      wanted: [
        ...at('2021-10-30', '23:45:00'),
        ...at('2021-10-31', '00:00:00', '00:30:00', '00:45:00', '01:00:00', '01:30:00', '02:00:00'),
      ],
    },
    'hours in Berlin': {
      written: at('2021-10-31', '01:00', '02:00', '02:00', '03:00'),
      wanted: [...at('2021-10-30', '23:00:00'), ...at('2021-10-31', '00:00:00', '01:00:00', '02:00:00')],
    },
    'half hours in London': {
      written: at('2021-10-31', '00:30', '01:00', '01:30', '01:00', '01:30', '02:00'),
      wanted: [
        ...at('2021-10-30', '23:30:00'),
        ...at('2021-10-31', '00:00:00', '00:30:00', '01:00:00', '01:30:00', '02:00:00'),
      ],
    },
    'half hours in Athens': {
      written: at('2021-10-31', '03:00', '03:30', '03:00', '03:30', '04:00'),
      wanted: at('2021-10-31', '00:00:00', '00:30:00', '01:00:00', '01:30:00', '02:00:00'),
    },
    'with offsets': {
      written: at('2021-10-31', '02:30+02:00', '02:30+01:00', '03:30+01:00'),
      wanted: at('2021-10-31', '00:30:00', '01:30:00', '02:30:00'),
    },
    'with offsets without a colon': {
      written: at('2021-10-31', '02:30:00 +0200', '02:30:00 +0100'),
      wanted: at('2021-10-31', '00:30:00', '01:30:00'),
    },
    'half hours in America, where several zones fit': {
      written: at('2021-11-07', '00:30', '01:00', '01:30', '01:00', '01:30', '02:00'),
      wanted: at('2021-11-07', '00:30:00', '01:00:00', '01:30:00', '01:00:00', '01:30:00', '02:00:00'),
      task: TABLE,
      doubt: 'America/New_York, America/Chicago',
    },
  },
  '39, years before 1970 and after 2038': {
    '1949': {
      written: ['1949-01-01', '1949-02-01'],
      wanted: at('1949-01-01', '00:00:00').concat(at('1949-02-01', '00:00:00')),
    },
    'the first year': { written: ['1000-01-01', '1000-01-02'], wanted: ['1000-01-01 00:00:00', '1000-01-02 00:00:00'] },
    'the last year': {
      written: ['9999-12-30', '9999-12-31'],
      wanted: ['9999-12-30', '9999-12-31'],
      column: 'until',
      task: TABLE,
    },
    'with times': {
      written: ['1850-06-01 12:00', '1850-06-01 13:30'],
      wanted: at('1850-06-01', '12:00:00', '13:30:00'),
    },
    'the last second of 1969': {
      written: ['1969-12-31 23:59:59', '1970-01-01 00:00:00'],
      wanted: ['1969-12-31 23:59:59', '1970-01-01 00:00:00'],
    },
    '24:00': {
      written: ['1949-01-01 23:00', '1949-01-01 24:00'],
      wanted: ['1949-01-01 23:00:00', '1949-01-02 00:00:00'],
    },
  },
  '44, two dates': {
    'of which one is empty': {
      written: ['2022-05-01', '', '2023-01-15'],
      wanted: ['2022-05-01', null, '2023-01-15'],
      column: 'end',
      task: TABLE,
    },
    'of which one is a word': {
      written: ['2022-05-01', '-', '2023-01-15'],
      wanted: ['2022-05-01', null, '2023-01-15'],
      column: 'end',
      task: TABLE,
    },
    'of which one is NULL': {
      written: ['2022-05-01', 'NULL', '2023-01-15'],
      wanted: ['2022-05-01', null, '2023-01-15'],
      column: 'end',
      task: TABLE,
    },
    'with midnights': {
      written: ['2022-05-01 00:00:00', '2023-01-15 00:00:00'],
      wanted: ['2022-05-01', '2023-01-15'],
      column: 'end',
      task: TABLE,
    },
    'between slashes, the day first': {
      written: ['25/12/2024', '01/02/2024'],
      wanted: ['2024-12-25', '2024-02-01'],
      column: 'end',
      task: TABLE,
    },
    'with names of months': {
      written: ['3-Jan-2024', '12-Feb-2024'],
      wanted: ['2024-01-03', '2024-02-12'],
      column: 'end',
      task: TABLE,
    },
  },
  '45, dates of prices': {
    plain: { written: ['2024-01-02', '2024-01-03'], wanted: ['2024-01-02', '2024-01-03'], column: 'Date', task: TABLE },
    American: { written: ['1/2/2024', '1/13/2024'], wanted: ['2024-01-02', '2024-01-13'], column: 'Date', task: TABLE },
    'with names': {
      written: ['Jan 2, 2024', 'Jan 13, 2024'],
      wanted: ['2024-01-02', '2024-01-13'],
      column: 'Date',
      task: TABLE,
    },
    'with offsets': {
      written: ['2024-01-02 00:00:00-05:00', '2024-01-03 00:00:00-05:00'],
      wanted: ['2024-01-02 05:00:00', '2024-01-03 05:00:00'],
      column: 'Date',
      task: TABLE,
    },
    'with a 12-hour clock': {
      written: ['1/2/2024 3:05 PM', '1/13/2024 12:00 AM'],
      wanted: ['2024-01-02 15:05:00', '2024-01-13 00:00:00'],
      column: 'Date',
      task: TABLE,
    },
    'in UTC': {
      written: ['2024-01-02 09:00:00 UTC', '2024-01-03 09:00:00 UTC'],
      wanted: ['2024-01-02 09:00:00', '2024-01-03 09:00:00'],
    },
  },
};

describe.each(Object.entries(CASES))('case %s', (_number, cases) => {
  it.each(Object.entries(cases))(
    '%s',
    async (_name, { written, wanted, column = 'timestamp', task = SERIES, doubt }) => {
      const lines = written.map((text, index) => `"${text}",${index * 2 + 0.5}`);
      const { doubts } = await desk.describe(`${[`${column},y`, ...lines].join('\n')}\n`, 'y', { task });
      expect(await desk.findings()).not.toContainEqual(expect.objectContaining({ severity: 'error' }));
      expect((await desk.rows()).map(([, value]) => value)).toEqual(wanted);
      expect(doubts).toEqual(doubt === undefined ? [] : [expect.stringContaining(doubt)]);
    },
  );
});

it('a column that has the day first and one that has the month first are read each in its way', async () => {
  const lines = ['25/12/2024,12/25/2024,1.5', '01/02/2024,02/01/2024,2.5'];
  const { yaml } = await desk.describe(`a,b,y\n${lines.join('\n')}\n`, 'y', { task: TABLE });
  expect(yaml).toContain('DD/MM/YYYY');
  expect(await desk.rows()).toEqual([
    ['1.5', '2024-12-25', '2024-12-25'],
    ['2.5', '2024-02-01', '2024-02-01'],
  ]);
});

it('a column that does not decide is read as one that does', async () => {
  const lines = ['25/12/2024,01/02/2024,1.5', '01/02/2024,02/03/2024,2.5'];
  const { doubts } = await desk.describe(`a,b,y\n${lines.join('\n')}\n`, 'y', { task: TABLE });
  expect((await desk.rows()).map((row) => row[2])).toEqual(['2024-02-01', '2024-03-02']);
  expect(doubts).toEqual([]);
});

it('dates that no value decides are a doubt of init and a warning of validate', async () => {
  const { doubts } = await desk.describe('a,y\n02/03/2024,1.5\n04/05/2024,2.5\n', 'y', { task: TABLE });
  expect(doubts).toEqual([expect.stringContaining('may be 1 February. If it is, set `day_first: true`')]);
  expect(await desk.findings()).toMatchObject([{ code: 'ambiguous-date', severity: 'warning' }]);
});
