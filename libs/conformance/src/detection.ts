import { basename, dirname } from 'node:path';
import { isDetection } from '@tracebloc/ingestor-contract';
import type { Detection, JsonObject, JsonSchema, Misfit, Survey, TaskType } from '@tracebloc/ingestor-contract';
import {
  API_VERSION,
  ConfigError,
  FILENAME_FIELD,
  KIND,
  type RunConfig,
  formatProblem,
  placeholdersOf,
  resolveConfig,
} from '@tracebloc/ingestor-config';
import { surveyPath } from '@tracebloc/ingestor-dataset';
import { objectAt } from './sample.js';

/** Checks that the task recognises its sample in the survey of `ingestor init`, and does not recognise an empty folder. */
export async function* checkDetection(config: RunConfig): AsyncGenerator<string, void> {
  const { task, source } = config;
  const root = dirname(source.path);
  const { manifests, folders } = await surveyPath(root, new AbortController().signal);
  const survey: Survey = { root, folders, manifests: manifests.filter(({ path }) => path === source.path) };
  const detection = await task.detect?.(survey, config.label?.column);
  if (isDetection(detection)) {
    yield* checkFound(detection, config);
    yield* checkDraft(detection, config);
  } else {
    const why = detection ? ` (${detection.reason})` : '';
    yield `detect does not recognise the sample${why}: it must recognise data in the layout of its task.`;
  }
  const empty = await task.detect?.({ root, folders: [], manifests: [] });
  if (isDetection(empty)) yield 'detect recognises an empty folder: return a misfit for data in another layout.';
  else yield* checkMisfit(empty);
}

/** Checks that the user learns what an empty folder misses, and what to do. */
function* checkMisfit(misfit: Misfit | undefined): Generator<string, void> {
  if (!misfit?.reason || !misfit.fix) {
    yield 'detect does not say why an empty folder does not fit: return a misfit with `reason` and `fix`.';
    return;
  }
  if (/\.$/.test(misfit.reason)) yield `detect returns a reason that ends with a full stop: "${misfit.reason}".`;
  if (!/\.$/.test(misfit.fix)) yield `detect returns a fix that is not a sentence: "${misfit.fix}".`;
}

function* checkFound(detection: Detection, { task, label, columns }: RunConfig): Generator<string, void> {
  const { fit, found, labels, schema, manifest } = detection;
  if (!['certain', 'likely', 'possible'].includes(fit))
    yield `detect returns the fit "${fit}": use certain, likely or possible.`;
  if (!found) yield 'detect does not say what it found: return a description in \`found\`.';
  if (label && !labels.includes(label.column)) {
    yield `detect does not name the sample's label, ${label.column}, among ${labels.join(', ') || 'no labels'}.`;
  }
  const header = manifest.columns.map(({ name }) => name);
  const unknown = schema.filter((name) => !header.includes(name));
  if (unknown.length > 0)
    yield `detect lists columns in the schema that the manifest does not have: ${unknown.join(', ')}.`;
  const missing =
    task.schema === 'required' ? columns.filter(({ name, source = name }) => !schema.includes(source)) : [];
  if (missing.length > 0) {
    yield `detect leaves columns of the sample out of the schema: ${missing.map(({ name }) => name).join(', ')}.`;
  }
  yield* checkFields(task, detection);
}

/** Checks that `ingestor init` writes a valid configuration for the detection. */
async function* checkDraft(detection: Detection, { task, label }: RunConfig): AsyncGenerator<string, void> {
  const { manifest, schema, fields, fileOptions } = detection;
  const types = manifest.columns.filter(({ name }) => schema.includes(name) && name !== label?.column);
  const document: JsonObject = {
    apiVersion: API_VERSION,
    kind: KIND,
    category: task.id,
    table: 'conformance',
    intent: 'train',
    [manifest.format]: basename(manifest.path),
    ...(label && { label: { ...label } }),
    ...(types.length > 0 && { schema: Object.fromEntries(types.map(({ name, sql }) => [name, sql])) }),
    ...withPlaceholders(task.fields, fields),
    spec: {
      csv_options: Object.fromEntries((manifest.options ?? []).map(({ name, value }) => [name, value])),
      file_options: withPlaceholders(task.fileOptions, fileOptions),
    },
  };
  try {
    const cwd = dirname(manifest.path);
    await resolveConfig({ tasks: [task], document, flags: {}, env: {}, cwd, purpose: 'validate' });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) {
      yield `\`ingestor init\` cannot describe the sample: ${formatProblem(problem)} Correct what detect returns, or the examples of the required options.`;
    }
  }
}

function withPlaceholders(schema: JsonSchema, given: JsonObject): JsonObject {
  const placeholders = placeholdersOf(schema, given).map(({ name, value }) => [name, value] as const);
  return { ...given, ...Object.fromEntries(placeholders) };
}

function* checkFields(task: TaskType, { fields, fileOptions }: Detection): Generator<string, void> {
  const known = [
    ...Object.keys(objectAt(task.fields, 'properties')),
    ...task.layout.sidecars.map(({ field }) => field),
    ...(task.layout.sidecars.length > 0 ? [FILENAME_FIELD] : []),
  ];
  const options = Object.keys(objectAt(task.fileOptions, 'properties'));
  const odd = [
    ...Object.keys(fields).filter((name) => !known.includes(name)),
    ...Object.keys(fileOptions).filter((name) => !options.includes(name)),
  ];
  if (odd.length > 0) yield `detect sets fields that the task does not have: ${odd.join(', ')}.`;
}
