import type { JsonSchema, RawOptions } from '@tracebloc/ingestor-contract';

export const EXTENSIONS = ['.txt', '.text'];
export const DEFAULT_EXTENSION = '.txt';

export interface TextOptions {
  /** Of all texts; lower case, with the dot. */
  extension: string;
}

export const fields: JsonSchema = { type: 'object', properties: {}, required: [] };

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

export function resolve({ fileOptions: own }: RawOptions): TextOptions {
  return { extension: (own.extension ?? DEFAULT_EXTENSION) as string };
}
