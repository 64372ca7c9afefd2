import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Detection, Misfit, SourceFolder } from '@tracebloc/ingestor-contract';
import { surveyPath } from '@tracebloc/ingestor-dataset';
import { configure, detect } from './detect.js';
import { colourPng, halves, maskPng } from './scene.test-support.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'segmentation-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), content);
}

async function survey(columns: string, maskOf = (name: string) => `masks/${name}_mask.png`, values = [0, 1]) {
  const names = ['a', 'b', 'c', 'd'];
  for (const name of names) {
    write(`images/${name}.png`, await colourPng(halves(), 200));
    write(maskOf(name), maskPng({ ...halves(), values: halves().values.map((_, at) => values[at % values.length]!) }));
  }
  const rows = names.map((name, at) => `${name}.png,${maskOf(name).split('/')[1]},${at % 2 === 0 ? 'oak' : 'ash'}`);
  write('labels.csv', `${columns}\n${rows.join('\n')}\n`);
  return detect(await surveyPath(root, new AbortController().signal));
}

it('recognises images and masks that a table names', async () => {
  expect(await survey('filename,mask_id,kind')).toMatchObject({
    fit: 'certain',
    found: '4 .png images in images/ with 4 masks in masks/, and a table of 4 rows that names them',
    labels: ['kind'],
    fields: { images: 'images', masks: 'masks', target_size: [32, 32] },
    fileOptions: { extension: '.png' },
  });
});

it('ignores 255 if masks have it beside two other values, but not if it is one of two', async () => {
  expect(await survey('filename,mask_id,kind', undefined, [0, 1, 255])).toMatchObject({ fields: { ignore: 255 } });
  const two = (await survey('filename,mask_id,kind', undefined, [0, 255])) as Detection;
  expect(two.fields).not.toHaveProperty('ignore');
});

it('brings images of several sizes to the usual one', async () => {
  await survey('filename,mask_id,kind');
  write('images/d.png', await colourPng(halves(0, 1, 40, 20), 200));
  expect(await detect(await surveyPath(root, new AbortController().signal))).toMatchObject({
    fields: { target_size: [512, 512] },
    fileOptions: { fit: 'contain', min_size: [32, 20] },
  });
});

describe('says what does not fit, and what to do', () => {
  const fixOf = (found: Detection | Misfit) => (found as Misfit).fix;

  it('if the column of masks has another name', async () => {
    const found = await survey('filename,mask,kind');
    expect(found).toMatchObject({ near: true });
    expect(fixOf(found)).toBe('Rename the column mask of labels.csv to mask_id.');
    expect(await survey('filename,mask_id,kind')).toMatchObject({ fit: 'certain' });
  });

  it('if the masks have the names of the images', async () => {
    const found = await survey('filename,mask_id,kind', (name) => `masks/${name}.png`);
    expect(found).toMatchObject({ near: true, reason: expect.stringContaining('_mask.png') });
    expect(fixOf(found)).toContain('the mask of cat.png is cat_mask.png');
  });

  it('if there are no masks, or no table', async () => {
    await survey('filename,mask_id,kind', (name) => `other/${name}_mask.png`);
    expect(await detect(await surveyPath(root, new AbortController().signal))).toMatchObject({
      reason: 'there is no folder of masks in PNG',
    });
    await survey('filename,mask_id,kind');
    rmSync(join(root, 'labels.csv'));
    expect(fixOf(await detect(await surveyPath(root, new AbortController().signal)))).toContain(
      'that of its mask in the column mask_id',
    );
  });
});

it('configures the masks of a data layout, whose classes it may name', async () => {
  const folder = (name: string, bytes: Uint8Array, classes?: SourceFolder['classes']): SourceFolder => ({
    name,
    files: ['a', 'b'].map((stem) => {
      const own = name === 'masks' ? `${stem}_mask.png` : `${stem}.png`;
      return { name: own, path: `/no/${own}`, make: () => Promise.resolve(bytes) };
    }),
    ...(classes && { classes }),
  });
  const edge = { ...halves(), values: halves().values.map((value, at) => (at < 9 ? 255 : value)) };
  const images = folder('images', await colourPng(halves(), 200));
  const classes = { 1: 'leaf' };
  expect(await configure!({ images, masks: folder('masks', maskPng(edge), classes) })).toMatchObject({
    fields: { target_size: [32, 32], ignore: 255, classes },
    fileOptions: {},
  });
});
