import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { OptionError, type JsonObject, type TaskType } from '@tracebloc/ingestor-contract';
import { ConfigError } from './errors.js';
import { resolveConfig } from './resolve/resolve.js';
import type { Resolution, ResolveInput } from './types.js';

/** Makes a task as a plugin defines it. */
export function fakeTask(overrides: Partial<TaskType> & { id: string }): TaskType {
  return {
    title: overrides.id,
    summary: `The task ${overrides.id}.`,
    dataFormat: 'tabular',
    label: { use: 'required', statePolicy: false },
    schema: 'required',
    missing: 'tokens',
    allowFeatureModification: false,
    fields: { type: 'object', properties: {} },
    fileOptions: { type: 'object', properties: {} },
    layout: { manifest: ['csv', 'json'], sidecars: [], description: 'One row for each record.' },
    findings: [],
    resolve: ({ fields, fileOptions }) => ({ ...fields, ...fileOptions }),
    records: async function* () {
      yield [];
    },
    metadata: () => ({}),
    ...overrides,
  };
}

const pixels = {
  type: 'array',
  items: { type: 'integer', minimum: 1 },
  minItems: 2,
  maxItems: 2,
  description: 'Pixels.',
  examples: [[256, 256]],
};

export const TASKS: readonly TaskType[] = [
  fakeTask({ id: 'tabular_classification' }),
  fakeTask({ id: 'tabular_regression', label: { use: 'required', statePolicy: true } }),
  fakeTask({
    id: 'time_to_event_prediction',
    fields: {
      type: 'object',
      properties: { time_column: { type: 'string', description: 'The time.', examples: ['time'] } },
    },
    resolve: ({ fields }) => {
      const timeColumn = typeof fields.time_column === 'string' ? fields.time_column : 'time';
      if (timeColumn.includes('|')) throw new OptionError('time_column', 'the name of a column cannot hold a bar');
      return { timeColumn };
    },
  }),
  fakeTask({
    id: 'image_classification',
    dataFormat: 'image',
    schema: 'optional',
    missing: 'empty',
    fields: { type: 'object', properties: { target_size: pixels } },
    fileOptions: {
      type: 'object',
      properties: {
        target_size: pixels,
        extension: {
          enum: ['.jpg', '.jpeg', '.png'],
          default: '.jpeg',
          description: 'The extension.',
          examples: ['.png'],
        },
      },
    },
    layout: {
      manifest: ['csv'],
      sidecars: [
        { field: 'images', extensions: ['.jpg', '.jpeg', '.png'], required: true, description: 'The images.' },
      ],
      description: 'One row for each image.',
    },
    resolve: ({ fields, fileOptions }) => ({
      targetSize: fileOptions.target_size ?? fields.target_size ?? [256, 256],
      extension: fileOptions.extension ?? '.jpeg',
    }),
  }),
  fakeTask({
    id: 'masked_language_modeling',
    dataFormat: 'text',
    label: { use: 'forbidden', statePolicy: false },
    schema: 'optional',
    layout: {
      manifest: ['csv'],
      sidecars: [{ field: 'sequences', extensions: ['.txt'], required: false, description: 'The sequences.' }],
      description: 'One row for each text.',
    },
  }),
];

/** Valid files, each named after its kind of task. */
export const BASE = `apiVersion: tracebloc.io/v1
kind: IngestConfig
category: tabular_classification
table: churn_train
intent: train
csv: data.csv
schema: {age: INT, plan: VARCHAR(32)}
label: churned
`;
export const REGRESSION = BASE.replace('tabular_classification', 'tabular_regression');
export const EVENTS = BASE.replace('tabular_classification', 'time_to_event_prediction');
export const IMAGES = BASE.replace('tabular_classification', 'image_classification').replace(/schema.*\n/, '');
export const TEXTS = IMAGES.replace('image_classification', 'masked_language_modeling').replace(/label.*\n/, '');

export const LOCAL = { CLIENT_ENV: 'local' };

/** Makes a folder for each test, in which the test can create `data.csv`, `data.jsonl` and `ingest.yaml`. */
export class Workplace {
  folder = '';

  write(name: string, text: string | Uint8Array): string {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /** Resolves the text as `ingest.yaml`, in this folder and the local environment. */
  file(yaml: string, more: Partial<ResolveInput> = {}): Promise<Resolution> {
    this.write('ingest.yaml', yaml);
    return this.run({ ...more, flags: { config: 'ingest.yaml', ...more.flags } });
  }

  run(more: Partial<ResolveInput>): Promise<Resolution> {
    return resolveConfig({ tasks: TASKS, flags: {}, env: LOCAL, cwd: this.folder, purpose: 'ingest', ...more });
  }

  object(document: JsonObject, more: Partial<ResolveInput> = {}): Promise<Resolution> {
    return this.run({ document, ...more });
  }
}

export function useWorkplace(): Workplace {
  const place = new Workplace();
  beforeEach(() => {
    place.folder = mkdtempSync(join(tmpdir(), 'ingestor-config-'));
    place.write('data.csv', 'age,plan,churned\n1,a,yes\n');
    place.write('data.jsonl', '{"age": 1}\n');
  });
  afterEach(() => rmSync(place.folder, { recursive: true }));
  return place;
}

/** Returns the error of a configuration that must be refused. */
export async function refusal(resolution: Promise<unknown>): Promise<ConfigError> {
  const error: unknown = await resolution.then(
    () => new Error('The configuration was accepted.'),
    (reason: unknown) => reason,
  );
  if (error instanceof ConfigError) return error;
  throw error;
}

/** Returns the lines of the message that describe the problems. */
export async function refusalLines(resolution: Promise<unknown>): Promise<string[]> {
  const { message } = await refusal(resolution);
  const [head, ...lines] = message.split('\n');
  return lines.length > 0 ? lines.map((line) => line.trim()) : [head!.replace('The configuration is not valid: ', '')];
}
