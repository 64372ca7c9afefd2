import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type JsonSchema, type TaskType, isOptionError, resolveOptions } from '@tracebloc/ingestor-contract';
import { ConfigError, composeSchema } from '@tracebloc/ingestor-config';
import { isSameData } from './same-data.js';
import { type Sample, objectAt, openSample, optionsOf } from './sample.js';

/** Keywords for editors, which do not validate anything. */
const EDITOR_KEYWORDS = ['markdownDescription', 'enumDescriptions', 'defaultSnippets', 'deprecationMessage'];

function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
  ajv.addVocabulary(EDITOR_KEYWORDS);
  return ajv;
}

/** Checks that the schemas of a task's options are valid, described, and accept their own defaults and examples. */
export function* checkSchemas(task: TaskType): Generator<string, void> {
  const common = objectAt(composeSchema([]), 'properties');
  for (const member of ['fields', 'fileOptions'] as const) {
    const schema = task[member];
    yield* checkCompiles(member, schema);
    if (schema.type !== 'object') yield `${member} is not the schema of an object: add type: 'object'.`;
    if (!Array.isArray(schema.required)) yield `${member} has no list \`required\`: add one, even if it is empty.`;
    for (const [name, property] of Object.entries(objectAt(schema, 'properties'))) {
      if (member === 'fields' && Object.hasOwn(common, name)) {
        yield `fields.${name} is a field that every ingest.yaml has: use another name.`;
      }
      yield* checkProperty(`${member}.${name}`, property as JsonSchema);
      const isRequired = Array.isArray(schema.required) && schema.required.includes(name);
      if (
        isRequired &&
        !['default', 'examples', 'enum', 'const'].some((word) => Object.hasOwn(property as object, word))
      ) {
        yield `${member}.${name} is required and has no example: add one, which \`ingestor init\` writes as a placeholder.`;
      }
    }
  }
  yield* checkDefaults(task);
}

function* checkDefaults({ fields, fileOptions }: TaskType): Generator<string, void> {
  const top = objectAt(fields, 'properties');
  for (const [name, property] of Object.entries(objectAt(fileOptions, 'properties'))) {
    if (!Object.hasOwn(top, name) || (property as JsonSchema).default === undefined) continue;
    yield `fileOptions.${name} has a default, which overrides fields.${name}: set the default only in fields.`;
  }
}

function* checkCompiles(member: string, schema: JsonSchema): Generator<string, void> {
  try {
    createAjv().compile(schema);
  } catch (error) {
    yield `${member} is not a valid JSON Schema (2020-12): ${(error as Error).message}. Correct it.`;
  }
}

function* checkProperty(path: string, property: JsonSchema): Generator<string, void> {
  const { description, examples } = property;
  if (typeof description !== 'string' || description === '') {
    yield `${path} has no description: say what it does, for editors and for \`ingestor tasks\`.`;
  }
  const values: [string, unknown][] = Array.isArray(examples) ? examples.map((value) => ['example', value]) : [];
  if ('default' in property) values.push(['default', property.default]);
  for (const [kind, value] of values) {
    if (isAccepted(property, value)) continue;
    yield `${path} does not accept its own ${kind} ${JSON.stringify(value)}: correct one of them.`;
  }
}

/** A schema that cannot be compiled is another problem, so this returns true for it. */
function isAccepted(schema: JsonSchema, value: unknown): boolean {
  try {
    return createAjv().validate(schema, value);
  } catch {
    return true;
  }
}

/**
 * Checks the schema that editors use, which is composed of all tasks, and validates the samples' documents with it. It
 * skips a document that the host refuses too: the check of its sample says what is wrong.
 */
export async function* checkComposed(
  tasks: readonly TaskType[],
  samples: readonly Sample[],
  folder: string,
): AsyncGenerator<string, void> {
  const ajv = createAjv();
  let isValid;
  try {
    isValid = ajv.compile(composeSchema(tasks));
  } catch (error) {
    yield `The schema composed of the tasks is not valid: ${(error as Error).message}. Correct the tasks' schemas.`;
    return;
  }
  for (const sample of samples) {
    const { name, document } = sample;
    const fits: boolean = isValid.call(undefined, document);
    if (fits) continue;
    const errors = ajv.errorsText(isValid.errors, { dataVar: 'it' });
    const task = tasks.find(({ id }) => id === document.category);
    if (task && !(await isAcceptedByHost(folder, sample, task))) continue;
    yield `samples/${name} does not fit the schema: ${errors}. Correct it.`;
  }
}

async function isAcceptedByHost(folder: string, sample: Sample, task: TaskType): Promise<boolean> {
  try {
    await openSample(join(folder, 'samples'), sample, task);
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

/** Checks that the options depend on the configuration alone. */
export function* checkResolve(task: TaskType, sample: Sample): Generator<string, void> {
  const raw = optionsOf(sample, task);
  let first, second;
  try {
    [first, second] = [resolveOptions(task, structuredClone(raw)), resolveOptions(task, structuredClone(raw))];
  } catch (error) {
    // The check of the sample says which option is refused.
    if (isOptionError(error)) return;
    throw error;
  }
  if (isSameData(first, second)) return;
  yield 'resolve returns other options the second time: it must depend only on its argument.';
}
