import { defineFormat } from '@tracebloc/ingestor-contract';
import { causalLanguageModeling } from './causal.js';
import { maskedLanguageModeling } from './masked.js';
import { seq2seq } from './seq2seq.js';

export default defineFormat({
  contract: 1,
  format: 'language-modeling',
  tasks: [maskedLanguageModeling, causalLanguageModeling, seq2seq],
});
