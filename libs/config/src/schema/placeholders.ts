import type { JsonObject, JsonSchema, JsonValue } from '@tracebloc/ingestor-contract';
import { properties } from './compose.js';

/** A required option, with a value for a drafted file until the user sets the right one. */
export interface Placeholder {
  name: string;
  value: JsonValue;
  /** What the option means, as the task describes it; empty when the task does not. */
  description: string;
}

/**
 * Returns a placeholder for each option that the schema requires, that has no default and that is not given: the first
 * of its examples, or a value of its type.
 */
export function placeholdersOf(schema: JsonSchema, given: JsonObject): Placeholder[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties(schema))
    .filter(([name, property]) => {
      return required.includes(name) && !Object.hasOwn(given, name) && property.default === undefined;
    })
    .map(([name, property]) => {
      const { description } = property;
      return { name, value: exampleOf(property), description: typeof description === 'string' ? description : '' };
    });
}

function exampleOf({ examples, enum: choices, const: only, type, minimum, minItems, items }: JsonObject): JsonValue {
  const [example] = [examples, choices].flatMap((values) => (Array.isArray(values) ? values.slice(0, 1) : []));
  if (example !== undefined) return example;
  if (only !== undefined) return only;
  const first = Array.isArray(type) ? type[0] : type;
  switch (first) {
    case 'integer':
    case 'number':
      return typeof minimum === 'number' ? minimum : 0;
    case 'boolean':
      return false;
    case 'array': {
      const item = typeof items === 'object' && items !== null && !Array.isArray(items) ? exampleOf(items) : 'value';
      return Array.from({ length: typeof minItems === 'number' ? minItems : 0 }, () => item);
    }
    case 'object':
      return {};
    default:
      return 'value';
  }
}
