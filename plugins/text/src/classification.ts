import { fileTask } from '@tracebloc/ingestor-dataset';
import { detect } from './detect.js';
import { textFindings } from './findings.js';
import { EXTENSIONS, fileOptions } from './options.js';
import { checkText } from './text.js';
import { findTokenizer, TOKENIZER } from './tokenizer.js';

export const textClassification = fileTask({
  id: 'text_classification',
  title: 'Text classification',
  summary: 'Predicts the class of a text.',
  dataFormat: 'text',
  fileOptions,
  folder: {
    field: 'texts',
    extensions: EXTENSIONS,
    description: 'The texts, in UTF-8; a `tokenizer.json` may be beside it.',
  },
  row: 'One row for each text: its `filename`, with or without extension, and its label.',
  findings: textFindings.list,
  check: (file, report, { signal }) => checkText(file, report, signal),
  companions: [TOKENIZER],
  findCompanion: (texts, { report }) => findTokenizer(texts, report),
  detect,
  metadata: ({ extension }) => ({ file_options: { extension } }),
});
