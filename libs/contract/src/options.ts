import type { JsonObject, JsonSchema } from './json.js';
import type { RawOptions, TaskType } from './task.js';

/** What `resolve` throws for options that a schema cannot refuse. */
export class OptionError extends Error {
  override readonly name = 'OptionError';

  /**
   * @param field The field as a path in `ingest.yaml`: `time_column`, `spec.file_options.target_size`.
   * @param message What is wrong with its value, as a sentence without a full stop.
   * @param fix What the user should do.
   */
  constructor(
    readonly field: string,
    message: string,
    readonly fix = 'Correct the value.',
  ) {
    super(message);
  }
}

/** Recognises an `OptionError` by its form, since a plugin may bring another copy of this package. */
export function isOptionError(error: unknown): error is OptionError {
  return error instanceof Error && error.name === 'OptionError' && 'field' in error && typeof error.field === 'string';
}

/**
 * Completes a task's options with the defaults of its schemas and resolves them. Without `resolve`, the options are
 * the fields and, winning over them, the file options, with names in camelCase.
 */
export function resolveOptions<Options>(task: TaskType<Options>, { fields, fileOptions }: RawOptions): Options {
  const complete = {
    fields: withDefaults(fields, task.fields),
    fileOptions: withDefaults(fileOptions, task.fileOptions),
  };
  if (task.resolve) return task.resolve(complete);
  const named = Object.entries({ ...complete.fields, ...complete.fileOptions });
  return Object.fromEntries(named.map(([name, value]) => [camelCase(name), value])) as Options;
}

/** Returns the options that have a value, in the schema's order. Defaults are copies, so that callers may freeze them. */
function withDefaults(given: JsonObject, schema: JsonSchema): JsonObject {
  const properties = (schema.properties ?? {}) as Record<string, JsonObject>;
  const values = Object.entries(properties).map(([name, property]) => {
    const value = Object.hasOwn(given, name) ? given[name] : property.default;
    return [name, structuredClone(value)] as const;
  });
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as JsonObject;
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
}
