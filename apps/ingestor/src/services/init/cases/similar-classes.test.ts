import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lines, yamlOf } from './advised.test-support.js';
import { Desk } from './cases.test-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.make();
});
afterAll(() => desk.remove());

const tableOf = (labels: readonly string[]) => lines('v,y', ...labels.map((label, index) => `${index}.5,${label}`));
const similar = async () => (await desk.findings()).filter(({ code }) => code === 'similar-classes');

describe('classes that are written in several ways are told, and the declared type makes one of them', () => {
  it.each([
    ['numbers', ['1', '1.0', '01', '2'], 'INT', ['1', '1', '1', '2']],
    ['fractions', ['0.5', '.50', '5e-1', '2'], 'DOUBLE', ['0.5', '0.5', '0.5', '2']],
    ['truth values', ['yes', 'Yes', 'TRUE', 'no'], 'BOOLEAN', ['1', '1', '1', '0']],
  ])('%s', async (_, written, type, classes) => {
    await desk.configure(tableOf(written), yamlOf({ v: 'FLOAT' }, []));
    const [finding, ...others] = await similar();
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'warning',
      column: 'y',
      value: written.slice(0, 3).join(', '),
      fix: expect.stringContaining(`declare the column ${type} in \`schema\``),
    });
    await desk.configure(tableOf(written), yamlOf({ v: 'FLOAT', y: type }, []));
    expect(await similar()).toEqual([]);
    expect((await desk.rows()).map(([label]) => label)).toEqual(classes);
  });

  it('but not if the label is declared as text, as the finding says', async () => {
    const written = ['1', '1.0', '2'];
    await desk.configure(tableOf(written), yamlOf({ v: 'FLOAT' }, []));
    expect((await similar())[0]!.fix).toContain('If they are different classes, declare the column VARCHAR(255).');
    await desk.configure(tableOf(written), yamlOf({ v: 'FLOAT', y: 'VARCHAR(255)' }, []));
    expect(await similar()).toEqual([]);
    expect((await desk.rows()).map(([label]) => label)).toEqual(written);
    // It says nothing of spellings.
    await desk.configure(tableOf(['Cat', 'cat', 'cow']), yamlOf({ v: 'FLOAT', y: 'VARCHAR(255)' }, []));
    expect(await similar()).toMatchObject([{ value: 'Cat, cat' }]);
  });

  it('words of which only the case or a space differs', async () => {
    const written = ['Cat', 'cat', 'big  dog', 'big dog', 'cow'];
    await desk.configure(tableOf(written), yamlOf({ v: 'FLOAT' }, []));
    expect((await similar()).map(({ value, fix }) => [value, fix])).toEqual(
      ['Cat, cat', 'big  dog, big dog'].map((value) => [
        value,
        'If they are one class, write them alike. If they are different classes, leave them.',
      ]),
    );
    expect((await desk.rows()).map(([label]) => label)).toEqual(written);
    await desk.configure(tableOf(['cat', 'cat', 'big dog', 'big dog', 'cow']), yamlOf({ v: 'FLOAT' }, []));
    expect(await similar()).toEqual([]);
  });

  it.each([[['1', '2', '10']], [['a', 'b', 'ab']], [['yes', 'no']], [['1', 'one']]])('but not %j', async (labels) => {
    await desk.configure(tableOf(labels), yamlOf({ v: 'FLOAT' }, []));
    expect(await similar()).toEqual([]);
  });
});
