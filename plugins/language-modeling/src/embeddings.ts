import { detectTexts, textTask } from '@tracebloc/ingestor-dataset';
import { fitOf, possible, UNLABELLED } from './fit.js';

const FIELDS = ['anchor', 'positive', 'negative'];
const LEAST = 2;

export const embeddings = textTask({
  id: 'embeddings',
  title: 'Embeddings',
  summary: 'Learns which texts are close in meaning, such as a question and the passage that answers it.',
  label: UNLABELLED,
  form: 'text_pairs',
  text: 'The examples, each a line of an anchor, its positive, and a negative if there is one, with tabs between them.',
  row: 'One row for each example: its `filename`, with or without extension.',
  fields: { fields: FIELDS, least: LEAST, isLine: true },
  detect: detectTexts({
    isLabelled: false,
    columns: [
      FIELDS,
      ['query', 'positive', 'negative'],
      ['anchor', 'positive'],
      ['query', 'positive'],
      ['query', 'passage'],
      ['question', 'passage'],
    ],
    judge(found) {
      const [least, most] = found.range;
      if (least < LEAST || most > FIELDS.length) {
        return {
          reason: 'the texts are not examples of two or three fields: not each is a line with one tab or two',
          fix: 'Write each example as one line: an anchor, a tab, its positive, and, if there is one, a tab and its negative.',
        };
      }
      const caveat = 'its fields could be anchors and positives';
      const name = found.columns[1]?.trim().toLowerCase();
      if (name === 'positive' && found.labels.length === 0) return { fit: 'certain' };
      // Pairs without usual names are more often sources and targets.
      const isUsual = name === undefined ? most === FIELDS.length : name === 'positive' || name === 'passage';
      return isUsual ? fitOf(found, caveat) : possible(found.labels, caveat);
    },
  }),
});
