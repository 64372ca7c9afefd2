import { expect, it } from '@jest/globals';
import type { JsonObject, JsonSchema } from './json.js';
import { OptionError, isOptionError, resolveOptions } from './options.js';
import type { TaskType } from './task.js';

const size: JsonSchema = { type: 'array', default: [8, 8] };
const { default: _, ...sizeWithoutDefault } = size;

/** The part of a task that options come from. */
function taskWith(resolve?: TaskType['resolve']): TaskType {
  return {
    fields: { type: 'object', properties: { target_size: size, note: { type: 'string' } } },
    fileOptions: { type: 'object', properties: { target_size: sizeWithoutDefault, extension: { default: '.png' } } },
    resolve,
  } as unknown as TaskType;
}

it.each<[JsonObject, JsonObject, unknown]>([
  [{}, {}, { targetSize: [8, 8], extension: '.png' }],
  [{ target_size: [4, 2] }, {}, { targetSize: [4, 2], extension: '.png' }],
  [{ target_size: [4, 2], note: 'a' }, { target_size: [1, 1] }, { targetSize: [1, 1], note: 'a', extension: '.png' }],
  [{ note: null }, { extension: '.jpg' }, { targetSize: [8, 8], note: null, extension: '.jpg' }],
])('completes the fields %j and the file options %j', (fields, fileOptions, expected) => {
  expect(resolveOptions(taskWith(), { fields, fileOptions })).toEqual(expected);
});

it('names the options in the order of the schemas and not of the file', () => {
  const options = resolveOptions(taskWith(), { fields: { note: 'a', target_size: [1, 1] }, fileOptions: {} });
  expect(Object.keys(options as object)).toEqual(['targetSize', 'note', 'extension']);
});

it('calls `resolve` with the completed options, and does not share the defaults of the schema', () => {
  const task = taskWith(({ fields }) => fields.target_size);
  const first = resolveOptions(task, { fields: {}, fileOptions: {} }) as number[];
  first.push(9);
  expect(resolveOptions(task, { fields: {}, fileOptions: {} })).toEqual([8, 8]);
});

it('recognises an OptionError of another copy of the package', () => {
  const foreign = Object.assign(new Error('x'), { name: 'OptionError', field: 'target_size' });
  expect([new OptionError('a', 'b'), foreign, new TypeError('a'), undefined].map(isOptionError)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
