import { expect, it } from '@jest/globals';
import { type JsonObject, resolveOptions } from '@tracebloc/ingestor-contract';
import { metadata } from './options.js';
import { semanticSegmentation } from './semantic-segmentation.js';

const resolve = (fields: JsonObject, fileOptions: JsonObject = {}) =>
  resolveOptions(semanticSegmentation, { fields, fileOptions });

it('names classes by a list from 0 on, or by their values', () => {
  const list = resolve({ classes: ['background', 'leaf'] }).classes;
  expect(list).toEqual({ 0: 'background', 1: 'leaf' });
  expect(resolve({ classes: { 1: 'leaf' } }).classes).toEqual(list);
  expect(resolve({ classes: { 0: 'sky', 7: 'leaf' } }).classes).toEqual({ 0: 'sky', 7: 'leaf' });
  expect(resolve({})).not.toHaveProperty('classes');
});

it.each<[JsonObject, string]>([
  [{ classes: ['leaf'] }, 'Write [background, leaf], or {1: leaf}.'],
  [{ classes: { leaf: 'leaf' } }, 'Write whole numbers from 0 to 65535 before the names.'],
  [{ classes: { 65536: 'leaf' } }, 'Write whole numbers from 0 to 65535 before the names.'],
  [{ classes: ['background', 'Leaf', ' leaf'] }, 'Give each class a separate name.'],
  [{ classes: { 1: 'leaf', 255: 'edge' }, ignore: 255 }, 'Remove it here, or from `classes`.'],
  [{ target_size: [20_000, 20_000] }, 'Use a smaller width and height.'],
])('refuses %j', (fields, fix) => {
  let thrown: unknown;
  try {
    resolve(fields, { fit: 'contain' });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ name: 'OptionError', fix });
});

it('tells the backend the classes, what is ignored, and what differs from the defaults', () => {
  expect(metadata(resolve({}))).toEqual({
    file_options: { target_size: [512, 512], extension: '.jpg', min_size: [32, 32] },
  });
  const options = resolve(
    { classes: { 1: 'leaf' }, ignore: 255, target_size: [64, 64] },
    { fit: 'cover', quality: 90 },
  );
  expect(metadata(options)).toEqual({
    classes: { 0: 'background', 1: 'leaf' },
    ignore: 255,
    file_options: { target_size: [64, 64], extension: '.jpg', min_size: [32, 32], fit: 'cover', quality: 90 },
  });
});
