import { type JsonSchema, OptionError, type RawOptions } from '@tracebloc/ingestor-contract';
import type { FileOptions } from '@tracebloc/ingestor-dataset';
import {
  ENCODING_SCHEMAS,
  type EncodingOptions,
  type Fit,
  MAX_PIXELS,
  extensionSchema,
  fitSchema,
  sizeSchema,
} from '@tracebloc/ingestor-images';

export interface ImageOptions extends FileOptions, EncodingOptions {
  /** Width and height of the images as stored, in pixels. */
  targetSize: readonly [number, number];
  fit: Fit;
  /** The smallest width and height of an image, in pixels. */
  minSize: readonly [number, number];
}

const TARGET = 'Width and height that every image has, or gets by `spec.file_options.fit`, in pixels.';

export const fields: JsonSchema = {
  type: 'object',
  properties: { target_size: sizeSchema(TARGET, { default: [256, 256] }) },
  required: [],
};

export const fileOptions: JsonSchema = {
  type: 'object',
  properties: {
    target_size: sizeSchema(`${TARGET} It takes precedence over the field at the top level.`, { example: [256, 256] }),
    fit: fitSchema(['exact', 'stretch', 'contain', 'cover']),
    extension: extensionSchema('.jpeg'),
    min_size: sizeSchema('The least width and height of an image, in pixels.', { default: [32, 32] }),
    ...ENCODING_SCHEMAS,
  },
  required: [],
};

/** Refuses a target that has more pixels than an image may have. */
export function resolve({ fields: top, fileOptions: own }: RawOptions): ImageOptions {
  const [width, height] = (own.target_size ?? top.target_size) as [number, number];
  if (own.fit !== 'exact' && width * height > MAX_PIXELS) {
    const field = own.target_size ? 'spec.file_options.target_size' : 'target_size';
    throw new OptionError(
      field,
      `the images would have more than ${MAX_PIXELS} pixels`,
      'Use a smaller width and height.',
    );
  }
  return {
    targetSize: [width, height],
    fit: own.fit as Fit,
    extension: own.extension as string,
    minSize: own.min_size as [number, number],
    convert: own.convert as boolean,
    background: own.background as string,
    quality: own.quality as number,
    chroma: own.chroma as ImageOptions['chroma'],
  };
}
