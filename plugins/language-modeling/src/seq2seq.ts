import { detectTexts, textTask } from '@tracebloc/ingestor-dataset';
import { fitOf, UNLABELLED } from './fit.js';

const PAIR = 2;

export const seq2seq = textTask({
  id: 'seq2seq',
  title: 'Sequence to sequence',
  summary: 'Turns a text into another, such as its translation or its summary.',
  label: UNLABELLED,
  form: 'text_pairs',
  text: 'The pairs, each a source and its target with a tab between them.',
  row: 'One row for each pair: its `filename`, with or without extension.',
  fields: { fields: ['source', 'target'], isLine: false, mayLackTab: true },
  detect: detectTexts({
    isLabelled: false,
    columns: [
      ['source', 'target'],
      ['src', 'tgt'],
      ['input', 'output'],
      ['input_text', 'target_text'],
      ['document', 'summary'],
      ['article', 'highlights'],
      ['question', 'answer'],
    ],
    judge(found) {
      if (found.fields === PAIR) return fitOf(found, 'its pairs could be sources and targets');
      return {
        reason: 'the texts are not pairs: not each is a line with one tab',
        fix: 'Write into each file a source, a tab, and its target.',
      };
    },
  }),
});
