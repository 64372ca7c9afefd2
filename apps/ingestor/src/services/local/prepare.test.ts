import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { withLocalFlag } from '../../stores-command.js';
import { prepareLocal } from './prepare.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-local-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('makes the folder, which git ignores, and leaves a .gitignore that exists', async () => {
  const local = join(folder, '.ingestor');
  await prepareLocal(local);
  expect(await readFile(join(local, '.gitignore'), 'utf8')).toBe('*\n');
  await writeFile(join(local, '.gitignore'), 'mine');
  await prepareLocal(local);
  expect(await readFile(join(local, '.gitignore'), 'utf8')).toBe('mine');
});

it('says where to run instead if the folder cannot be made', async () => {
  await writeFile(join(folder, '.ingestor'), 'a file');
  await mkdir(join(folder, 'sub'));
  await expect(prepareLocal(join(folder, '.ingestor'))).rejects.toMatchObject({
    code: 'local-not-writable',
    message: `--local stores in ${folder}/.ingestor, which cannot be written (ENOTDIR).`,
    fix: [expect.any(String), expect.stringContaining('STORAGE_PATH=')],
  });
  await expect(prepareLocal('/proc/none/.ingestor')).rejects.toMatchObject({ code: 'local-not-writable' });
});

it('the commands that an error advises look there too', () => {
  expect(withLocalFlag('or remove it: ingestor datasets delete t')).toBe(
    'or remove it: ingestor datasets delete --local t',
  );
  expect(withLocalFlag('Run `ingestor runs clean 1 --unfinished`, then `ingestor ingest`.')).toBe(
    'Run `ingestor runs clean --local 1 --unfinished`, then `ingestor ingest`.',
  );
});
