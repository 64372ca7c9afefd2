import { isDeepStrictEqual } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonObject, JsonSchema, RawOptions, TaskType } from '@tracebloc/ingestor-contract';
import { composeSchema } from '@tracebloc/ingestor-config';
import { type Sample, objectAt, optionsOf } from './sample.js';

/** Keywords that editors know and that validate nothing. */
const EDITOR_KEYWORDS = ['markdownDescription', 'enumDescriptions', 'defaultSnippets', 'deprecationMessage'];

function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
  ajv.addVocabulary(EDITOR_KEYWORDS);
  return ajv;
}

/** The schemas of a task's options: valid, described, with defaults and examples that they themselves accept. */
export function* checkSchemas(task: TaskType): Generator<string, void> {
  const common = objectAt(composeSchema([]), 'properties');
  for (const member of ['fields', 'fileOptions'] as const) {
    const schema = task[member];
    yield* checkCompiles(member, schema);
    if (schema.type !== 'object') yield `${member} is no schema of an object: add type: 'object'.`;
    if (!Array.isArray(schema.required)) yield `${member} has no list \`required\`: add one, be it empty.`;
    for (const [name, property] of Object.entries(objectAt(schema, 'properties'))) {
      if (member === 'fields' && Object.hasOwn(common, name)) {
        yield `fields.${name} is a field that every ingest.yaml has: take another name.`;
      }
      yield* checkProperty(`${member}.${name}`, property as JsonSchema);
    }
  }
}

function* checkCompiles(member: string, schema: JsonSchema): Generator<string, void> {
  try {
    createAjv().compile(schema);
  } catch (error) {
    yield `${member} is no valid JSON Schema (2020-12): ${(error as Error).message}. Correct it.`;
  }
}

function* checkProperty(place: string, property: JsonSchema): Generator<string, void> {
  const { description, examples } = property;
  if (typeof description !== 'string' || description === '') {
    yield `${place} has no description: say what it does, for editors and for \`ingestor tasks\`.`;
  }
  const values: [string, unknown][] = Array.isArray(examples) ? examples.map((value) => ['example', value]) : [];
  if ('default' in property) values.push(['default', property.default]);
  for (const [kind, value] of values) {
    if (isAccepted(property, value)) continue;
    yield `${place} does not accept its own ${kind} ${JSON.stringify(value)}: correct one of them.`;
  }
}

/** A schema that cannot be compiled is a problem of its own, and accepts everything. */
function isAccepted(schema: JsonSchema, value: unknown): boolean {
  try {
    return createAjv().validate(schema, value);
  } catch {
    return true;
  }
}

/** The schema that editors get, of all tasks together, and the samples' documents under it. */
export function* checkComposed(tasks: readonly TaskType[], samples: readonly Sample[]): Generator<string, void> {
  const ajv = createAjv();
  let isValid;
  try {
    isValid = ajv.compile(composeSchema(tasks));
  } catch (error) {
    yield `The schema composed of the tasks is not valid: ${(error as Error).message}. Correct the tasks' schemas.`;
    return;
  }
  for (const { name, document } of samples) {
    if (isValid(document)) continue;
    yield `samples/${name} does not fit the schema: ${ajv.errorsText(isValid.errors, { dataVar: 'it' })}. Correct it.`;
  }
}

/** `resolve` says the same each time, and the same of a default that is stated as of one that is not. */
export function* checkResolve(task: TaskType, sample: Sample): Generator<string, void> {
  const raw = optionsOf(sample, task);
  const first = task.resolve(structuredClone(raw));
  if (!isDeepStrictEqual(first, task.resolve(structuredClone(raw)))) {
    yield 'resolve gives another result the second time: let it depend on its argument alone.';
  }
  const stated = withDefaults(raw, task);
  if (!isDeepStrictEqual(first, task.resolve(stated))) {
    const defaults = JSON.stringify(withDefaults({ fields: {}, fileOptions: {} }, task));
    yield `resolve gives another result where the schemas' defaults are stated (${defaults}): complete what is missing with the same values.`;
  }
}

function withDefaults(raw: RawOptions, task: TaskType): RawOptions {
  const complete = (given: JsonObject, schema: JsonSchema): JsonObject => {
    const properties = Object.entries(objectAt(schema, 'properties')) as [string, JsonObject][];
    const defaults = properties.flatMap(([name, property]) =>
      property.default === undefined ? [] : [[name, property.default] as const],
    );
    return { ...Object.fromEntries(defaults), ...given };
  };
  return {
    fields: complete(raw.fields, task.fields),
    fileOptions: complete(raw.fileOptions, task.fileOptions),
  };
}
