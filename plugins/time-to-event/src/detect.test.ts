import { describe, expect, it } from '@jest/globals';
import type { ColumnProfile, Survey } from '@tracebloc/ingestor-contract';
import { detect } from './detect.js';

const column = (name: string, sql: string, more: Partial<ColumnProfile> = {}): ColumnProfile => {
  const counts = { missing: 0, words: 0, distinct: 50, moreDistinct: false };
  return { name, sql, textSql: 'VARCHAR(32)', fits: true, ...counts, ascending: false, ...more };
};
const flag = (name: string, ...values: string[]) => column(name, 'TINYINT', { distinct: values.length, values });

function survey(...columns: ColumnProfile[]): Survey {
  const manifest = { path: '/data/study.csv', format: 'csv' as const, delimiter: ',', rows: 100, columns };
  return { root: '/data', manifests: [manifest], folders: [] };
}

describe('times to an event', () => {
  it('are recognised by the names of two columns', async () => {
    const found = await detect(
      survey(
        column('age', 'INT'),
        flag('sex', '0', '1'),
        column('followUpDays', 'INT'),
        flag('DEATH_EVENT', '1', '0'),
        flag('status', '0', '1'),
      ),
    );
    expect(found).toMatchObject({
      fit: 'likely',
      labels: ['DEATH_EVENT', 'status'],
      schema: ['age', 'sex', 'followUpDays', 'DEATH_EVENT', 'status'],
      fields: { time_column: 'followUpDays' },
    });
  });

  it('need no field if the time has the default name', async () => {
    const found = await detect(survey(column('days', 'INT'), column('time', 'FLOAT'), flag('dead', '0.0', '1.0')));
    expect(found).toMatchObject({ fit: 'likely', labels: ['dead'], fields: {} });
  });

  it('are only possible if the only flag means the opposite', async () => {
    const found = await detect(survey(column('time', 'INT'), flag('censored', '0', '1')));
    expect(found).toMatchObject({
      fit: 'possible',
      labels: ['censored'],
      found: expect.stringContaining('1 must mean that the event was seen') as unknown,
    });
  });

  it('have the label that the user named, if it is a flag', async () => {
    const columns = [column('time', 'INT'), flag('event', '0', '1'), flag('gone', '0', '1')];
    expect(await detect(survey(...columns), 'gone')).toMatchObject({ labels: ['gone'] });
    expect(await detect(survey(...columns), 'time')).toMatchObject({
      reason: 'its label, time, does not hold 0 and 1',
    });
  });

  it.each([
    ['an event of three values', [column('time', 'INT'), flag('event', '0', '1', '2')]],
    ['an event of one value', [column('time', 'INT'), flag('event', '1')]],
    ['a flag of another name', [column('time', 'INT'), flag('member', '0', '1')]],
    ['gaps in the time', [column('time', 'INT', { missing: 1 }), flag('event', '0', '1')]],
    ['moments for times', [column('time', 'DATETIME'), flag('event', '0', '1')]],
    ['a number of another name', [column('sometimes', 'INT'), flag('event', '0', '1')]],
  ])('are not %s', async (_, columns) => {
    const reason = expect.stringMatching(
      /^no column of (0 and 1|numbers without gaps) is called like an? (event|time)/,
    );
    expect(await detect(survey(...columns))).toEqual({ reason, fix: expect.stringMatching(/\.$/) as unknown });
  });
});
