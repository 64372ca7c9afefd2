import { stripVTControlCharacters } from 'node:util';
import { expect, it } from '@jest/globals';
import { renderInstalled, renderPlugins, renderScriptsNotRun } from './plugins.js';

const plugin = { name: 'ingestor-plugin-x', version: '1.2.0', tasks: ['one', 'two'] };

it('names what was installed with its tasks', () => {
  expect(renderInstalled(plugin)).toBe('Installed ingestor-plugin-x 1.2.0: one, two');
  expect(renderInstalled({ ...plugin, tasks: [] })).toBe('Installed ingestor-plugin-x 1.2.0: no tasks');
});

it('names the flags for the scripts that were not run, and shows only printable characters', () => {
  expect(renderScriptsNotRun(plugin)).toBeUndefined();
  expect(renderScriptsNotRun({ ...plugin, scriptsNotRun: ['a', 'b\u001b[31m'] })).toMatch(
    /trust them, install it with --allow-scripts a --allow-scripts b\\u001b\[31m$/,
  );
});

it('the installed and the available plugins are listed with what they bring, in 80 columns', () => {
  const where = { origin: 'bundled', root: '/r' } as const;
  const table = {
    name: 'tabular',
    friendlyName: 'tabular',
    tasks: ['tabular_classification', 'tabular_regression'],
    tables: [],
  };
  const job = { name: 'job', friendlyName: 'job', tasks: [], tables: [], commands: ['job'] };
  const list = {
    installed: [
      { ...table, commands: [], version: '1.0.0', ...where },
      { name: 'x', friendlyName: 'x', tasks: [], tables: [], commands: [], ...where, problem: 'x failed to load.' },
    ],
    available: [
      { ...job, install: 'ingestor plugins install job' },
      { ...job, name: 'p', friendlyName: 'parquet', tables: ['parquet'], commands: [], install: 'i' },
    ],
  };
  expect(stripVTControlCharacters(renderPlugins(list)).split('\n')).toEqual([
    'PLUGIN   VERSION  FROM     BRINGS',
    'tabular  1.0.0    bundled  tabular_classification',
    '                           tabular_regression',
    'x        unknown  bundled  nothing',
    '',
    '✖ x failed to load.',
    '',
    'TO INSTALL  BRINGS',
    'job         the commands of ingestor job',
    'parquet     the table format parquet',
    '',
    'To install one: ingestor plugins install job',
  ]);
  expect(renderPlugins({ installed: [], available: [] })).toBe('No plugin is installed.');
});
