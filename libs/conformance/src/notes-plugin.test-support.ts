import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CONTRACT_VERSION } from '@tracebloc/ingestor-contract';
import type { DatasetRecord, FormatPlugin, TaskContext, TaskType } from '@tracebloc/ingestor-contract';
import {
  COLUMN_FINDINGS,
  FILE_FINDINGS,
  LABEL_FINDINGS,
  SidecarFolder,
  TYPE_FINDINGS,
  eachRow,
  openRecords,
  locationOf,
  readFileRecords,
  surveyFiles,
} from '@tracebloc/ingestor-dataset';

export interface NotesOptions {
  language: string;
  kinds: string[];
  extension: string;
}

/** A task that conforms. Each row names a note, a text file, and says how urgent it is. */
export const notes: TaskType<NotesOptions> = {
  id: 'note_triage',
  title: 'Triage of notes',
  summary: 'Predicts how urgent a note is.',
  dataFormat: 'text',
  label: { use: 'required', statePolicy: false },
  schema: 'optional',
  missing: 'empty',
  allowFeatureModification: false,
  fields: {
    type: 'object',
    properties: {
      language: { type: 'string', description: 'The language of the notes.', default: 'en', examples: ['de'] },
      kinds: {
        type: 'array',
        items: { type: 'string' },
        description: 'The kinds of notes.',
        examples: [['order', 'complaint']],
      },
    },
    required: ['kinds'],
  },
  fileOptions: {
    type: 'object',
    properties: { extension: { enum: ['.txt', '.text'], description: 'The extension of the notes.', default: '.txt' } },
    required: [],
  },
  layout: {
    manifest: ['csv'],
    sidecars: [{ field: 'notes', extensions: ['.txt'], required: true, description: 'The notes.' }],
    description: 'One row for each note.',
  },
  findings: [...COLUMN_FINDINGS, ...TYPE_FINDINGS, ...LABEL_FINDINGS, ...FILE_FINDINGS],
  metadata: (options) => ({ ...options }),
  records: readNotes,
  detect: async (survey) => {
    const files = surveyFiles(survey, 'notes', ['.txt', '.text']);
    if ('reason' in files) return files;
    const { manifest, labels, extension } = files;
    return {
      fit: 'likely',
      found: 'Notes.',
      manifest,
      labels,
      schema: [],
      fields: { language: 'en' },
      fileOptions: { extension },
    };
  },
};

async function* readNotes(context: TaskContext<NotesOptions>): AsyncGenerator<DatasetRecord[], void> {
  const rows = await openRecords(context, { add: () => undefined }, ['filename']);
  if (!rows) return;
  const folder = await SidecarFolder.open(context.folders.notes!, context.options.extension);
  const column = rows.at.get('filename');
  yield* readFileRecords(
    eachRow(rows),
    async ({ record, cells }, report) => {
      if (column === undefined) return record;
      const origin = { ...locationOf(context, 'filename'), report, row: record.row };
      const file = await folder.find(cells[column]!, origin);
      if (!file) return record;
      const { stem, extension, path } = file;
      const content = context.wantsFiles ? Buffer.from(stem.toUpperCase()) : undefined;
      return { ...record, filename: stem, extension, files: [{ source: path, target: stem + extension, content }] };
    },
    context,
  );
}

const YAML = `apiVersion: tracebloc.io/v1
kind: IngestConfig
category: note_triage
table: notes_train
intent: train
csv: train.csv
label: urgency
kinds: [order, complaint]
schema: { pages: INT }
`;

/** The files of the package by their paths. */
const FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: '@acme/ingestor-plugin-notes',
    oclif: { hooks: { 'ingestor:tasks': './hook.js' } },
  }),
  'samples/desk/train.yaml': YAML,
  'samples/desk/train.csv': 'filename,urgency,pages\na,high,1\nb,low,2\nc,low,\n',
  'samples/desk/notes/a.txt': 'The roof leaks.',
  'samples/desk/notes/b.txt': 'Order tea.',
  'samples/desk/notes/c.txt': 'Water the plants.',
};

/** The faults of a plugin. */
export interface Fault {
  plugin?: Partial<FormatPlugin>;
  task?: Partial<TaskType<NotesOptions>>;
  /** Changes the text of files of the package. `undefined` removes a file. */
  files?: Record<string, (text: string) => string | undefined>;
}

/** Writes the package with its faults into a temporary folder. */
export async function makePlugin({ plugin, task, files = {} }: Fault): Promise<{
  plugin: FormatPlugin;
  folder: string;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'ingestor-notes-'));
  for (const [name, text] of Object.entries(FILES)) {
    const changed = files[name] ? files[name](text) : text;
    if (changed === undefined) continue;
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), changed);
  }
  const tasks = [{ ...notes, ...task } as TaskType];
  return { plugin: { contract: CONTRACT_VERSION, format: 'notes', tasks, ...plugin }, folder };
}
