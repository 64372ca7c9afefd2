import type { DataLayout, JsonObject } from '@tracebloc/ingestor-contract';
import { conllFindings } from '../findings.js';
import { locateFile, openTexts } from '../text-table.js';
import { detectConll } from './detect.js';
import { ConllParser } from './source.js';
import type { ConllOptions } from './words.js';

export const conll: DataLayout = {
  kind: 'layout',
  name: 'conll',
  title: 'CoNLL',
  summary:
    'A CoNLL file, instead of a manifest and texts: a line for each word with its tag, and an empty line between two sentences.',
  names: 'file',
  extensions: [],
  options: {
    type: 'object',
    properties: {
      tag_column: {
        enum: ['last', 'first'],
        description: 'Where the tag is in a line: `last` (default) or `first`.',
        default: 'last',
        examples: ['first'],
      },
      word_column: {
        type: 'integer',
        minimum: 1,
        description: 'The number of the column of words, from 1. Default: the first one beside the tag.',
        examples: [2],
      },
      scheme: {
        enum: ['iob2', 'iob1', 'bioes'],
        description:
          'How the tags are written: `iob2` (default) with B- at each first word, `iob1` with B- between two names, or `bioes`, also BILOU. All become IOB2.',
        default: 'iob2',
        examples: ['iob1'],
      },
    },
  },
  forms: ['token_tags'],
  findings: conllFindings.list,
  locate: locateFile,
  open: (request, reading) =>
    openTexts(request, reading, new ConllParser(request.path, optionsOf(request.options), reading)),
  detect: detectConll,
};

function optionsOf({ tag_column: tag, word_column: word, scheme }: JsonObject): ConllOptions {
  return {
    tag: tag as ConllOptions['tag'],
    word: word as number | undefined,
    scheme: scheme as ConllOptions['scheme'],
  };
}
