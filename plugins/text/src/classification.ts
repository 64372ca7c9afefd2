import type { TaskType } from '@tracebloc/ingestor-contract';
import {
  COLUMN_FINDINGS,
  ClassCheck,
  FILE_FINDINGS,
  LABEL_FINDINGS,
  TYPE_FINDINGS,
  readNamedFiles,
} from '@tracebloc/ingestor-dataset';
import { detect } from './detect.js';
import { textFindings } from './findings.js';
import { EXTENSIONS, type TextOptions, fields, fileOptions, resolve } from './options.js';
import { checkText } from './text.js';
import { findTokenizer, TOKENIZER } from './tokenizer.js';

export const textClassification: TaskType<TextOptions> = {
  id: 'text_classification',
  title: 'Text classification',
  summary: 'Predicts the class of a text.',
  dataFormat: 'text',
  label: { use: 'required', statePolicy: false },
  schema: 'optional',
  missing: 'empty',
  allowFeatureModification: false,
  fields,
  fileOptions,
  layout: {
    manifest: ['csv', 'json'],
    sidecars: [
      {
        field: 'texts',
        extensions: EXTENSIONS,
        required: true,
        description: 'The texts, in UTF-8; a `tokenizer.json` may lie beside it.',
      },
    ],
    companions: [TOKENIZER],
    description: 'One row a text: its `filename`, with or without extension, and its label.',
  },
  findings: [
    ...COLUMN_FINDINGS,
    ...TYPE_FINDINGS,
    ...LABEL_FINDINGS,
    ...FILE_FINDINGS.filter(({ code }) => code !== 'unpaired-file'),
    ...textFindings.list,
  ],
  resolve,
  records: (context) => {
    const { options, report, signal } = context;
    return readNamedFiles(context, {
      field: 'texts',
      extension: options.extension,
      labelCheck: new ClassCheck(),
      check: (file, notes) => checkText(file, notes, signal),
      findCompanion: (texts) => findTokenizer(texts, report),
    });
  },
  shards: { rows: 'all' },
  detect,
  metadata: ({ extension }) => ({ file_options: { extension } }),
};
