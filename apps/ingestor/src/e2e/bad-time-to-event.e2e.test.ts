import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '@tracebloc/ingestor-contract';
import type { ValidationResult } from '@tracebloc/ingestor-pipeline';
import { documentOf, yamlOf, type ConfigFields, World, type Traces } from '@tracebloc/ingestor-testing/command';

const STUDY = {
  category: 'time_to_event_prediction',
  label: { column: 'event', policy: 'passthrough' },
  schema: { a: 'VARCHAR(8)', time: 'FLOAT' },
};

interface BadStudy {
  what: string;
  content: string;
  findings: Partial<Finding>[];
  config?: ConfigFields;
  flags?: string[];
}

const BAD_STUDIES: BadStudy[] = [
  {
    what: 'a negative time',
    content: 'a,time,event\nx,0,0\ny,-3.5,1\n',
    findings: [
      {
        code: 'negative-time',
        row: 3,
        column: 'time',
        value: '-3.5',
        message: 'The time is negative.',
        expected: '0 or more',
        fix: 'Correct the time: it counts from the start of the observation, which is 0.',
      },
    ],
  },
  {
    what: 'an event of 2',
    content: 'a,time,event\nx,1,0\ny,2,1\nz,3,2\n',
    findings: [
      {
        code: 'not-an-event',
        row: 4,
        column: 'event',
        value: '2',
        message: 'The event must be 0 or 1.',
        expected: '0 or 1',
        fix: 'Write 1 if the event was seen and 0 if it was not (censored).',
      },
    ],
  },
  {
    what: 'no censored row',
    content: 'a,time,event\nx,1,1\ny,2,1.0\n',
    findings: [
      {
        code: 'no-censored',
        column: 'event',
        message: 'No row is censored: the event column holds no 0.',
        expected: 'both 0 and 1',
        fix: 'Check that `label` names the event column, and add records whose event was not seen.',
      },
    ],
  },
  {
    what: 'no event',
    content: 'a,time,event\nx,1,0\ny,2,0\n',
    findings: [{ code: 'no-event', column: 'event', expected: 'both 0 and 1' }],
  },
  {
    what: 'gaps in the time',
    content: 'a,time,event\nx,1,0\ny,,1\nz,NA,1\n',
    findings: [
      { code: 'missing-time', row: 3, column: 'time', fix: 'Fill the time, or remove the row.' },
      { code: 'missing-time', row: 4, column: 'time' },
    ],
  },
  {
    what: 'times that are no numbers',
    content: 'a,time,event\nx,1,0\ny,two,1\nz,1e400,1\n',
    findings: [
      { code: 'not-a-number', row: 3, column: 'time', value: 'two' },
      { code: 'number-overflow', row: 4, column: 'time', value: '1e400' },
    ],
  },
  {
    what: 'a time that the schema declares a date',
    content: 'a,time,event\nx,2024-01-01,0\ny,2024-01-02,1\n',
    findings: [{ code: 'time-not-numeric', column: 'time', value: 'DATE' }],
    config: { schema: { a: 'VARCHAR(8)', time: 'DATE' } },
  },
  {
    what: 'a time column that the schema does not list',
    content: 'a,time,weeks,event\nx,1,1,0\ny,2,2,1\n',
    findings: [{ code: 'no-time-column', column: 'weeks', expected: 'weeks: FLOAT in the schema' }],
    flags: ['--time-column', 'weeks'],
  },
];

let world: World;
let before: Traces;

beforeAll(async () => {
  world = await World.start();
  await world.write('study.csv', 'a,time,event\nx,1,0\n,0,1\n');
  await world.write('kept.yaml', yamlOf({ ...STUDY, csv: 'study.csv', table: 'kept' }));
  expect(await world.run(['ingest', '-c', 'kept.yaml'])).toMatchObject({ code: 0 });
  before = await world.traces();
});
afterAll(() => world.stop());

const prepare = async ({ content, config }: BadStudy) => {
  await world.write('bad.csv', content);
  await world.write('ingest.yaml', yamlOf({ ...STUDY, csv: 'bad.csv', ...config }));
};

describe('validate of', () => {
  it.each(BAD_STUDIES)('$what', async (bad) => {
    await prepare(bad);
    const ended = await world.run(['validate', '-c', 'ingest.yaml', '--json', ...(bad.flags ?? [])], {});
    expect(ended).toMatchObject({ code: 3 });
    const { findings, ...result } = documentOf<ValidationResult>(ended);
    expect(result).toMatchObject({ valid: false, errors: bad.findings.length });
    const inFile = bad.findings.map((finding) => ({ file: expect.stringMatching(/bad\.csv$/), ...finding }));
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject(inFile);
    expect(await world.traces()).toEqual(before);
  });
});

describe('ingest of', () => {
  it.each(BAD_STUDIES.slice(0, 3))('$what', async (bad) => {
    await prepare(bad);
    const ended = await world.run(['ingest', '-c', 'ingest.yaml']);
    expect(ended).toMatchObject({ code: 3 });
    expect(ended.stdout).toContain('✖ fresh was not ingested: the data is not valid, and nothing was published');
    for (const { code, column, message, fix } of bad.findings) {
      expect(ended.stdout).toContain(`✖ ${code}  `);
      expect(ended.stdout).toContain(` ${column}  ${message}`);
      expect(ended.stdout).toContain(`fix: ${fix}`);
    }
    expect(await world.traces()).toEqual(before);
  });
});

it('a study whose label policy is not stated is refused before the data is read', async () => {
  await world.write('ingest.yaml', yamlOf({ ...STUDY, csv: 'study.csv', label: 'event' }));
  const ended = await world.run(['validate', '-c', 'ingest.yaml'], {});
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain("ingest.yaml:7:8 label: time_to_event_prediction must state the label's policy");
});
