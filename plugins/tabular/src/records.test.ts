import { describe, expect, it } from '@jest/globals';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import { readTask, type TaskInput } from '@tracebloc/ingestor-conformance';
import { tabularClassification } from './classification.js';
import { tabularRegression } from './regression.js';

async function run(manifest: string, { task = tabularClassification, ...input }: Partial<TaskInput> & Setup = {}) {
  return readTask(task, { manifest, label: 'y', schema: { a: 'INT' }, ...input });
}

interface Setup {
  task?: typeof tabularClassification;
}

describe('records', () => {
  it('hold the stored columns in the order of the schema, converted, with label and key', async () => {
    const { records, found } = await run('id,y,b,a,k\n7,yes , x,1.0,k1\n8,no,NA,,k2\n', {
      schema: { a: 'INT', y: 'VARCHAR(9)', id: 'BIGINT', b: 'VARCHAR(9)' },
      key: 'k',
    });
    const fixed = { filename: null, extension: null, annotation: null, files: [] };
    expect(found).toEqual([['words-as-null', undefined, 'b']]);
    expect(records).toEqual([
      { row: 2, label: 'yes', key: 'k1', values: ['1', ' x'], ...fixed },
      { row: 3, label: 'no', key: 'k2', values: [null, null], ...fixed },
    ]);
  });

  it('come from JSON as well as from CSV', async () => {
    const { records, found } = await run('[{"a":1e1,"y":true},{"a":null,"y":false}]', { format: 'json' });
    expect(found).toEqual([]);
    expect(records.map(({ row, label, values }) => [row, label, ...values])).toEqual([
      [1, 'true', '10'],
      [2, 'false', null],
    ]);
  });

  it('find a label whose name differs in case, with a warning', async () => {
    const { records, found } = await run('a,Y\n1,x\n2,z\n');
    expect(found).toEqual([['column-name-differs', undefined, 'y']]);
    expect(records.map(({ label }) => label)).toEqual(['x', 'z']);
  });
});

describe('one pass finds everything', () => {
  it('missing columns, invalid cells and unlisted columns', async () => {
    const { records, found } = await run('a,extra\nabc,1\n2,2\n', { schema: { a: 'INT', gone: 'FLOAT' } });
    expect(found).toEqual([
      ['missing-column', undefined, 'y'],
      ['missing-column', undefined, 'gone'],
      ['unlisted-column', undefined, undefined],
      ['not-an-integer', 2, 'a'],
    ]);
    expect(records).toHaveLength(2);
  });

  it.each([
    ['not-a-number', 'FLOAT', 'abc'],
    ['number-overflow', 'DOUBLE', '1e400'],
    ['not-an-integer', 'INT', '1.5'],
    ['out-of-range', 'TINYINT', '128'],
    ['too-many-decimals', 'DECIMAL(5,2)', '1.234'],
    ['text-too-long', 'VARCHAR(2)', 'abc'],
    ['not-a-boolean', 'BOOLEAN', 'perhaps'],
    ['not-a-date', 'DATE', '31.02.'],
    ['not-a-datetime', 'TIMESTAMP', 'now'],
    ['not-a-time', 'TIME', 'now'],
    ['unreal-date', 'DATE', '31.02.2024'],
    ['missing-value', 'INT NOT NULL', 'NA'],
  ])('%s in a %s', async (code, type, value) => {
    const { report } = await run(`a,y\n${value},x\n${value},z\n`, { schema: { a: type } });
    expect(report.totals()).toEqual([{ code, severity: 'error', total: 2 }]);
    expect(report.findings()[0]).toMatchObject({ file: 'data', row: 2, column: 'a', value, severity: 'error' });
    expect(report.findings()[0]!.message).not.toContain(value);
  });

  it('keys that are not valid as data_id', async () => {
    const { found } = await run(`a,y,k\n1,x,\n2,z,${'k'.repeat(256)}\n`, { key: 'k' });
    expect(found).toEqual([
      ['missing-key', 2, 'k'],
      ['key-too-long', 3, 'k'],
    ]);
  });

  it('also counts the invalid cells that it does not show', async () => {
    const { report } = await run(`a,y\n${'abc,x\nabd,z\n'.repeat(5000)}`);
    expect(report.totals()).toEqual([{ code: 'not-an-integer', severity: 'error', total: 10_000 }]);
    expect(report.findings()).toHaveLength(100);
  });
});

describe('the label', () => {
  it('of a classification has at least two classes after trimming', async () => {
    expect((await run('a,y\n1,x\n2, x \n3,\n')).found).toEqual([
      ['missing-label', 4, 'y'],
      ['one-class', undefined, 'y'],
    ]);
  });

  it('is checked against its type in the schema too', async () => {
    const { found } = await run('a,y\n1,1\n2,x\n', { schema: { a: 'INT', y: 'INT' } });
    expect(found).toEqual([['not-an-integer', 3, 'y']]);
  });

  it('is not longer than the table allows', async () => {
    const { found } = await run(`a,y\n1,${'x'.repeat(256)}\n2,z\n`);
    expect(found).toEqual([['label-too-long', 2, 'y']]);
  });

  it('of a regression is a finite number, stored as one text for each value', async () => {
    const { records, found } = await run('a,y\n1, 1.50 \n2,NA\n3,abc\n4,1e400\n5,Infinity\n', {
      task: tabularRegression,
    });
    expect(records.slice(0, 2).map(({ label }) => label)).toEqual(['1.5', null]);
    expect(found).toEqual([
      ['missing-label', 3, 'y'],
      ['not-a-number', 4, 'y'],
      ['not-a-number', 6, 'y'],
      ['number-overflow', 5, 'y'],
    ]);
  });

  it('of a regression may be the same in all rows', async () => {
    expect((await run('a,y\n1,2\n2,2\n', { task: tabularRegression })).found).toEqual([]);
  });
});

it('a file that cannot be read yields only its finding', async () => {
  const { records, found } = await run('a|y\n1|x\n');
  expect(records).toEqual([]);
  expect(found).toEqual([['wrong-delimiter', 1, undefined]]);
});

it('the tasks state how the label is used and whether features may be modified', () => {
  const tasks = [tabularClassification, tabularRegression];
  expect(tasks.map(({ label, allowFeatureModification }) => [label, allowFeatureModification])).toEqual([
    [{ use: 'required', statePolicy: false }, true],
    [{ use: 'required', statePolicy: true }, false],
  ]);
});

it('the tasks send the names and types of the columns as metadata', () => {
  const columns = [
    { name: 'age', type: parseSqlType('int not null') },
    { name: 'price', type: parseSqlType('numeric(10,2)') },
  ];
  expect(tabularClassification.metadata({}, columns)).toEqual({
    number_of_columns: 2,
    schema: { age: 'INT', price: 'DECIMAL(10,2)' },
  });
});
