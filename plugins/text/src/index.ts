import { defineFormat } from '@tracebloc/ingestor-contract';
import { textClassification } from './classification.js';
import { sentencePairClassification } from './sentence-pairs.js';
import { tokenClassification } from './tokens.js';

export default defineFormat({
  contract: 1,
  format: 'text',
  tasks: [textClassification, tokenClassification, sentencePairClassification],
});
