import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '@tracebloc/ingestor-contract';
import type { ValidationResult } from '@tracebloc/ingestor-pipeline';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { documentOf, lastLine, type Env, World } from '@tracebloc/ingestor-testing/command';

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

/** A dataset of its own in the world's folder: an ingest.yaml, a manifest and images. */
function write(
  name: string,
  { rows, images, extension = '.png' }: { rows: string[]; images: Record<string, Uint8Array>; extension?: string },
): string {
  const folder = join(world.folder, name);
  mkdirSync(join(folder, 'images'), { recursive: true });
  for (const [file, bytes] of Object.entries(images)) writeFileSync(join(folder, 'images', file), bytes);
  writeFileSync(join(folder, 'labels.csv'), ['filename,label', ...rows, ''].join('\n'));
  const config = {
    apiVersion: 'tracebloc.io/v1',
    kind: 'IngestConfig',
    category: 'image_classification',
    table: name,
    intent: 'train',
    csv: 'labels.csv',
    label: 'label',
    target_size: [64, 64],
    spec: { file_options: { extension } },
  };
  writeFileSync(join(folder, 'ingest.yaml'), JSON.stringify(config));
  return join(name, 'ingest.yaml');
}

describe('one pass tells everything that is wrong with a folder of images', () => {
  let findings: Finding[];
  let result: ValidationResult;
  let config: string;

  beforeAll(async () => {
    const good = await sampleImages.png();
    const images: Record<string, Uint8Array> = {
      'good 1.png': good,
      'größe.png': good,
      'photo.2024.png': good,
      'LOUD.PNG': good,
      'empty.png': Buffer.alloc(0),
      'cut.png': good.subarray(0, good.length / 2),
      'jpeg.png': await sampleImages.jpeg(),
      'deep.png': await sampleImages.png16(),
      'clear.png': await sampleImages.alpha(),
      'bomb.png': sampleImages.bomb(),
      'large.png': await sampleImages.png(65, 64),
      'other.jpg': await sampleImages.cmyk(),
      'forgotten.png': good,
    };
    const stems = ['good 1', 'größe', 'photo.2024', 'LOUD', 'empty', 'cut', 'jpeg', 'deep', 'clear', 'bomb', 'large'];
    const names = [...stems, 'other.jpg', 'gone', '../../etc/passwd', 'link', ''];
    config = write('bad', { rows: names.map((name, index) => `${name},${index % 2 ? 'cat' : 'dog'}`), images });
    symlinkSync('/etc/passwd', join(world.folder, 'bad', 'images', 'link.png'));
    const ended = await world.run(['validate', '-c', config, '--json']);
    expect(ended.code).toBe(3);
    result = documentOf<ValidationResult>(ended);
    findings = result.findings;
  });

  it.each<Partial<Finding>>([
    { code: 'zero-byte-file', file: 'images/empty.png' },
    { code: 'broken-image', file: 'images/cut.png' },
    { code: 'format-mismatch', file: 'images/jpeg.png', expected: 'png' },
    { code: 'bit-depth', file: 'images/deep.png', value: '16 bit', expected: '8 bit' },
    { code: 'color-channels', file: 'images/clear.png', value: 'RGB with alpha' },
    { code: 'too-many-pixels', file: 'images/bomb.png', value: '20000x20000' },
    { code: 'wrong-size', file: 'images/large.png', value: '65x64', expected: '64x64' },
    { code: 'wrong-extension', row: 13, column: 'filename', value: 'other.jpg', expected: 'the extension .png' },
    { code: 'missing-file', row: 14, column: 'filename', value: 'gone', expected: 'images/<name>.png' },
    { code: 'unsafe-filename', row: 15, value: '../../etc/passwd' },
    { code: 'unsafe-filename', row: 16, value: 'link' },
    { code: 'missing-filename', row: 17 },
    { code: 'unnamed-file', severity: 'warning', file: 'images/' },
  ])('$code $file$row', (expected) => {
    expect(findings).toContainEqual(expect.objectContaining({ ...expected, fix: expect.stringMatching(/.{10}/) }));
  });

  it('and nothing of what is good', () => {
    expect(result).toMatchObject({ found: 16, errors: 12, warnings: 1 });
    const told = JSON.stringify(findings);
    for (const name of ['good 1', 'größe', 'photo.2024', 'LOUD']) expect(told).not.toContain(name);
  });

  it('and an ingest ends with 3 and leaves nothing', async () => {
    const before = await world.traces();
    for (const env of [world.local, world.embedded]) {
      const ended = await world.run(['ingest', '-c', config], env);
      expect(ended.code).toBe(3);
      expect(ended.stdout).toContain('bad was not ingested');
    }
    const after = await world.traces();
    expect(after.files).toEqual(before.files);
    const rows = Object.entries(after.tables).filter(([name]) => !/_ingestor_/.test(name));
    expect(rows).toEqual([]);
  });
});

