import { type JsonSchema, OptionError, type RawOptions } from '@tracebloc/ingestor-contract';
import { encodingNamed } from '@tracebloc/ingestor-core';
import type { FileOptions } from '../records/file-task.js';

/** The extensions of texts. */
export const TEXT_EXTENSIONS = ['.txt', '.text'];
export const DEFAULT_TEXT_EXTENSION = '.txt';

/** The option that states the encoding of the texts. */
export const ENCODING_OPTION = 'spec.file_options.encoding';

export interface TextOptions extends FileOptions {
  /** The name of `encodingNamed` for the encoding from which the texts are converted; `undefined` if they are UTF-8. */
  encoding?: string;
  /** The columns of the manifest that hold the texts, if they are not files. A tab separates those of several columns. */
  textColumns?: readonly string[];
}

/** The field that names the columns of texts. */
export const TEXT_COLUMN = 'text_column';

/** The most fields of a text. */
const MOST_FIELDS = 3;

/** The fields of `ingest.yaml` of tasks whose files are texts. */
export const textFields: JsonSchema = {
  type: 'object',
  properties: {
    [TEXT_COLUMN]: {
      anyOf: [
        { type: 'string', minLength: 1 },
        { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, maxItems: MOST_FIELDS },
      ],
      description:
        'The column of the manifest that holds the texts, if they are not files. The cells of several columns become one text, with a tab between them.',
      examples: ['review', ['premise', 'hypothesis']],
    },
  },
  required: [],
};

/** The `spec.file_options` of tasks whose files are texts. */
export const textFileOptions: JsonSchema = {
  type: 'object',
  properties: {
    extension: {
      enum: [...TEXT_EXTENSIONS],
      description: 'The one extension of the texts.',
      default: DEFAULT_TEXT_EXTENSION,
      examples: [...TEXT_EXTENSIONS],
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
export function resolveText({ fields, fileOptions: { extension, encoding } }: RawOptions): TextOptions {
  const { [TEXT_COLUMN]: named } = fields;
  const textColumns = named === undefined ? undefined : ((Array.isArray(named) ? named : [named]) as string[]);
  const options = { extension: extension as string, ...(textColumns && { textColumns }) };
  if (encoding === undefined) return options;
  if (textColumns) {
    const fix = 'Remove it, and state the encoding of the table with `spec.csv_options.encoding`.';
    throw new OptionError(ENCODING_OPTION, 'the texts are in a table, so their files have no encoding', fix);
  }
  const known = encodingNamed(encoding as string);
  if (known === undefined) {
    const fix =
      'Use a name such as utf-16, windows-1252, gb18030 or cp850, or convert the texts to UTF-8 with `iconv`.';
    throw new OptionError(ENCODING_OPTION, `${JSON.stringify(encoding)} is not an encoding that can be read`, fix);
  }
  return known === 'utf-8' ? options : { ...options, encoding: known };
}
