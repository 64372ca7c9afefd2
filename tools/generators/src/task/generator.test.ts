import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Workspace } from './workspace.test-support.js';

const TSC = 'node_modules/typescript/bin/tsc';
const JEST = 'node_modules/jest/bin/jest.js';
const NX = 'node_modules/nx/dist/bin/nx.js';

let workspace: Workspace;
beforeAll(() => {
  workspace = new Workspace();
});
afterAll(() => workspace.remove());

const generate = (...args: string[]) => workspace.run(NX, ['g', '@tracebloc/ingestor-tools:task', ...args]);
const read = (path: string) => readFileSync(join(workspace.root, path), 'utf8');

/** Compiles the plugin, runs the conformance kit and the task's tests, and ingests the sample. */
function tryOut(format: string, task: string): string {
  const root = `plugins/${format}`;
  workspace.run(TSC, ['-b', root]);
  workspace.run(JEST, ['--ci', 'conformance', task], { cwd: root });
  return workspace.run('apps/ingestor/bin/run.js', ['ingest', '--config', `${root}/samples/${task}/train.yaml`], {
    env: { CLIENT_ENV: 'local', STORAGE_PATH: join(workspace.root, 'storage') },
  });
}

/** Writes the files that a page of docs/ shows, each below a line that names it in backquotes. */
function copyFrom(page: string): void {
  const blocks = [...read(page).matchAll(/^`((?:plugins|tools)\/[^`]+)`:\n\n```\w+\n([^]*?)^```$/gm)];
  expect(blocks).not.toHaveLength(0);
  for (const [, path, content] of blocks) workspace.write(path!, content!);
}

describe('nx g @tracebloc/ingestor-tools:task', () => {
  it('shows with --dry-run what it would make', () => {
    expect(generate('leaves', 'leaf_species', '--dry-run')).toContain('CREATE plugins/leaves/src/leaf-species.ts');
    expect(existsSync(join(workspace.root, 'plugins/leaves'))).toBe(false);
  });

  it('makes a plugin that compiles, conforms and ingests its sample as it is', () => {
    expect(generate('leaves', 'leaf_species', '--skip-install')).toContain('Next:\n  npm install');
    workspace.link('leaves');
    expect(tryOut('leaves', 'leaf-species')).toContain('leaf_species_train is ingested');
  });

  it('adds a task, here of files, to a plugin that exists', () => {
    generate('tabular', 'leaf_notes', '--kind', 'files');
    expect(read('plugins/tabular/src/index.ts')).toMatch(
      /tasks: \[tabularClassification, tabularRegression, leafNotes\]/,
    );
    expect(tryOut('tabular', 'leaf-notes')).toContain('leaf_notes_train is ingested');
    expect(existsSync(join(workspace.root, 'storage/leaf_notes_train/leaf-01.txt'))).toBe(true);
  });

  it('adds a task of images and masks, with the library that it needs', () => {
    generate('leaves', 'leaf_segments', '--kind', 'images');
    expect(read('plugins/leaves/package.json')).toContain('"@tracebloc/ingestor-images"');
    expect(tryOut('leaves', 'leaf-segments')).toContain('leaf_segments_train is ingested');
    expect(existsSync(join(workspace.root, 'storage/leaf_segments_train/leaf-01.mask.png'))).toBe(true);
  });

  it('makes what docs/new-task.md turns into a task of its own', () => {
    generate('ranking', 'document_ranking', '--skip-install');
    workspace.link('ranking');
    copyFrom('docs/new-task.md');
    workspace.run('tools/samples/ranking.ts');
    const samples = 'plugins/ranking/samples/document-ranking';
    workspace.write(`${samples}/test.yaml`, read(`${samples}/train.yaml`).replaceAll('train', 'test'));
    workspace.run(TSC, ['-b', 'plugins/ranking']);
    expect(tryOut('ranking', 'document-ranking')).toContain('document_ranking_train is ingested');
  });

  it('leaves everything in the form that the formatter and the linter ask for', () => {
    const made = ['plugins/leaves', 'plugins/ranking', 'plugins/tabular', 'tsconfig.json', 'tools/samples'];
    workspace.run('node_modules/prettier/bin/prettier.cjs', ['--check', ...made]);
    workspace.run('node_modules/eslint/bin/eslint.js', ['--max-warnings', '0', ...made.slice(0, 3)]);
  });

  it.each([
    [['Leaves', 'leaf_kind'], /format "Leaves" must be in kebab-case[^]*Did you mean leaves\?/],
    [['../x', 'leaf_kind'], /format "..\/x" must be in kebab-case/],
    [['leaves', 'leafKind'], /task "leafKind" must be in snake_case[^]*Did you mean leaf_kind\?/],
    [['leaves', 'leaf'], /of two words at least/],
    [['trees', 'tabular_regression'], /exists, in plugins\/tabular\/src\/regression.ts/],
    [['leaves', 'leaf_kind', '--kind', 'sound'], /kind/],
  ])('refuses %j and says why', (args, message) => {
    expect(() => generate(...args)).toThrow(message);
  });
});
