import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Config } from '@oclif/core';
import { loadHost } from '../plugins/host.js';
import { unknownCommand } from './unknown-command.js';

let config: Config;
let folder: string;
beforeAll(async () => {
  config = await Config.load(await loadHost(process.cwd()));
  folder = await mkdtemp(join(tmpdir(), 'ingestor-unknown-'));
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  ['ingset', '"ingset" is not a command.', 'Did you mean `ingestor ingest`?'],
  ['valdate x.yaml', '"valdate" is not a command.', 'Did you mean `ingestor validate`?'],
  ['dataset list', '"dataset" is not a command.', 'Did you mean `ingestor datasets list`?'],
  ['datasets lst', '"lst" is not a command of ingestor datasets.', 'Did you mean `ingestor datasets list`?'],
  ['dataset shw penguins', '"dataset" is not a command.', 'Did you mean `ingestor datasets show`?'],
  ['show dataset x', '"show" is not a command.', 'Did you mean `ingestor datasets show`?'],
  [
    'list',
    '"list" is not a command.',
    'Did you mean `ingestor datasets list` or `ingestor plugins list` or `ingestor runs list`?',
  ],
  ['config xyz', '"xyz" is not a command of ingestor config.', 'The commands of ingestor config are schema and show.'],
  ['config shwo', '"shwo" is not a command of ingestor config.', 'Did you mean `ingestor config show`?'],
])('%s', (typed, message, fix) => {
  expect(unknownCommand(config, typed.split(' '))).toMatchObject({ code: 'unknown-command', message, fix: [fix] });
});

it('what is near no command gets the list of commands', () => {
  const { fix } = unknownCommand(config, ['telepathy']);
  expect(fix).toEqual([expect.stringMatching(/^The commands are autocomplete, config, .*, tasks and validate\.$/)]);
});

it('a file instead of a command gets the command that takes it', async () => {
  for (const [name, command] of [
    ['data.yaml', 'To check it: ingestor validate'],
    ['data.csv', 'To describe it: ingestor init'],
  ]) {
    const file = join(folder, name!);
    await writeFile(file, '');
    expect(unknownCommand(config, [file]).fix).toEqual([`${command!} ${file}`]);
  }
});
