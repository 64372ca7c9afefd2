import { describe, expect, it } from '@jest/globals';
import { parseSqlType } from '@tracebloc/ingestor-contract';
import { readTable } from '../columns/columns.test-support.js';
import { ClassCheck } from '../records/labels.js';
import { numericTarget } from '../records/target.js';
import { compileLabel } from './label.js';

describe('labels that are one value are one text', () => {
  it.each<[type: string, texts: string[], label: string]>([
    ['INT', ['1', '1.0', '01', '+1', '1e0', ' 1 '], '1'],
    ['FLOAT', ['1', '1.0', '01', '+1', '1e0', '1.'], '1'],
    ['DOUBLE', ['100', '100.0', '1e2', '+100.00', '0100'], '100'],
    ['DOUBLE', ['-0.5', '-.5', '-5e-1', '-0.50'], '-0.5'],
    ['DOUBLE', ['0', '-0', '0.0', '0e5', '+0'], '0'],
    ['DECIMAL(8,2)', ['12.5', '12.50', '012.5', '1.25e1'], '12.5'],
    ['BOOLEAN', ['yes', 'Yes', 'TRUE', 't', '1', '1.0'], '1'],
    ['BOOLEAN', ['no', 'F', 'false', '0', '0.0'], '0'],
    ['DATE', ['2024-01-31', '31.01.2024', '01/31/2024', '2024-01-31 00:00:00'], '2024-01-31'],
    ['TIMESTAMP', ['2024-01-31 08:30', '2024-01-31T08:30:00Z', '2024-01-31 09:30+01:00'], '2024-01-31 08:30:00'],
  ])('of %s: %j', (type, texts, label) => {
    const check = compileLabel(parseSqlType(type), {});
    expect(texts.map(check)).toEqual(texts.map(() => label));
  });

  it('keeps all digits of a number', () => {
    const check = compileLabel(parseSqlType('DOUBLE'), {});
    expect(check('0.12345678901234567890')).toBe('0.1234567890123456789');
    expect(check('1e300')).toBe(check('10e299'));
  });

  it('is read with the options of the file', () => {
    const check = compileLabel(parseSqlType('DOUBLE'), { decimal: ',', thousands: '.' });
    expect(['1.234,50', '1234,5', '1.234,500'].map(check)).toEqual(['1234.5', '1234.5', '1234.5']);
  });
});

describe('labels of a table', () => {
  const classes = (content: string, type: string) =>
    readTable(content, { a: 'INT', y: type }, {}, { label: 'y', labelCheck: new ClassCheck() });

  it.each([
    ['INT', '1', '1.0', '01'],
    ['FLOAT', '1', '1.0', '01'],
    ['BOOLEAN', 'yes', 'Yes', 'TRUE'],
  ])('declared %s are one class', async (type, ...texts) => {
    const one = await classes(`a,y\n${texts.map((text) => `5,${text}\n`).join('')}`, type);
    expect(one.labels).toEqual(['1', '1', '1']);
    expect(one.found.map(([code]) => code)).toEqual(['one-class']);
    const two = await classes(`a,y\n${[...texts, '0'].map((text) => `5,${text}\n`).join('')}`, type);
    expect(two.labels).toEqual(['1', '1', '1', '0']);
    expect(two.found).toEqual([]);
  });

  it('declared as text, or not at all, stay as written', async () => {
    const content = 'a,y\n5,1\n5,1.0\n5,01\n';
    expect((await classes(content, 'VARCHAR(8)')).labels).toEqual(['1', '1.0', '01']);
    const options = { label: 'y', labelCheck: new ClassCheck() };
    expect((await readTable(content, { a: 'INT' }, {}, options)).labels).toEqual(['1', '1.0', '01']);
  });

  it('that are the number of a task have one text for each value', async () => {
    const options = { label: 'y', labelCheck: numericTarget };
    const { labels, found } = await readTable('a,y\n5,100\n5,100.0\n5,1e2\n5,x\n', { a: 'INT' }, {}, options);
    expect(labels.slice(0, 3)).toEqual(['100', '100', '100']);
    expect(found.map(([code]) => code)).toEqual(['not-a-number']);
  });
});
