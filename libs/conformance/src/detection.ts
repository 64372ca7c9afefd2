import { dirname } from 'node:path';
import type { Detection, Survey, TaskType } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { surveyPath } from '@tracebloc/ingestor-dataset';
import { objectAt } from './sample.js';

/** The task recognises its own sample, as `ingestor init` surveys it, and nothing where there is nothing. */
export async function* checkDetection(config: RunConfig): AsyncGenerator<string, void> {
  const { task, source } = config;
  const root = dirname(source.path);
  const { manifests, folders } = await surveyPath(root, new AbortController().signal);
  const survey: Survey = { root, folders, manifests: manifests.filter(({ path }) => path === source.path) };
  const detection = await task.detect?.(survey, config.label?.column);
  if (detection) yield* checkFound(detection, config);
  else yield 'detect finds nothing in the sample: let it recognise data of its own layout.';
  if (await task.detect?.({ root, folders: [], manifests: [] })) {
    yield 'detect finds something in an empty folder: give nothing where the data is none of the task.';
  }
}

function* checkFound(detection: Detection, { task, label, columns }: RunConfig): Generator<string, void> {
  const { fit, found, labels, schema, manifest } = detection;
  if (!['certain', 'likely', 'possible'].includes(fit)) yield `detect gives the fit "${fit}": see the contract's Fit.`;
  if (!found) yield 'detect does not say what it found: give a sentence for people.';
  if (label && !labels.includes(label.column)) {
    yield `detect does not name the sample's label, ${label.column}, among ${labels.join(', ') || 'no labels'}.`;
  }
  const header = manifest.columns.map(({ name }) => name);
  const unknown = schema.filter((name) => !header.includes(name));
  if (unknown.length > 0) yield `detect puts columns into the schema that are not there: ${unknown.join(', ')}.`;
  const missing = task.schema === 'required' ? columns.filter(({ name }) => !schema.includes(name)) : [];
  if (missing.length > 0) {
    yield `detect leaves columns of the sample out of the schema: ${missing.map(({ name }) => name).join(', ')}.`;
  }
  yield* checkFields(task, detection);
}

function* checkFields(task: TaskType, { fields, fileOptions }: Detection): Generator<string, void> {
  const known = [
    ...Object.keys(objectAt(task.fields, 'properties')),
    ...task.layout.sidecars.map(({ field }) => field),
  ];
  const options = Object.keys(objectAt(task.fileOptions, 'properties'));
  const odd = [
    ...Object.keys(fields).filter((name) => !known.includes(name)),
    ...Object.keys(fileOptions).filter((name) => !options.includes(name)),
  ];
  if (odd.length > 0) yield `detect sets fields that the task does not have: ${odd.join(', ')}.`;
}
