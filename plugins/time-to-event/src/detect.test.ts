import { describe, expect, it } from '@jest/globals';
import type { ColumnProfile, Detection, JsonObject, Survey } from '@tracebloc/ingestor-contract';
import { detect } from './detect.js';

const column = (name: string, sql: string, more: Partial<ColumnProfile> = {}): ColumnProfile => {
  const counts = { missing: 0, words: 0, distinct: 50, moreDistinct: false };
  return { name, sql, textSql: 'VARCHAR(32)', fits: true, ...counts, ascending: false, ...more };
};
const flag = (name: string, ...values: string[]) => column(name, 'TINYINT', { distinct: values.length, values });

function survey(...columns: ColumnProfile[]): Survey {
  const manifest = { path: '/data/study.csv', format: 'csv' as const, rows: 100, columns };
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

  it('are only possible if the only flag means the opposite, with that as a doubt', async () => {
    const found = await detect(survey(column('time', 'INT'), flag('censored', '0', '1')));
    expect(found).toMatchObject({
      fit: 'possible',
      labels: ['censored'],
      fields: { event_values: { event: 0, censored: 1 } },
      manifest: { doubts: [expect.stringMatching(/^censored: .* exchange the two in `event_values`\.$/)] },
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

  it.each<[string, string[], JsonObject]>([
    ['status', ['1', '2'], { event: 2, censored: 1 }],
    ['dead', ['TRUE', 'FALSE'], { event: true, censored: false }],
    ['event', ['No', 'Yes'], { event: 'yes', censored: 'no' }],
    ['Status', ['Alive', 'Dead'], { event: 'dead', censored: 'alive' }],
    ['vital_status', ['alive', 'deceased'], { event: 'deceased', censored: 'alive' }],
  ])('have a column %s of %j with what it means', async (name, values, event_values) => {
    const found = await detect(survey(column('time', 'INT'), flag(name, ...values)));
    expect(found).toMatchObject({ fit: 'likely', labels: [name], fields: { event_values } });
  });

  it.each<[string, string[], JsonObject]>([
    ['alive', ['yes', 'no'], { event: 'no', censored: 'yes' }],
    ['survived', ['true', 'false'], { event: false, censored: true }],
    ['sex', ['1', '2'], { event: 2, censored: 1 }],
  ])('are only possible with a label %s of %j', async (name, values, event_values) => {
    const found = await detect(survey(column('time', 'INT'), flag(name, ...values)), name);
    expect(found).toMatchObject({
      fit: 'possible',
      fields: { event_values },
      manifest: { doubts: [expect.anything()] },
    });
  });

  it('offer only labels that have the same values', async () => {
    const columns = [column('time', 'INT'), flag('event', '0', '1'), flag('status', '1', '2'), flag('death', '0', '1')];
    expect(await detect(survey(...columns))).toMatchObject({ labels: ['event', 'death'], fields: {} });
    expect(await detect(survey(...columns), 'status')).toMatchObject({ fields: { event_values: { event: 2 } } });
  });

  it('may be two dates, whose times the table stores', async () => {
    const dates = [column('start_date', 'DATE'), column('end_date', 'DATETIME', { missing: 40 })];
    const found = await detect(survey(...dates, column('Time', 'TEXT'), flag('cancelled', '0', '1')));
    expect(found).toMatchObject({
      fit: 'likely',
      labels: ['cancelled'],
      schema: ['start_date', 'end_date', 'cancelled'],
      fields: { time_column: { from: 'start_date', to: 'end_date', unit: 'days' } },
      manifest: {
        columns: [{ sql: 'DATETIME' }, { sql: 'DATETIME' }, {}, {}],
        doubts: [expect.stringContaining('`observed_until: <date>`')],
      },
    });
  });

  it('are told to be declared by hand if the name of no column of numbers says what it is', async () => {
    const found = await detect(survey(column('T', 'INT'), flag('E', '0', '1')), 'E');
    expect(found).toMatchObject({
      fix: expect.stringContaining('write `time_column: <column>` into an `ingest.yaml`'),
    });
    const none = await detect(survey(column('T', 'VARCHAR(16)'), flag('E', '0', '1')), 'E');
    expect(none).toMatchObject({ fix: expect.not.stringContaining('time_column') });
  });

  it('are told to be declared by hand if the names of the dates do not say what they are', async () => {
    const found = await detect(survey(column('a', 'DATE'), column('b', 'DATE'), flag('event', '0', '1')));
    expect(found).toMatchObject({ fix: expect.stringContaining('time_column: { from: <start>') as unknown });
  });

  it.each([
    ['DATE', '2024-01-31', '2024-03-01', '2024-03-01'],
    ['DATETIME', '2024-05-01 10:30:00', '2024-03-01 00:00:00', '2024-05-01 10:30:00'],
    ['DATETIME(6)', '2024-05-01 10:30:00.250000', '2024-03-01 00:00:00', '2024-05-01 10:30:01'],
    ['DATETIME(6)', '2024-12-31 23:59:59.900000', '', '2025-01-01 00:00:00'],
    ['DATE', '2024-01-31', '9999-12-31', undefined],
  ])('of which some ends are empty are observed until the latest one: %s %s', async (sql, start, end, until) => {
    const dates = [
      column('start_date', sql, { latest: start }),
      column('end_date', sql, { missing: 1, ...(end !== '' && { latest: end }) }),
    ];
    const found = await detect(survey(...dates, flag('cancelled', '0', '1')));
    const time = (found as Detection).fields.time_column as JsonObject;
    expect(time.observed_until).toBe(until);
    expect((found as Detection).manifest.doubts).toEqual([
      expect.stringContaining(until === undefined ? 'add `observed_until: <date>`' : 'write that day'),
    ]);
  });
});