describe('a JPEG that is', () => {
  it.each([
    ['CMYK', () => sampleImages.cmyk(), 'color-channels'],
    ['cut off at its last percent', () => sampleImages.truncated(0.99), 'broken-image'],
  ])('%s is told by its name', async (what, make, code) => {
    const good = await sampleImages.jpeg();
    const name = code.replace('-', '_');
    const images = { 'a.jpg': good, 'b.jpg': good, 'bad.jpg': await make() };
    const config = write(name, { rows: ['a,cat', 'b,dog', 'bad,cat'], images, extension: '.jpg' });
    const ended = await world.run(['validate', '-c', config]);
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain(`✖ ${code}  1 error`);
    expect(ended.stdout).toContain('images/bad.jpg');
  });
});

describe('a run over many images', () => {
  let config: string;
  const stems = Array.from({ length: 400 }, (_, index) => `f${index}`);

  beforeAll(async () => {
    const image = await sampleImages.jpeg();
    config = write('many', {
      rows: stems.map((stem, index) => `${stem},${index % 2 ? 'cat' : 'dog'}`),
      images: Object.fromEntries(stems.map((stem) => [`${stem}.jpg`, image])),
      extension: '.jpg',
    });
  });

  const staged = () => {
    const own = join(world.storage, '.ingestor', 'staging');
    if (!existsSync(own)) return 0;
    return readdirSync(own, { recursive: true }).filter((name) => String(name).endsWith('.jpg')).length;
  };
  const published = (env: Env) => readdirSync(join(env.STORAGE_PATH!, 'many')).length;

  it('that is interrupted leaves nothing to see, and is completed by the same command', async () => {
    const args = ['ingest', '-c', config, '--batch-size', '5'];
    const before = await world.traces();
    const running = world.start(args, world.embedded);
    while (staged() < 20) await new Promise((resolve) => setTimeout(resolve, 5));
    running.kill('SIGINT');
    const ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(readdirSync(world.storage)).not.toContain('many');
    const again = await world.run(args, world.embedded);
    expect(again.code).toBe(0);
    expect(lastLine(again)).toBe('All records processed successfully');
    expect(published(world.embedded)).toBe(400);
    expect((await world.run(['datasets', 'delete', 'many', '--yes'], world.embedded)).code).toBe(0);
    expect((await world.traces()).files).toEqual(before.files);
  });

  it('whose volume fills up halfway says so, leaves nothing to see, and is completed when there is room', async () => {
    const volume = join(world.folder, 'volume');
    mkdirSync(volume);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', volume], { stdio: 'ignore' });
    } catch {
      console.warn('Not tested: this machine does not let the test mount a volume.');
      return;
    }
    try {
      const env = { ...world.local, STORAGE_PATH: volume };
      const refused = await world.run(['ingest', '-c', config], env);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/The volume of .*volume has \d+ MiB free; this dataset may need \d+ MiB/);
      // Room enough by the sum of the sizes, but not for files of whole blocks.
      execFileSync('mount', ['-o', 'remount,size=1m', volume]);
      const ended = await world.run(['ingest', '-c', config, '--batch-size', '20'], env);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain(`The shared volume at ${volume} is full.`);
      expect(ended.stderr).toContain('Free space on the volume, then run the same command again');
      expect(readdirSync(volume)).toEqual(['.ingestor']);
      expect(await world.mariaDb.sql(`SHOW TABLES FROM ${world.database} LIKE 'many'`)).toEqual([]);
      execFileSync('mount', ['-o', 'remount,size=8m', volume]);
      const again = await world.run(['ingest', '-c', config, '--batch-size', '20'], env);
      expect(again).toMatchObject({ code: 0 });
      expect(again.stdout).toContain('an interrupted run was completed');
      expect(published(env)).toBe(400);
      expect(await world.rows('many')).toHaveLength(400);
    } finally {
      execFileSync('umount', [volume]);
      rmSync(volume, { recursive: true });
    }
  });
});
