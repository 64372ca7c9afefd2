import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readTask, type TaskOutput } from '@tracebloc/ingestor-conformance';
import type { Finding } from '@tracebloc/ingestor-contract';
import { sampleImages } from '@tracebloc/ingestor-testing';
import { imageClassification } from './classification.js';

describe('one pass over a folder of images reports everything that is wrong, and nothing else:', () => {
  let output: TaskOutput;

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
    const rows = names.map((name, index) => `${name},${index % 2 ? 'cat' : 'dog'}`);
    output = await readTask(imageClassification, {
      manifest: ['filename,label', ...rows, ''].join('\n'),
      label: 'label',
      fields: { target_size: [64, 64] },
      fileOptions: { extension: '.png' },
      files: Object.fromEntries(Object.entries(images).map(([name, bytes]) => [`images/${name}`, bytes])),
      prepare: (root) => symlinkSync('/etc/passwd', join(root, 'images', 'link.png')),
    });
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
  ])('%j', (expected) => {
    const findings = output.report.findings();
    expect(findings).toContainEqual(expect.objectContaining({ ...expected, fix: expect.stringMatching(/.{10}/) }));
  });

  it('the counts, and no name of a good image', () => {
    const { report } = output;
    expect(report).toMatchObject({ errors: 12, warnings: 1 });
    const text = JSON.stringify(report.findings());
    for (const name of ['good 1', 'größe', 'photo.2024', 'LOUD']) expect(text).not.toContain(name);
  });
});
