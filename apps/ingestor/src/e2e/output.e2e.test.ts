import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ExitCode } from '@tracebloc/ingestor-core';
import { serverProduct } from '@tracebloc/ingestor-testing';
import { BIN, type Ended, type Env, GOOD_CSV, yamlOf, World } from '@tracebloc/ingestor-testing/command';
import { runAll } from './many-commands.test-support.js';

let world: World;

beforeAll(async () => {
  world = await World.start();
  await world.write('good.csv', GOOD_CSV);
  await world.write('bad.csv', 'a,b,y\nabc,x,p\n2,far too long,q\n');
  await world.write('good.yaml', yamlOf({ table: 'good' }));
  await world.write('bad.yaml', yamlOf({ table: 'bad', csv: 'bad.csv' }));
  await world.write('wrong.yaml', yamlOf({ table: 'wrong', intent: 'trian' }));
});
afterAll(() => world.stop());

describe('--json prints one document, with the log beside it on stderr:', () => {
  /** The commands run in this order: the first creates the dataset that others read. */
  const COMMANDS: { args: string[]; code: number; document: unknown }[] = [
    { args: ['ingest', '-c', 'good.yaml'], code: 0, document: { outcome: 'ingested', inserted: 3 } },
    { args: ['ingest', '-c', 'good.yaml'], code: 0, document: { outcome: 'unchanged' } },
    { args: ['ingest', '-c', 'bad.yaml'], code: 3, document: { outcome: 'invalid', validation: { errors: 2 } } },
    { args: ['ingest', '-c', 'wrong.yaml'], code: 2, document: { error: { code: 'invalid-configuration' } } },
    { args: ['ingest', '--bogus'], code: 2, document: { error: { code: 'wrong-usage', exitCode: 2 } } },
    { args: ['validate', '-c', 'good.yaml'], code: 0, document: { valid: true, found: 3 } },
    { args: ['validate', '-c', 'bad.yaml'], code: 3, document: { valid: false, errors: 2 } },
    { args: ['validate', '-c', 'gone.yaml'], code: 2, document: { error: { code: 'invalid-configuration' } } },
    {
      args: ['tasks'],
      code: 0,
      document: [
        { id: 'causal_language_modeling' },
        { id: 'image_classification' },
        { id: 'keypoint_detection' },
        { id: 'masked_language_modeling' },
        { id: 'object_detection' },
        { id: 'semantic_segmentation' },
        { id: 'sentence_pair_classification' },
        { id: 'seq2seq' },
        { id: 'tabular_classification' },
        { id: 'tabular_regression' },
        { id: 'text_classification' },
        { id: 'time_series_classification' },
        { id: 'time_series_forecasting' },
        { id: 'time_to_event_prediction' },
        { id: 'token_classification' },
      ],
    },
    { args: ['tasks', 'tabular_regression'], code: 0, document: [{ id: 'tabular_regression' }] },
    { args: ['tasks', 'telepathy'], code: 2, document: { error: { code: 'unknown-task' } } },
    { args: ['config', 'show', '-c', 'good.yaml'], code: 0, document: { values: expect.anything(), warnings: [] } },
    { args: ['config', 'show', '-c', 'wrong.yaml'], code: 2, document: { error: { code: 'invalid-configuration' } } },
    { args: ['config', 'schema'], code: 0, document: { $schema: expect.any(String), properties: expect.anything() } },
    { args: ['datasets', 'list'], code: 0, document: [{ table: 'good', records: 3 }] },
    {
      args: ['datasets', 'show', 'good'],
      code: 0,
      document: { table: 'good', labels: [{ label: 'q', records: 2 }, {}] },
    },
    { args: ['datasets', 'show', 'gone'], code: 1, document: { error: { code: 'unknown-dataset' } } },
    {
      args: ['split', 'good.csv', '--time', 'a', '--group-by', 'b'],
      code: 2,
      document: { error: { code: 'wrong-usage' } },
    },
    { args: ['datasets', 'show'], code: 2, document: { error: { code: 'wrong-usage' } } },
    { args: ['datasets', 'delete', 'good'], code: 2, document: { error: { code: 'not-confirmed' } } },
    { args: ['datasets', 'delete', 'gone', '--yes'], code: 1, document: { error: { code: 'unknown-dataset' } } },
    { args: ['datasets', 'delete', 'good', '--yes'], code: 0, document: { deleted: { table: 'good' } } },
  ];

  let answered: Ended[];

  beforeAll(async () => {
    const env = { ...world.local, LOG_LEVEL: 'DEBUG' };
    const called = COMMANDS.map(({ args }) => ({ args: [...args, '--json'], env }));
    answered = await runAll(called, world.folder);
  });

  it.each(COMMANDS.map((command, index) => ({ ...command, index })))('$args', ({ args, code, document, index }) => {
    const ended = answered[index]!;
    expect(ended.code).toBe(code);
    expect(JSON.parse(ended.stdout)).toMatchObject(document as object);
    if (args[0] === 'ingest' && code !== ExitCode.usage)
      expect(ended.stderr).toContain(`Z INFO    Connected to ${serverProduct}`);
    if (code === ExitCode.failed || code === ExitCode.usage) expect(ended.stderr).toMatch(/^Error: /m);
    const clean = args[0] === 'ingest' && code === ExitCode.ok;
    const last = ended.stderr.trimEnd().split('\n').at(-1);
    expect(last === 'All records processed successfully').toBe(clean);
  });
});

it('a command that does not exist is wrong usage', async () => {
  const ended = await world.run(['ingets']);
  expect(ended).toMatchObject({ code: ExitCode.usage, stdout: '' });
  expect(ended.stderr).toBe('Error: "ingets" is not a command.\n\n  Did you mean `ingestor ingest`?\n');
});

describe('colours', () => {
  const COMMANDS = [['validate', '-c', 'bad.yaml'], ['tasks'], ['datasets', 'list'], ['ingest', '-c', 'wrong.yaml']];
  // Anything that begins with ESC.
  const escapes = ({ stdout, stderr }: Pick<Ended, 'stdout' | 'stderr'>) => (stdout + stderr).includes('\u001b');

  it('are not printed without a terminal', async () => {
    const called = COMMANDS.map((args) => ({ args, env: world.local }));
    for (const ended of await runAll(called, world.folder)) {
      expect(ended.stdout + ended.stderr).not.toBe('');
      expect(escapes(ended)).toBe(false);
    }
  });

  /** Runs the command on a new terminal. */
  const onTerminal = (args: string[], env: Env): string =>
    execFileSync('script', ['-qec', [process.execPath, BIN, ...args].join(' '), '/dev/null'], {
      cwd: world.folder,
      env: { PATH: process.env.PATH, HOME: world.folder, TERM: 'xterm-256color', ...world.local, ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  it('are printed on a terminal, unless NO_COLOR is set', () => {
    expect(onTerminal(['tasks'], {})).toContain('\u001b[1mtabular_classification');
    const plain = onTerminal(['tasks'], { NO_COLOR: '1' });
    expect(plain).toContain('tabular_classification');
    expect(escapes({ stdout: plain, stderr: '' })).toBe(false);
  });

  it('a terminal gets a progress bar', () => {
    const shown = onTerminal(['ingest', '-c', 'good.yaml'], {});
    expect(shown).toMatch(/Validating and staging .*100% \| 3 records/);
    expect(shown).toContain('All records processed successfully');
  });
});
