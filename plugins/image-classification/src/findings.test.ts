import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readTask, type TaskOutput } from '@tracebloc/ingestor-conformance';
import type { Finding } from '@tracebloc/ingestor-contract';
import { mixedImages, sampleImages } from '@tracebloc/ingestor-testing';
import { imageClassification } from './classification.js';

describe('one pass over a folder of images reports everything that is wrong, and nothing else:', () => {
  let output: TaskOutput;

  beforeAll(async () => {
    const images: Record<string, Uint8Array> = {
      ...(await mixedImages.files()),
      'large.png': await sampleImages.png(65, 64),
      'other.jpg': await sampleImages.cmyk(),
    };
    const named = Object.keys(images).filter((name) => name !== mixedImages.unnamed);
    const stems = named.map((name) => name.replace(/\.png$/i, ''));
    const names = [...stems, 'gone', '../../etc/passwd', 'link', ''];
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
    ...mixedImages.findings,
    { code: 'wrong-size', file: 'images/large.png', value: '65x64', expected: '64x64' },
    { code: 'mixed-sizes', file: 'images/large.png', value: '65x64', expected: '64x64, as 7 images have' },
    { code: 'wrong-extension', row: 13, column: 'filename', value: 'other.jpg', expected: 'the extension .png' },
    { code: 'missing-file', row: 14, column: 'filename', value: 'gone', expected: 'images/<name>.png' },
    { code: 'unsafe-filename', row: 15, value: '../../etc/passwd' },
    { code: 'unsafe-filename', row: 16, value: 'link' },
    { code: 'missing-filename', row: 17 },
  ])('%j', (expected) => {
    const findings = output.report.findings();
    expect(findings).toContainEqual(expect.objectContaining({ ...expected, fix: expect.stringMatching(/.{10}/) }));
  });

  it('the counts, and no name of a good image', () => {
    const { report } = output;
    expect(report).toMatchObject({ errors: 13, warnings: 1 });
    const text = JSON.stringify(report.findings());
    for (const name of mixedImages.goodStems) expect(text).not.toContain(name);
  });
});
