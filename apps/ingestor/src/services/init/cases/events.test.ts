import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Desk, type Row, table } from './cases.test-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.make();
});
afterAll(() => desk.remove());

const TASK = 'time_to_event_prediction';

/** Returns an `ingest.yaml` as a person wrote it. */
const configuration = (label: string, schema: string, ...more: string[]) =>
  [
    ...['apiVersion: tracebloc.io/v1', 'kind: IngestConfig', `category: ${TASK}`, 'table: cases', 'intent: train'],
    ...['csv: data.csv', `label: { column: ${label}, policy: passthrough }`, `schema: ${schema}`, ...more, ''],
  ].join('\n');

/** Returns the option that a fix names first. */
const adviceOf = (fix: string) => /`([a-z_]+: \{[^`]*\})`/.exec(fix)![1]!;

const LUNG: Row[] = [
  ['1', 306, 74],
  ['0', 1010, 56],
  ['1', 210, 57],
];

/** Events as people write them: seen, censored, and seen. */
const EVENTS: Record<string, { name: string; written: [string, string, string]; doubt?: RegExp }> = {
  'numbers of R': { name: 'status', written: ['2', '1', '2'], doubt: /the larger number is read as the event/ },
  'decimal numbers of R': { name: 'status', written: ['2.0', '1.0', '2.0'], doubt: /the larger number/ },
  'TRUE and FALSE': { name: 'dead', written: ['TRUE', 'FALSE', 'TRUE'] },
  'yes and no': { name: 'event', written: ['Yes', 'No', 'Yes'] },
  'dead and alive': { name: 'status', written: ['dead', 'alive', 'dead'] },
  'a column of the opposite': { name: 'alive', written: ['0', '1', '0'], doubt: /means that there was no event/ },
  'words of the opposite': { name: 'censored', written: ['no', 'yes', 'no'], doubt: /means that there was no event/ },
};

describe.each(Object.entries(EVENTS))('case 40, %s', (_name, { name, written, doubt }) => {
  const content = table(`time,${name},age`, `306,${written[0]},74`, `1010,${written[1]},56`, `210,${written[2]},57`);

  it('are declared by init', async () => {
    const { doubts } = await desk.describe(content, name, { task: TASK });
    expect(await desk.findings()).toEqual([]);
    expect(await desk.rows()).toEqual(LUNG);
    expect(doubts).toEqual(doubt ? [expect.stringMatching(doubt)] : []);
  });

  it('are not taken for events silently, and the advice declares them', async () => {
    const schema = '{ time: INT, age: INT }';
    await desk.configure(content, configuration(name, schema));
    const [finding] = await desk.findings();
    expect(finding).toMatchObject({ code: written[0] === '0' ? 'doubtful-event' : 'not-an-event', column: name });
    await desk.configure(content, configuration(name, schema, adviceOf(finding!.fix)));
    expect(await desk.findings()).toEqual([]);
    expect(await desk.rows()).toEqual(LUNG);
  });
});

const PLANS: Row[] = [
  ['1', 118, 'basic'],
  ['0', 170, 'pro'],
  ['1', 348, 'pro'],
];

/** The dates of three records, of which the second has no end. The observation ended on 2022-06-29. */
const INTERVALS: Record<
  string,
  { header: string; rows: [string, string, string]; from?: string; to?: string; kind?: string }
> = {
  'the end is empty': {
    header: 'start_date,end_date',
    rows: ['2022-01-03,2022-05-01', '2022-01-10,', '2021-02-01,2022-01-15'],
  },
  'the end is NULL': {
    header: 'start_date,end_date',
    rows: ['2022-01-03,2022-05-01', '2022-01-10,NULL', '2021-02-01,2022-01-15'],
  },
  'the names are others': {
    header: 'signup,exit',
    rows: ['2022-01-03,2022-05-01', '2022-01-10,', '2021-02-01,2022-01-15'],
  },
  'the day is first': {
    header: 'start_date,end_date',
    rows: ['03/01/2022,01/05/2022', '10/01/2022,', '01/02/2021,15/01/2022'],
  },
  'they are moments': {
    header: 'started_at,ended_at',
    rows: ['2022-01-03 10:00,2022-05-01 10:00', '2022-01-10 00:00,', '2021-02-01 12:30,2022-01-15 12:30'],
  },
  'the names are those of a hospital': {
    header: 'admitted,discharged',
    rows: ['2022-01-03,2022-05-01', '2022-01-10,', '2021-02-01,2022-01-15'],
  },
  'every table has a column of the name': {
    header: 'created_at,closed_at',
    rows: ['2022-01-03,2022-05-01', '2022-01-10,', '2021-02-01,2022-01-15'],
  },
};

describe.each(Object.entries(INTERVALS))('case 44, two dates: %s', (_name, { header, rows }) => {
  const plans = ['1,basic', '0,pro', '1,pro'];
  const content = table(`${header},cancelled,plan`, ...rows.map((row, index) => `${row},${plans[index]!}`));
  const UNTIL = 'observed_until: 2022-06-29';

  it('are proposed by init, and the day of the export in the place of the latest date leads to durations', async () => {
    const { yaml, doubts } = await desk.describe(content, 'cancelled', { task: TASK });
    const [from, to] = header.split(',');
    const latest = header.startsWith('started_at') ? '2022-05-01 10:00:00' : '2022-05-01';
    expect(yaml).toContain(`time_column: { from: ${from}, to: ${to}, unit: days, observed_until: ${latest} }`);
    expect(doubts).toContainEqual(
      expect.stringMatching(/is empty in some rows.* If the file was exported later, write that day/),
    );
    expect((await desk.findings()).filter(({ severity }) => severity === 'error')).toEqual([]);
    const [, censored] = await desk.rows();
    expect(Number(censored![1])).toBeCloseTo(111, 0);
    await desk.configure(content, yaml.replace(`observed_until: ${latest}`, UNTIL));
    expect(await desk.rows()).toEqual(PLANS);
  });

  it('are refused without the end of the observation, and the advice leads to durations', async () => {
    const { yaml } = await desk.describe(content, 'cancelled', { task: TASK });
    const [, to] = header.split(',');
    await desk.configure(content, yaml.replace(/, observed_until: [^}]*\}/, ' }'));
    const errors = (await desk.findings()).filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ code: 'missing-time', row: 3, column: to }]);
    expect(errors[0]!.fix).toContain('add `observed_until: <date>` to `time_column`');
    await desk.configure(content, yaml.replace(/, observed_until: [^}]*\}/, `, ${UNTIL} }`));
    expect((await desk.findings()).filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(await desk.rows()).toEqual(PLANS);
  });

  // A configuration that stores `created_at` is refused before its data is read.
  if (header.startsWith('created_at')) return;

  it('are an error if the end is declared as the time, whose advice leads to durations', async () => {
    const { yaml } = await desk.describe(content, 'cancelled', { task: TASK });
    const [, to] = header.split(',');
    await desk.configure(content, yaml.replace(/^time_column: .*$/m, `time_column: ${to}`));
    const [finding] = await desk.findings();
    expect(finding).toMatchObject({ code: 'time-not-numeric', column: to });
    const advice = adviceOf(finding!.fix).replace('unit: days', `unit: days, ${UNTIL}`);
    await desk.configure(content, yaml.replace(/^time_column: .*$/m, advice));
    expect(await desk.rows()).toEqual(PLANS);
  });
});

it.each<[string, string]>([
  ['with a row for each missing moment', 'time-gaps'],
  ['with a value in each row without one', 'missing-label'],
])('a gap of a series is filled %s, and no warning says the opposite', async (_name, code) => {
  const rows = Array.from({ length: 12 }, (_, index) => `1949-${String(index + 1).padStart(2, '0')}-01,${index}.5`);
  const isGap = (index: number) => index === 4 || index === 5;
  const broken = rows.flatMap((row, index) =>
    isGap(index) ? (code === 'time-gaps' ? [] : [row.replace(/,.*/, ',')]) : [row],
  );
  const { yaml } = await desk.describe(table('Date,y', ...broken), 'y', { task: 'time_series_forecasting' });
  const [finding] = (await desk.findings()).filter(({ severity }) => severity === 'warning');
  expect(finding).toMatchObject({ code, severity: 'warning' });
  // Both say the same, so that no advice undoes the other.
  expect(finding!.fix).toContain('estimated from the rows around it');
  expect(finding!.fix).not.toMatch(/remove|empty/);
  await desk.configure(table('Date,y', ...rows), yaml);
  expect(await desk.findings()).toEqual([]);
  expect((await desk.rows()).map(([y]) => y)).toEqual(rows.map((row) => row.split(',')[1]));
});
