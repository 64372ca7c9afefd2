import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { documentOf, type Row, World } from '@tracebloc/ingestor-testing/command';
import { CommandSession } from './many-commands.test-support.js';

const PLANTS = fileURLToPath(new URL('../../../../plugins/semantic-segmentation/samples/plants', import.meta.url));

let world: World;
let session: CommandSession;

beforeAll(async () => {
  world = await World.start({ mariaDb: {} });
  session = new CommandSession(world.folder);
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

const stores = [
  ['MariaDB', () => world.local],
  ['the embedded database', () => world.embedded],
] as const;

const linesOf = (half: string) =>
  readFileSync(join(PLANTS, half, 'labels.csv'), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1);

describe.each(stores)('in %s, images with masks', (name, envOf) => {
  const storage = () => join(world.storage, name === 'MariaDB' ? 'mariadb' : 'embedded');
  const run = (...args: string[]) => session.run(args, { ...envOf(), STORAGE_PATH: storage() });
  const rowsOf = async (table: string): Promise<Row[]> => {
    const tables = name === 'MariaDB' ? (await world.traces()).tables : world.embeddedTables(storage());
    return [...tables[table]!.rows].sort((a, b) => Number(a.id) - Number(b.id));
  };

  it('are rows with mask_id and label, and files under their names, unchanged where they need no change', async () => {
    const ended = await run('ingest', '-c', join(PLANTS, 'train.yaml'));
    expect(ended).toMatchObject({ code: 0 });
    const rows = (await rowsOf('plants_train')).map((row) => [row.filename, row.extension, row.mask_id, row.label]);
    const wanted = linesOf('train').map((line) => line.split(','));
    expect(rows).toEqual(wanted.map(([file, mask, kind]) => [file!.replace('.jpg', ''), '.jpg', mask, kind]));

    const stored = join(storage(), 'plants_train');
    expect(readdirSync(stored)).toEqual(wanted.flatMap(([file, mask]) => [file!, mask!]).sort());
    for (const [file, mask] of wanted) {
      for (const one of [join('images', file!), join('masks', mask!)]) {
        const [written, source] = [join(stored, one.split('/')[1]!), join(PLANTS, 'train', one)];
        expect(readFileSync(written).equals(readFileSync(source))).toBe(true);
      }
    }
    const shown = documentOf<{ statistics: object }>(await run('datasets', 'show', 'plants_train', '--json'));
    expect(shown.statistics).toMatchObject({
      images: { title: 'Images a class', counts: { background: 24, pot: 24, stem: 24, leaf: 24, flower: 16 } },
    });
  });

  it('are brought to the target together', async () => {
    expect(await run('ingest', '-c', join(PLANTS, 'test.yaml'))).toMatchObject({ code: 0 });
    const stored = join(storage(), 'plants_test');
    expect(await rowsOf('plants_test')).toHaveLength(linesOf('test').length);
    for (const file of readdirSync(stored)) {
      expect(await sharp(join(stored, file)).metadata()).toMatchObject({ width: 256, height: 256 });
    }
    const mask = await sharp(join(stored, 'daisy_02_mask.png')).extractChannel(0).raw().toBuffer();
    // The source is wider than high: what is above and below is padded with what is ignored.
    expect(new Set(mask.subarray(0, 256))).toEqual(new Set([255]));
    expect([...new Set(mask)].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 255]);
  });
});

it.each([
  ['pot', 'Write, for example, `[background, leaf, stem]`.'],
  ['[pot]', 'Write [background, pot], or {1: pot}.'],
])('classes: %s is refused with what to write', async (classes, fix) => {
  const text = readFileSync(join(PLANTS, 'train.yaml'), 'utf8').replace(/^classes: .*$/m, `classes: ${classes}`);
  const config = await world.write('refused.yaml', text.replaceAll('train/', `${PLANTS}/train/`));
  const ended = await session.run(['validate', '-c', config], world.embedded);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain(fix);
});
