import { describe, expect, it } from '@jest/globals';
import { createReport } from '../findings/report.js';
import { judgeGroupName } from './group-names.js';
import { SpanCheck } from './span-check.js';
import { split } from './split.test-support.js';

it.each([
  ['patient', 'owner'],
  ['Patient_ID', 'owner'],
  ['patientId', 'owner'],
  ['PATIENTID', 'owner'],
  ['subjid', 'owner'],
  ['Customer No.', 'owner'],
  ['user name', 'owner'],
  ['session', 'thing'],
  ['sessionid', 'thing'],
  ['file name', 'thing'],
  ['filename', 'owner'],
  ['id', 'thing'],
  ['batch_id', 'thing'],
  ['SiteID', 'thing'],
  ['uuid', 'thing'],
  ['paid', undefined],
  ['covid', undefined],
  ['zip_code', undefined],
  ['phone_number', undefined],
  ['name', undefined],
  ['patient_age', undefined],
  ['number of visits', undefined],
  ['', undefined],
])('the column %s is judged as %s', (name, judged) => {
  expect(judgeGroupName(name)).toBe(judged);
});

/** Forty rows of ten patients and as many visits, each of which belongs to one patient. */
const VISITS = Array.from({ length: 40 }, (_, row) => `p${row >> 2},${row >> 1},${row},${row % 2 === 0 ? 'a' : 'b'}`);
const CONTENT = `patient_id,visit,id,y\n${VISITS.join('\n')}\n`;

describe('a column that is named like a group', () => {
  it('is a warning if its values are in both sets, and the fix ends it', async () => {
    const { report, train, test } = await split(CONTENT, { label: 'y' });
    const patients = (text: string) => new Set(text.match(/^p\d+/gm));
    const both = [...patients(train)].filter((patient) => patients(test).has(patient)).length;
    expect(both).toBeGreaterThan(1);
    const [finding, other] = report.findings();
    expect(finding).toMatchObject({
      ...{ code: 'group-in-both', severity: 'warning', column: 'patient_id', file: 'data.csv' },
      message: `Values of the column have rows in both sets: ${both} of 10.`,
      fix: 'If the rows of one value belong together, add `--group-by patient_id`.',
    });
    expect(other).toMatchObject({ code: 'group-in-both', column: 'visit' });
    expect(report.findings()).toHaveLength(2);

    const groupBy = /--group-by (\w+)/.exec(finding!.fix)![1]!;
    const grouped = await split(CONTENT, { label: 'y', groupBy });
    expect(grouped.report.findings()).toEqual([]);
    const testPatients = patients(grouped.test);
    expect([...patients(grouped.train)].filter((patient) => testPatients.has(patient))).toEqual([]);
  });

  it.each([
    ['its values do not repeat', 'id\n1\n2\n3\n4\n5\n', {}],
    ['it has the values of a flag', `repeat_customer,x\n${'yes,1\nno,2\n'.repeat(20)}`, {}],
    ['it has few values and only ends in id', `class_id,x\n${'1,1\n2,2\n3,3\n'.repeat(20)}`, {}],
    ['it has the kinds of a thing', `device,x\n${'phone,1\ntablet,2\nother,3\n'.repeat(20)}`, {}],
    ['it is the label', CONTENT.replace('visit', 'v'), { label: 'patient_id' }],
    ['its cells are empty', `patient,x\n${',1\n'.repeat(20)}`, {}],
    [
      'the rows are cut by time',
      `user,t\n${Array.from({ length: 20 }, (_, t) => `u${t % 5},${t}\n`).join('')}`,
      { time: 't' },
    ],
  ])('is none if %s', async (_what, content, options) => {
    const { report, result } = await split(content, options);
    expect(result.test).toBeGreaterThan(0);
    expect(report.findings()).toEqual([]);
  });
});

it('a column that names files is one, whatever its name', async () => {
  const content = `bild,n\n${Array.from({ length: 20 }, (_, row) => `${row % 2}.jpg,${row}\n`).join('')}`;
  expect((await split(content)).report.findings()).toEqual([]);
  const { report } = await split(content, { filename: 'bild' });
  expect(report.findings()).toMatchObject([{ code: 'group-in-both', fix: expect.stringContaining('--group-by bild') }]);
});

it('of very many values a part is kept, and the number is an estimate', () => {
  const check = new SpanCheck(['user'], {}, () => ({ index: 0, read: (text) => text }));
  for (let user = 0; user < 160_000; user++) {
    check.add([`user-${user}`], 'train');
    if (user % 4 === 0) check.add([`user-${user}`], 'test');
  }
  const report = createReport();
  check.finish(report, 'data.csv');
  const numbers = /both sets: about (.*) of about (.*)\.$/.exec(report.findings()[0]!.message)!.slice(1);
  const [both, all] = numbers.map((text) => Number(text.replaceAll(',', '')));
  expect(Math.abs(both! - 40_000)).toBeLessThan(2_000);
  expect(Math.abs(all! - 160_000)).toBeLessThan(5_000);
});
