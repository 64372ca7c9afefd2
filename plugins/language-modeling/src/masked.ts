import { detectTexts, textTask } from '@tracebloc/ingestor-dataset';
import { possible, UNLABELLED } from './fit.js';

export const maskedLanguageModeling = textTask({
  id: 'masked_language_modeling',
  title: 'Masked language modeling',
  summary: 'Learns language by filling in words that are left out of a text.',
  label: UNLABELLED,
  form: 'free_texts',
  folder: 'sequences',
  text: 'The texts.',
  row: 'One row for each text: its `filename`, with or without extension.',
  detect: detectTexts({
    folder: 'sequences',
    isLabelled: false,
    columns: [['sequence'], ['sequences'], ['text']],
    judge({ folder, columns, labels }) {
      const isUsual = folder?.toLowerCase() === 'sequences' || columns[0]?.toLowerCase().startsWith('sequence');
      return isUsual ? { fit: 'certain' } : possible(labels, 'words could be left out of the texts');
    },
  }),
});
