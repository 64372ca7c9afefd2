import { appendFile, readFile, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import type { DatasetRecord, TaskContext, TaskType } from '@tracebloc/ingestor-contract';
import { conformanceChecks } from './index.js';
import { type Fault, type NotesOptions, makePlugin, notes } from './notes-plugin.test-support.js';

type Context = TaskContext<NotesOptions>;

let folder = '';
afterEach(() => rm(folder, { recursive: true }));

async function checksOf(fault: Fault) {
  const made = await makePlugin(fault);
  folder = made.folder;
  return conformanceChecks(made.plugin, { folder });
}

/** Changes each record of the task. */
function changing(change: (record: DatasetRecord, context: Context) => Partial<DatasetRecord>): Fault {
  return reading(async function* (context) {
    for await (const batch of notes.records(context)) {
      yield batch.map((record) => ({ ...record, ...change(record, context) }));
    }
  });
}

const reading = (records: TaskType<NotesOptions>['records']): Fault => ({ task: { records } });
const describing = (task: Fault['task']): Fault => ({ task });
const fields = (property: object): Fault => ({
  task: { fields: { type: 'object', properties: { language: property as never }, required: [] } },
});
const file = (name: string, change: (text: string) => string | undefined): Fault => ({ files: { [name]: change } });

const detecting = (change: object): Fault =>
  describing({
    detect: async (survey, label) => {
      const found = await notes.detect!(survey, label);
      return found && { ...found, ...change };
    },
  });

/** A task that returns this for an empty folder. */
const refusing = (result: Awaited<ReturnType<NonNullable<typeof notes.detect>>>): Fault =>
  describing({
    detect: async (survey, label) => (survey.manifests.length === 0 ? result : notes.detect!(survey, label)),
  });

const kept: unknown[] = [];
const deaf = new AbortController().signal;
let passes = 0;

/** The check that must fail, what its message must be, and the fault of the plugin. */
const FAULTS: [check: string, says: RegExp, fault: Fault][] = [
  ['has the form of the contract', /contract is 99/, { plugin: { contract: 99 } }],
  ['has the form of the contract', /"My Notes" is not in kebab-case/, { plugin: { format: 'My Notes' } }],
  ['has the form of the contract', /has no tasks/, { plugin: { tasks: [] } }],
  ['has the form of the contract', /Two tasks have the id/, { plugin: { tasks: [notes, notes] as TaskType[] } }],
  ['is a package that the host finds', /"notes": the host looks for/, file('package.json', () => '{"name":"notes"}')],
  ['is a package that the host finds', /no package.json/, file('package.json', () => undefined)],
  [
    'fit the schema composed',
    /train.yaml does not fit the schema: it\/category/,
    file('samples/desk/train.yaml', (text) => text.replace('note_triage', 'note_filing')),
  ],
  ['is valid', /train.yaml:1:1 label: /, file('samples/desk/train.yaml', (text) => text.replace(/label.*/, ''))],
  ['describes itself', /not in snake_case/, describing({ id: 'NoteTriage' })],
  ['describes itself', /summary is empty/, describing({ summary: ' ' })],
  ['describes itself', /dataFormat is "notes"/, describing({ dataFormat: 'notes' as never })],
  [
    'describes itself',
    /extensions that are not like/,
    describing({
      layout: {
        ...notes.layout,
        sidecars: [{ field: 'notes', extensions: ['txt'], required: true, description: 'x' }],
      },
    }),
  ],
  [
    'catalogue of findings',
    /"Bad code" is not in kebab-case/,
    describing({ findings: [{ code: 'Bad code', severity: 'error', meaning: 'x', fix: 'y' }] }),
  ],
  [
    'catalogue of findings',
    /has no fix/,
    describing({ findings: [{ code: 'x', severity: 'error', meaning: 'x', fix: '' }] }),
  ],
  [
    'catalogue of findings',
    /code of the reader/,
    describing({ findings: [{ code: 'not-utf8', severity: 'error', meaning: 'x', fix: 'y' }] }),
  ],
  ['valid schemas', /not a valid JSON Schema/, fields({ type: 'text', description: 'x' })],
  [
    'valid schemas',
    /fileOptions.language has a default, which overrides/,
    describing({
      fileOptions: {
        type: 'object',
        properties: { language: { type: 'string', description: 'x', default: 'de' } },
        required: [],
      },
    }),
  ],
  [
    'valid schemas',
    /fields.kinds is required and has no example/,
    describing({
      fields: {
        type: 'object',
        properties: { kinds: { type: 'array', items: { type: 'string' }, description: 'x' } },
        required: ['kinds'],
      },
    }),
  ],
  ['valid schemas', /no description/, fields({ type: 'string' })],
  ['valid schemas', /does not accept its own default 7/, fields({ type: 'string', description: 'x', default: 7 })],
  [
    'valid schemas',
    /field that every ingest.yaml has/,
    describing({ fields: { type: 'object', properties: { csv: { type: 'string', description: 'x' } }, required: [] } }),
  ],
  ['has a sample', /No file samples/, file('samples/desk/train.yaml', () => undefined)],
  ['is valid', /the error missing-file \(row 2, column filename\)/, file('samples/desk/notes/a.txt', () => undefined)],
  [
    'is valid',
    /no records/,
    reading(async function* () {
      /* yields nothing */
    }),
  ],
  [
    'resolves the options',
    /other options the second time/,
    describing({ resolve: () => ({ language: `${passes++}`, kinds: [], extension: '.txt' }) }),
  ],
  ['records of the right form', /3 values for 1 columns/, changing(() => ({ values: ['1', '2', '3'] }))],
  ['records of the right form', /number as pages/, changing(() => ({ values: [1 as never] }))],
  ['records of the right form', /Row 5 comes after row 6/, changing(({ row }) => ({ row: 8 - row }))],
  ['records of the right form', /has no file with this target/, changing(() => ({ files: [] }))],
  [
    'records of the right form',
    /not the name of one file/,
    changing(({ files }) => ({ files: files.map((one) => ({ ...one, target: `notes/${one.target}` })) })),
  ],
  [
    'records of the right form',
    /Two files go to all.txt/,
    changing(({ files }) => ({ files: files.map((one) => ({ ...one, target: 'all.txt' })) })),
  ],
  [
    'records of the right form',
    /is not a file/,
    changing(({ files }) => ({ files: files.map((one) => ({ ...one, source: '/nowhere' })) })),
  ],
  ['records of the right form', /not plain JSON/, describing({ metadata: () => ({ language: undefined }) as never })],
  [
    'read the same each time',
    /other files, when it is read again/,
    changing(({ files }) => ({ files: files.map((one) => ({ ...one, content: Buffer.from(`${passes++}`) })) })),
  ],
  [
    'read the same each time',
    /if wantsFiles is false/,
    changing((_record, { wantsFiles }) => ({ label: wantsFiles ? 'high' : 'low' })),
  ],
  [
    'is only read',
    /notes was changed by reading/,
    changing(({ files }) => {
      void utimes(join(files[0]!.source, '..'), 1, 1);
      return {};
    }),
  ],
  [
    'is only read',
    /train.csv was changed by reading/,
    reading(async function* (context) {
      await appendFile(context.dataset.file, '\n');
      yield* notes.records(context);
    }),
  ],
  [
    'is the same in shards',
    /differs in shards/,
    describing({ shards: { rows: 'all', conclude: () => undefined }, records: otherInShards }),
  ],
  [
    'is the same in shards',
    /The conclusion over all shards has the error one-class/,
    describing({
      shards: {
        rows: 'all',
        conclude: (_parts, { report }) =>
          report.add({ severity: 'error', code: 'one-class', message: 'Oh.', fix: 'No.' }),
      },
    }),
  ],
  [
    'manifest is broken',
    /an empty manifest makes `records` throw/,
    reading(async function* (context) {
      if (!(await readFile(context.dataset.file, 'utf8'))) throw new Error('Oh');
      yield* notes.records(context);
    }),
  ],
  [
    'manifest is broken',
    /no label column is not an error/,
    reading((context) => notes.records({ ...context, label: 'urgency' })),
  ],
  ['manifest is broken', /reports missing-file, which is not in the task's/, describing({ findings: [] })],
  [
    'manifest is broken',
    /repeats a cell's value/,
    changing(({ row, label }, { report }) => {
      report.add({ severity: 'error', code: 'missing-file', message: `${label}`, row, fix: 'x' });
      return {};
    }),
  ],
  ['recognised by detect', /does not recognise the sample/, describing({ detect: async () => undefined })],
  [
    'recognised by detect',
    /does not recognise the sample \(it is blue\)/,
    describing({ detect: async () => ({ reason: 'it is blue', fix: 'Paint it.' }) }),
  ],
  ['recognised by detect', /does not say why an empty folder does not fit/, refusing(undefined)],
  [
    'recognised by detect',
    /a reason that ends with a full stop/,
    refusing({ reason: 'It is empty.', fix: 'Fill it.' }),
  ],
  ['recognised by detect', /a fix that is not a sentence/, refusing({ reason: 'it is empty', fix: 'fill it' })],
  ['recognised by detect', /does not name the sample's label, urgency/, detecting({ labels: ['filename'] })],
  ['recognised by detect', /fields that the task does not have: colour/, detecting({ fields: { colour: 'x' } })],
  ['recognised by detect', /does not have: gone/, detecting({ schema: ['gone'] })],
  [
    'recognised by detect',
    /`ingestor init` cannot describe the sample: .*extension/,
    detecting({ fileOptions: { extension: '.png' } }),
  ],
  [
    'flat memory',
    /Memory grows by [\d.]+ MiB/,
    changing((record) => {
      kept.push(record);
      return {};
    }),
  ],
  [
    'when the run is cancelled',
    /while rows are read continues/,
    reading((context) => notes.records({ ...context, signal: deaf })),
  ],
  [
    'when the run is cancelled',
    /before it begins continues/,
    // It reads all rows within the time that a reading may need to end.
    reading(async function* (context) {
      const manifest = await context.dataset.open(context.report, deaf);
      for await (const { rows } of manifest!.batches) if (rows.length === 0) yield [];
    }),
  ],
  [
    'when the run is cancelled',
    /fails with Error: Oh/,
    reading(async function* (context) {
      try {
        yield* notes.records(context);
      } catch {
        throw new Error('Oh');
      }
    }),
  ],
];

it('a plugin that conforms passes every check', async () => {
  for (const { run } of await checksOf({})) await run();
});

it.each(FAULTS)('%s: %s', async (name, says, fault) => {
  const checks = await checksOf(fault);
  const check = checks.find((one) => one.name.includes(name))!;
  await expect(check.run()).rejects.toThrow(says);
  kept.length = 0;
});

it('a configuration that is refused fails only one check of its sample', async () => {
  const checks = await checksOf(file('samples/desk/train.yaml', (text) => text.replace('urgency', '[urgency]')));
  const failed: string[] = [];
  for (const { name, run } of checks) await run().catch(() => failed.push(name));
  expect(failed).toEqual(['note_triage: desk/train.yaml is valid']);
});

it('each check has a fault that makes it fail', async () => {
  const names = (await checksOf({})).map(({ name }) => name);
  expect(names.filter((name) => !FAULTS.some(([fault]) => name.includes(fault)))).toEqual([]);
});

/** Yields no records in a shard. */
async function* otherInShards(context: TaskContext<NotesOptions>): AsyncGenerator<DatasetRecord[], void> {
  for await (const batch of notes.records(context)) if (!context.handOn) yield batch;
}
