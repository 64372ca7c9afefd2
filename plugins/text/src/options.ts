import type { JsonSchema } from '@tracebloc/ingestor-contract';

export const EXTENSIONS = ['.txt', '.text'];
export const DEFAULT_EXTENSION = '.txt';

export const fileOptions: JsonSchema = {
  type: 'object',
  properties: {
    extension: {
      enum: EXTENSIONS,
      description: 'The one extension of the texts.',
      default: DEFAULT_EXTENSION,
      examples: EXTENSIONS,
    },
  },
  required: [],
};
