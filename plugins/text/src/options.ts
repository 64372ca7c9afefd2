import { OptionError, type JsonSchema, type RawOptions } from '@tracebloc/ingestor-contract';
import { encodingNamed } from '@tracebloc/ingestor-core';
import type { FileOptions } from '@tracebloc/ingestor-dataset';

export const EXTENSIONS = ['.txt', '.text'];
export const DEFAULT_EXTENSION = '.txt';

/** The option that states the encoding of the texts. */
export const ENCODING_OPTION = 'spec.file_options.encoding';

export interface TextOptions extends FileOptions {
  /** The name of `encodingNamed` for the encoding from which the texts are converted; `undefined` if they are UTF-8. */
  encoding?: string;
}

export const fileOptions: JsonSchema = {
  type: 'object',
  properties: {
    extension: {
      enum: EXTENSIONS,
      description: 'The one extension of the texts.',
      default: DEFAULT_EXTENSION,
      examples: EXTENSIONS,
    },
    encoding: {
      type: 'string',
      description:
        'The one encoding of the texts, by the names of `spec.csv_options.encoding`. Default: UTF-8. Other texts are converted to UTF-8.',
      examples: ['windows-1252', 'utf-16', 'gb18030'],
    },
  },
  required: [],
};

/** Refuses an encoding that cannot be read. */
export function resolve({ fileOptions: { extension, encoding } }: RawOptions): TextOptions {
  const options = { extension: extension as string };
  if (encoding === undefined) return options;
  const known = encodingNamed(encoding as string);
  if (known === undefined) {
    const fix =
      'Use a name such as utf-16, windows-1252, gb18030 or cp850, or convert the texts to UTF-8 with `iconv`.';
    throw new OptionError(ENCODING_OPTION, `${JSON.stringify(encoding)} is not an encoding that can be read`, fix);
  }
  return known === 'utf-8' ? options : { ...options, encoding: known };
}
