import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '@tracebloc/ingestor-contract';
import { readTask } from '@tracebloc/ingestor-conformance';
import { createReport } from '@tracebloc/ingestor-dataset';
import { EventCheck } from './events.js';
import { timeToEventPrediction } from './prediction.js';

async function run(events: readonly string[], event_values?: JsonValue, more: { label?: string; type?: string } = {}) {
  const { label = 'event', type } = more;
  const { records, report } = await readTask(timeToEventPrediction, {
    manifest: [`a,time,${label}`, ...events.map((event, index) => `x${index % 3},${index},${event}`), ''].join('\n'),
    label,
    schema: { a: 'VARCHAR(9)', time: 'INT', ...(type && { [label]: type }) },
    fields: event_values === undefined ? {} : { event_values },
  });
  return {
    labels: records.map((record) => record.label),
    findings: report.findings(),
    codes: report.totals().map(({ code }) => code),
  };
}

describe('declared events', () => {
  it.each<[string, string[], JsonObject, (string | null)[]]>([
    ['numbers of R', ['1', '2', '2.0', ''], { event: 2, censored: 1 }, ['0', '1', '1', null]],
    ['words in any case', ['TRUE', 'False'], { event: true, censored: false }, ['1', '0']],
    ['yes and no', ['yes', 'No'], { event: 'yes', censored: 'no' }, ['1', '0']],
    ['the opposite', ['0', '1'], { event: 0, censored: 1 }, ['1', '0']],
    ['several values', ['alive', 'dead', 'lost'], { event: 'dead', censored: ['alive', 'lost'] }, ['0', '1', '0']],
    ['competing events', ['0', '1', '2'], { event: [1, 2], censored: 0 }, ['0', '1', '1']],
  ])('are stored as 0 and 1: %s', async (_name, events, values, labels) => {
    const found = await run(events, values);
    expect(found.labels).toEqual(labels);
    expect(found.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('may be declared BOOLEAN in the schema too', async () => {
    const values = { event: 'no', censored: 'yes' };
    expect((await run(['Yes', 'no', 'YES'], values, { type: 'BOOLEAN' })).labels).toEqual(['0', '1', '0']);
  });

  it('refuse any other value', async () => {
    const { findings } = await run(['1', '2', '3'], { event: 2, censored: 1 });
    expect(findings).toMatchObject([
      { code: 'not-an-event', row: 4, value: '3', expected: '2 (event), or 1 (censored)' },
    ]);
  });

  it('must both occur', async () => {
    expect((await run(['1', '1'], { event: 2, censored: 1 })).codes).toEqual(['no-event']);
    expect((await run(['2', '2'], { event: 2, censored: 1 })).codes).toEqual(['no-censored']);
  });

  it('cannot mean both', async () => {
    await expect(run(['1', '2'], { event: [1, 2], censored: 2.0 })).rejects.toThrow('takes `2` both');
    await expect(run(['yes'], { event: 'Yes', censored: 'yes' })).rejects.toThrow('takes `yes` both');
  });
});

describe('undeclared events', () => {
  it.each([
    [['1', '2', '1'], '{ event: 2, censored: 1 }', ['0', '1', '0']],
    [['TRUE', 'FALSE'], '{ event: true, censored: false }', ['1', '0']],
    [['no', 'yes'], '{ event: yes, censored: no }', ['0', '1']],
    [['Alive', 'Dead'], '{ event: dead, censored: alive }', ['0', '1']],
    [['N', 'Y'], '{ event: y, censored: n }', ['0', '1']],
  ])('%j are refused, and the fix declares them', async (events, advice, labels) => {
    const { findings } = await run(events);
    expect(findings[0]).toMatchObject({ code: 'not-an-event', severity: 'error' });
    expect(findings[0]!.fix).toContain(`\`event_values: ${advice}\``);
    const read = (text: string) => (/^\d+$/.test(text) ? Number(text) : text);
    const values = Object.fromEntries(
      [...advice.matchAll(/(\w+): (\w+)/g)].map(([, name, text]) => [name!, read(text!)]),
    );
    const declared = await run(events, values);
    expect(declared.findings).toEqual([]);
    expect(declared.labels).toEqual(labels);
  });

  const many = (events: number, censored: number) => [
    ...Array<string>(events).fill('1'),
    ...Array<string>(censored).fill('0'),
  ];

  it.each<[string, string[], string, boolean]>([
    ['a rate of 95 %', many(38, 2), 'event', true],
    ['a rate of 90 %', many(36, 4), 'event', false],
    ['a rate of few rows', many(18, 1), 'event', false],
    ['a column of its opposite', many(2, 2), 'alive', true],
    ['a column with such a word', many(2, 2), 'isCensored', true],
    ['a column with other words', many(2, 2), 'survival_event', false],
  ])('are doubted by %s', async (_name, events, label, isDoubted) => {
    const { findings } = await run(events, undefined, { label });
    const doubts = findings.filter(({ code }) => code === 'doubtful-event');
    expect(doubts).toHaveLength(isDoubted ? 1 : 0);
    if (!isDoubted) return;
    expect(doubts[0]).toMatchObject({ severity: 'warning', column: label });
    for (const [event, censored] of [
      [0, 1],
      [1, 0],
    ] as const) {
      expect(doubts[0]!.fix).toContain(`event_values: { event: ${event}, censored: ${censored} }`);
      const declared = await run(events, { event, censored }, { label });
      expect(declared.findings).toEqual([]);
      expect(declared.labels).toEqual(events.map((text) => (text === String(event) ? '1' : '0')));
    }
  });

  it('are counted across shards, and not with shards that passed on no counts', () => {
    const doubts = (...parts: JsonValue[]) => {
      const report = createReport();
      const whole = new EventCheck();
      for (const part of parts) whole.merge(part);
      whole.finish({ report, file: 'x.csv', column: 'event' });
      return report.findings().map(({ code }) => code);
    };
    expect(doubts([0, 30], [1, 20])).toEqual(['doubtful-event']);
    expect(doubts(['1'], [1, 60])).toEqual([]);
    expect(doubts(['1'], [0, 9])).toEqual(['no-censored']);
  });
});
