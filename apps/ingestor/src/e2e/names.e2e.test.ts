import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { IngestResult, ValidationResult } from '@tracebloc/ingestor-pipeline';
import { documentOf, yamlOf, World } from '@tracebloc/ingestor-testing/command';

/** Names in a CSV header that end a quoted name, a string, a statement or a comment, or have a meaning for a driver. */
const NAMES = [
  ...['a`b', '``', '`; DROP TABLE kept; -- x', "it's", '"quoted"', 'a;b', '--', '/* x */', '# x', '100%', 'really?'],
  ...[
    ':name',
    '$1',
    '$$',
    '${x}',
    'back\\slash',
    'a,b',
    'b|c',
    'a.b',
    'tab\tinside',
    'line\nbreak',
    'select',
    'größe',
    '漢字',
  ],
  ...['PRAGMA INDEX_LIST', 'create temporary table', '%s', '{0}', '@@version', 'x'.repeat(64)],
];
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

let world: World;

/** Each cell contains the name of its column, after a number that distinguishes the records. */
beforeAll(async () => {
  world = await World.start();
  const rows = ['p', 'q', 'q'].map((label, i) => [...NAMES.map((name) => `${i} ${name}`), label]);
  const lines = [[...NAMES, 'y'], ...rows].map((cells) => cells.map(quoted).join(','));
  await world.write('hostile.csv', `${lines.join('\n')}\n`);
  await world.write('good.csv', 'a,b,y\n1,x,p\n2,z,q\n');
  await world.write('kept.yaml', yamlOf({ table: 'kept' }));
  const schema = Object.fromEntries(NAMES.map((name) => [name, 'VARCHAR(80)']));
  await world.write('hostile.yaml', yamlOf({ table: 'hostile', csv: 'hostile.csv', schema }));
});
afterAll(() => world.stop());

it.each(['MariaDB', 'the embedded database'])(
  'columns keep the names of the header from the file to the deletion of the dataset, in %s',
  async (where) => {
    const env =
      where === 'MariaDB' ? world.remote : { ...world.remote, ...world.embedded, CLIENT_ENV: 'prod', MYSQL_HOST: '' };
    const run = async (...args: string[]) => {
      const ended = await world.run([...args, '--json'], env);
      expect([args, ended.code, ended.stderr]).toEqual([args, 0, expect.any(String)]);
      return documentOf(ended);
    };
    const tables = async () => {
      const { tables } = await world.traces();
      return where === 'MariaDB' ? tables : world.embeddedTables();
    };
    await run('ingest', '-c', 'kept.yaml');
    const { kept } = await tables();

    await run('ingest', '-c', 'hostile.yaml');
    for (const [i, row] of (await tables()).hostile!.rows.entries()) {
      expect(NAMES.map((name) => row[name])).toEqual(NAMES.map((name) => `${i} ${name}`));
    }
    expect(Object.keys(world.backend.tables.hostile!.schema!).slice(-NAMES.length)).toEqual(NAMES);
    expect(await run('datasets', 'verify', 'hostile')).toMatchObject({ whole: true });
    await run('datasets', 'delete', 'hostile', '--yes');

    const after = await tables();
    expect(after.hostile).toBeUndefined();
    expect(after.kept).toEqual(kept);
    expect(world.backend.violations).toEqual([]);
  },
);

const TOKENIZER = '{"model": {"type": "WordLevel", "vocab": {"[PAD]": 0, "text": 1}}}';

it('texts with unusual names arrive whole, beside the tokenizer; what is unusual about the set is a warning', async () => {
  const rows = ['two words.txt,p', 'Größe,q', 'cafe\u0301.txt,p', 'letter.2024.txt,q', 'UPPER.TXT,p', 'letter.2024,p'];
  const stored = ['two words', 'Größe', 'caf\u00e9', 'letter.2024', 'UPPER', 'letter.2024'];
  const files: Record<string, string> = {
    'labels.csv': `filename,label\na,p\nb.txt,q\n${rows.join('\n')}\n`,
    'texts/a.txt': 'A text.',
    'texts/b.txt': 'Another.',
    'texts/two words.txt': 'two words',
    'texts/Größe.txt': '\ufeffGröße',
    'texts/caf\u00e9.txt': 'café',
    'texts/letter.2024.txt': 'letter',
    'texts/UPPER.TXT': 'upper',
    'texts/notes.md': '',
    'texts/.DS_Store': '',
    'tokenizer.json': TOKENIZER,
    'ingest.yaml': yamlOf({ category: 'text_classification', csv: 'labels.csv', label: 'label', schema: {} }).replace(
      'schema:\n',
      '',
    ),
  };
  await mkdir(join(world.folder, 'set', 'texts'), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(world.folder, 'set', name), content);
  await symlink('a.txt', join(world.folder, 'set', 'texts', 'inside.txt'));
  const ended = await world.run(['ingest', '-c', 'set/ingest.yaml', '--json'], world.embedded);
  expect(ended).toMatchObject({ code: 0 });
  const { inserted, validation } = documentOf<IngestResult & { validation: ValidationResult }>(ended);
  expect(inserted).toBe(8);
  expect(validation.findings).toMatchObject([
    { code: 'repeated-file', row: 9, value: 'letter.2024' },
    { code: 'unnamed-file', message: expect.stringMatching(/^2 of 9 .*: inside\.txt and notes\.md\.$/) as unknown },
  ]);

  expect(world.embeddedTables().fresh!.rows.map(({ filename, extension }) => [filename, extension])).toEqual(
    ['a', 'b', ...stored].map((stem) => [stem, '.txt']),
  );
  const folder = join(world.storage, 'fresh');
  const names = [...new Set(['a', 'b', ...stored])].map((stem) => `${stem}.txt`);
  expect((await readdir(folder)).sort()).toEqual([...names, 'tokenizer.json'].sort());
  expect(await readFile(join(folder, 'caf\u00e9.txt'), 'utf8')).toBe('café');
  expect(await readFile(join(folder, 'Größe.txt'), 'utf8')).toBe('\ufeffGröße');
  expect(await readFile(join(folder, 'tokenizer.json'), 'utf8')).toBe(TOKENIZER);
});
