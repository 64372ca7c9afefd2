import { expect, it } from '@jest/globals';
import { renderInstalled, renderScriptsNotRun } from './plugins.js';

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
