import { fileTask } from '@tracebloc/ingestor-dataset';
import { detect } from './detect.js';
import { textFindings } from './findings.js';
import { EXTENSIONS, fileOptions, resolve } from './options.js';
import { checkText, convertText } from './text.js';
import { findTokenizer, TOKENIZER } from './tokenizer.js';

export const textClassification = fileTask({
  id: 'text_classification',
  title: 'Text classification',
  summary: 'Predicts the class of a text.',
  dataFormat: 'text',
  fileOptions,
  resolve,
  folder: {
    field: 'texts',
    extensions: EXTENSIONS,
    description:
      'The texts, in UTF-8 unless `spec.file_options.encoding` says otherwise; a `tokenizer.json` may be beside it.',
  },
  form: 'text_classes',
  row: 'One row for each text: its `filename`, with or without extension, and its label.',
  findings: textFindings.list,
  check: (file, report, { options, signal }) => checkText(file, options, report, signal),
  convert: (file, { options, signal }) => convertText(file, options, signal),
  companions: [TOKENIZER],
  findCompanion: (texts, { report }) => findTokenizer(texts, report),
  detect,
  metadata: ({ extension }) => ({ file_options: { extension } }),
});
