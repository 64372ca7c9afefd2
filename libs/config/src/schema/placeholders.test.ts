import { expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from '@tracebloc/ingestor-contract';
import { placeholdersOf } from './placeholders.js';

it.each<[JsonObject, JsonValue]>([
  [{ type: 'array', examples: [['sky', 'ground']] }, ['sky', 'ground']],
  [{ enum: ['.png', '.jpg'] }, '.png'],
  [{ const: 3 }, 3],
  [{ type: 'integer', minimum: 2 }, 2],
  [{ type: 'number' }, 0],
  [{ type: 'boolean' }, false],
  [{ type: ['string', 'null'] }, 'value'],
  [{ type: 'array', minItems: 2, items: { type: 'integer', minimum: 1 } }, [1, 1]],
  [{ type: 'object' }, {}],
])('a required option %j has the placeholder %j', (property, value) => {
  const schema = { properties: { classes: { ...property, description: 'The classes.' } }, required: ['classes'] };
  expect(placeholdersOf(schema, {})).toEqual([{ name: 'classes', value, description: 'The classes.' }]);
});

it('an option that is given, optional or has a default needs no placeholder', () => {
  const properties = { given: {}, optional: {}, usual: { default: 1 } };
  expect(placeholdersOf({ properties, required: ['given', 'usual'] }, { given: null })).toEqual([]);
});
