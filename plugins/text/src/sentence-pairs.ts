import { detectTexts, textTask } from '@tracebloc/ingestor-dataset';
import { caveatOfColumns } from './detect.js';

const PAIR = 2;

export const sentencePairClassification = textTask({
  id: 'sentence_pair_classification',
  title: 'Sentence pair classification',
  summary: 'Predicts how two sentences relate, such as whether one follows from the other.',
  form: 'text_pairs',
  text: 'The pairs, each a line of two sentences with a tab between them.',
  row: 'One row for each pair: its `filename`, with or without extension, and its label.',
  fields: { fields: ['sentence', 'sentence'], isLine: true },
  detect: detectTexts({
    isLabelled: true,
    columns: [
      ['sentence1', 'sentence2'],
      ['premise', 'hypothesis'],
      ['question1', 'question2'],
      ['text_a', 'text_b'],
      ['sentence_a', 'sentence_b'],
      ['question', 'sentence'],
      ['question', 'passage'],
      ['query', 'passage'],
    ],
    judge(found) {
      if (found.fields === PAIR) return caveatOfColumns(found) ?? { fit: 'certain' };
      return {
        reason: 'the texts are not pairs: not each is a line with one tab',
        fix: 'Write each pair as one line: a sentence, a tab, and the other sentence.',
      };
    },
  }),
});
