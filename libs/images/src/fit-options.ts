import type { JsonObject, JsonSchema } from '@tracebloc/ingestor-contract';
import type { FitRules } from './fit.js';

/** The options of `spec.file_options` by which images are encoded and converted, as a task has them: part of `FitRules`. */
export interface EncodingOptions extends Pick<FitRules, 'quality' | 'chroma' | 'background'> {
  /** Whether images of other formats, colours and depths become those of the dataset. */
  convert: boolean;
}

const FIT_MEANINGS: Readonly<Record<string, string>> = {
  exact: '`exact`: an error.',
  none: '`none`: an error, unless they are square or have the shape of `target_size`.',
  stretch: '`stretch`: their shape changes.',
  contain: '`contain`: they keep it, padded with black.',
  cover: '`cover`: they keep it, and what is over is cut off on both sides.',
};

/** Returns the JSON Schema of `fit` for a task that has these ways, the default first. */
export function fitSchema(ways: readonly string[]): JsonSchema {
  const [usual, ...others] = ways.map((way) => FIT_MEANINGS[way]!);
  return {
    enum: [...ways],
    description: `What becomes of images that do not have the target size. ${[usual!.replace(':', ' (default):'), ...others].join(' ')}`,
    default: ways[0]!,
    examples: ['contain'],
  };
}

/** The JSON Schemas of `EncodingOptions`. */
export const ENCODING_SCHEMAS: JsonObject = {
  convert: {
    type: 'boolean',
    description:
      'Whether WebP, TIFF, BMP and the first picture of a GIF become the format of `extension`. CMYK, palettes and alpha become grey or RGB, and of 16 bits the higher 8 are kept. Turned photos are turned upright. Without it all but palettes and turned photos are errors.',
    default: false,
    examples: [true],
  },
  background: {
    type: 'string',
    pattern: '^#[0-9a-fA-F]{6}$',
    description: 'The colour behind transparent pixels that are converted.',
    default: '#ffffff',
    examples: ['#000000'],
  },
  quality: {
    type: 'integer',
    minimum: 1,
    maximum: 100,
    description: 'The quality of JPEGs that are encoded. An image that needs no change is copied byte for byte.',
    default: 95,
    examples: [95],
  },
  chroma: {
    enum: ['4:4:4', '4:2:0'],
    description: 'The resolution of the colours in JPEGs that are encoded: full, or half, which makes them smaller.',
    default: '4:4:4',
    examples: ['4:2:0'],
  },
};

/** Returns those options that differ from the defaults, for the metadata of a dataset. */
export function changedEncoding(options: EncodingOptions): JsonObject {
  const entries = Object.entries(ENCODING_SCHEMAS).map(([name, schema]) => {
    const value = options[name as keyof EncodingOptions];
    return [name, value, (schema as JsonObject).default] as const;
  });
  return Object.fromEntries(
    entries.filter(([, value, usual]) => value !== usual).map(([name, value]) => [name, value]),
  );
}
