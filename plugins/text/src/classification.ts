import { textTask } from '@tracebloc/ingestor-dataset';
import { detectClasses } from './detect.js';
import { tokenizerFindings } from './findings.js';
import { findTokenizer, TOKENIZER } from './tokenizer.js';

export const textClassification = textTask({
  id: 'text_classification',
  title: 'Text classification',
  summary: 'Predicts the class of a text.',
  form: 'text_classes',
  text: 'The texts, in UTF-8 unless `spec.file_options.encoding` says otherwise; a `tokenizer.json` may be beside it.',
  row: 'One row for each text: its `filename`, with or without extension, and its label.',
  findings: tokenizerFindings.list,
  companions: [TOKENIZER],
  findCompanion: (texts, { report }) => findTokenizer(texts, report),
  detect: detectClasses,
});
