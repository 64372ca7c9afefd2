import { detectTexts, textTask } from '@tracebloc/ingestor-dataset';
import { fitOf, possible, UNLABELLED } from './fit.js';

export const causalLanguageModeling = textTask({
  id: 'causal_language_modeling',
  title: 'Causal language modeling',
  summary: 'Learns to continue a text, or to answer a prompt.',
  label: UNLABELLED,
  form: 'free_texts',
  text: 'The texts, each free or a prompt and its completion with a tab between them.',
  row: 'One row for each text: its `filename`, with or without extension.',
  detect: detectTexts({
    isLabelled: false,
    columns: [
      ['prompt', 'completion'],
      ['prompt', 'response'],
      ['instruction', 'response'],
      ['instruction', 'output'],
      ['text'],
      ['content'],
    ],
    judge(found) {
      const caveat = 'a model could learn to continue the texts';
      const isPairs = found.fields > 1 && !found.columns.some((name) => /^(prompt|instruction)$/i.test(name));
      return isPairs ? possible(found.labels, caveat) : fitOf(found, caveat);
    },
  }),
});
