import type { DataLayout } from '@tracebloc/ingestor-contract';
import { lineFindings } from '../findings.js';
import { locateFile, openTexts } from '../text-table.js';
import { detectPairs } from './detect.js';
import { PairParser } from './source.js';

export const pairs: DataLayout = {
  kind: 'layout',
  name: 'pairs',
  title: 'JSON lines of pairs',
  summary: 'JSON lines of two or three texts each, such as `source` and `target`, instead of a manifest and texts.',
  names: 'file',
  extensions: [],
  options: {
    type: 'object',
    properties: {
      fields: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        minItems: 2,
        maxItems: 3,
        description: 'The fields of the texts, in their order, also as a path. Default: those with usual names.',
        examples: [['translation.en', 'translation.de']],
      },
      label_field: {
        type: 'string',
        minLength: 1,
        description: 'The field of the label. Default: `label` or `gold_label`.',
        examples: ['relation'],
      },
    },
  },
  forms: ['text_pairs', 'free_texts'],
  findings: lineFindings.list.filter(({ code }) => code !== 'no-answer'),
  locate: locateFile,
  open: (request, reading) => openTexts(request, reading, new PairParser(request, reading)),
  detect: detectPairs,
};
