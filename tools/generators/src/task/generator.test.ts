import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FsTree } from '@nx/devkit/internal';
import generateTask from './generator.js';
import type { TaskOptions } from './names.js';
import { Workspace } from './workspace.test-support.js';

const TSC = 'node_modules/typescript/bin/tsc';
const JEST = 'node_modules/jest/bin/jest.js';
const NX = 'node_modules/nx/dist/bin/nx.js';
/** The plugins that the tasks below are generated into. */
const PLUGINS = ['plugins/leaves', 'plugins/ranking', 'plugins/tabular'];

let workspace: Workspace;
beforeAll(() => {
  workspace = new Workspace();
});
afterAll(() => workspace.remove());

const read = (path: string) => readFileSync(join(workspace.root, path), 'utf8');
const exists = (path: string) => existsSync(join(workspace.root, path));

/** Generates a task in memory, as nx does; `write` brings it to the disk. */
async function generate(format: string, task: string, kind: TaskOptions['kind'] = 'table') {
  const tree = new FsTree(workspace.root, false);
  await generateTask(tree, { format, task, kind, skipInstall: true });
  const write = () => {
    for (const { path, content } of tree.listChanges()) workspace.write(path, content!);
  };
  return { write };
}

/** Writes the files that a page of docs/ shows, each below a line that names it in backquotes. */
function copyFrom(page: string): void {
  const blocks = [...read(page).matchAll(/^`((?:plugins|tools)\/[^`]+)`:\n\n```\w+\n([^]*?)^```$/gm)];
  expect(blocks).not.toHaveLength(0);
  for (const [, path, content] of blocks) workspace.write(path!, content!);
}

describe('the generator of tasks', () => {
  it('makes a plugin with a task, and writes nothing before nx does', async () => {
    const { write } = await generate('leaves', 'leaf_species');
    expect(exists('plugins/leaves')).toBe(false);
    write();
    expect(read('plugins/leaves/src/index.ts')).toContain('tasks: [leafSpecies]');
    workspace.link('leaves');
  });

  it('adds a task of images and masks to it, with the library that it needs', async () => {
    (await generate('leaves', 'leaf_segments', 'images')).write();
    expect(read('plugins/leaves/package.json')).toContain('"@tracebloc/ingestor-images"');
    expect(read('plugins/leaves/src/index.ts')).toContain('tasks: [leafSpecies, leafSegments]');
  });

  it('adds a task of files to a plugin that exists', async () => {
    (await generate('tabular', 'leaf_notes', 'files')).write();
    expect(read('plugins/tabular/src/index.ts')).toMatch(
      /tasks: \[tabularClassification, tabularRegression, leafNotes\]/,
    );
  });

  it('is started by nx, and makes what docs/new-task.md turns into a task about rankings', () => {
    const made = workspace.run(NX, [
      'g',
      '@tracebloc/ingestor-tools:task',
      'ranking',
      'document_ranking',
      '--skip-install',
    ]);
    expect(made).toContain('CREATE plugins/ranking/src/document-ranking.ts');
    expect(made).toContain('Next:\n  npm install');
    workspace.link('ranking');
    copyFrom('docs/new-task.md');
    workspace.run('tools/samples/ranking.ts');
    const samples = 'plugins/ranking/samples/document-ranking';
    workspace.write(`${samples}/test.yaml`, read(`${samples}/train.yaml`).replaceAll('train', 'test'));
  });

  it('makes tasks of every kind that compile together', () => {
    workspace.run(TSC, ['-b', ...PLUGINS]);
  });

  it.each(PLUGINS)('makes tasks that conform, with tests that pass: %s', (cwd) => {
    // The tasks that tabular had before are tested there.
    const tests = ['--testNamePattern', '^(?!tabular_)', '--testPathPatterns', 'conformance', 'leaf-', 'document-'];
    const tested = workspace.run(JEST, ['--ci', '--runInBand', ...tests], { cwd });
    expect(tested).toMatch(/^Tests: +(\d+ skipped, )?\d+ passed, \d+ total$/m);
  });

  it.each([
    { format: 'leaves', task: 'leaf-species', table: 'leaf_species_train' },
    { format: 'leaves', task: 'leaf-segments', table: 'leaf_segments_train', file: 'leaf-01_mask.png' },
    { format: 'tabular', task: 'leaf-notes', table: 'leaf_notes_train', file: 'leaf-01.txt' },
    { format: 'ranking', task: 'document-ranking', table: 'document_ranking_train' },
  ])('makes a sample that is ingested as it is: $task', ({ format, task, table, file }) => {
    const config = `plugins/${format}/samples/${task}/train.yaml`;
    const env = { CLIENT_ENV: 'local', STORAGE_PATH: join(workspace.root, 'storage') };
    const ingested = workspace.run('apps/ingestor/bin/run.js', ['ingest', '--config', config], { env });
    expect(ingested).toContain(`${table} is ingested`);
    if (file !== undefined) expect(exists(`storage/${table}/${file}`)).toBe(true);
  });

  it('leaves everything in the form that the formatter and the linter ask for', () => {
    workspace.run('node_modules/prettier/bin/prettier.cjs', ['--check', ...PLUGINS, 'tsconfig.json', 'tools/samples']);
    // What tabular had before is linted there.
    const added = ['index', 'leaf-notes', 'leaf-notes.test'].map((name) => `plugins/tabular/src/${name}.ts`);
    workspace.run('node_modules/eslint/bin/eslint.js', ['--max-warnings', '0', ...PLUGINS.slice(0, 2), ...added]);
  });

  it.each([
    { format: 'Leaves', task: 'leaf_kind', message: /format "Leaves" must be in kebab-case[^]*Did you mean leaves\?/ },
    { format: '../x', task: 'leaf_kind', message: /format "..\/x" must be in kebab-case/ },
    {
      format: 'leaves',
      task: 'leafKind',
      message: /task "leafKind" must be in snake_case[^]*Did you mean leaf_kind\?/,
    },
    { format: 'leaves', task: 'leaf', message: /of two words at least/ },
    { format: 'trees', task: 'tabular_regression', message: /exists, in plugins\/tabular\/src\/regression.ts/ },
  ])('refuses $format $task and says why', async ({ format, task, message }) => {
    await expect(generate(format, task)).rejects.toThrow(message);
  });

  it('has a template for each kind that nx accepts, and no other', () => {
    const { properties } = JSON.parse(read('tools/generators/src/task/schema.json')) as {
      properties: { kind: { enum: string[] } };
    };
    const templates = readdirSync(join(workspace.root, 'tools/generators/templates'));
    expect([...properties.kind.enum, 'plugin'].sort()).toEqual(templates.sort());
  });
});
