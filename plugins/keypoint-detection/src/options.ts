import {
  type JsonObject,
  type JsonSchema,
  type JsonValue,
  OptionError,
  type RawOptions,
} from '@tracebloc/ingestor-contract';
import type { FileOptions } from '@tracebloc/ingestor-dataset';
import {
  ENCODING_SCHEMAS,
  type EncodingOptions,
  type Fit,
  MAX_PIXELS,
  MIN_SIZE,
  changedEncoding,
  extensionSchema,
  fitSchema,
  sizeSchema,
} from '@tracebloc/ingestor-images';

export interface KeypointOptions extends FileOptions, EncodingOptions {
  /** Width and height of the images as stored, in pixels. */
  targetSize: readonly [number, number];
  fit: Fit;
  /** The least width and height of an image, in pixels. */
  minSize: readonly [number, number];
  /** The number of points of each object. */
  numberOfKeypoints: number;
}

const FIRST = 'Required, here or in `spec.file_options`.';
const SECOND = 'It takes precedence over the field at the top level.';
const TARGET = 'Width and height that every image has, or gets by `spec.file_options.fit`, in pixels.';

const numberSchema = (more: string): JsonSchema => {
  const description = `The number of points that every object has, labelled or not. ${more}`;
  return { type: 'integer', minimum: 1, description, examples: [17] };
};

export const fields: JsonSchema = {
  type: 'object',
  properties: {
    target_size: sizeSchema(`${TARGET} ${FIRST}`, { example: [256, 256] }),
    number_of_keypoints: numberSchema(FIRST),
  },
  required: [],
};

export const fileOptions: JsonSchema = {
  type: 'object',
  properties: {
    target_size: sizeSchema(`${TARGET} ${SECOND}`, { example: [256, 256] }),
    number_of_keypoints: numberSchema(SECOND),
    fit: fitSchema(['exact', 'stretch', 'contain', 'cover']),
    extension: extensionSchema('.jpg'),
    min_size: sizeSchema('The least width and height of an image, in pixels.', { default: [...MIN_SIZE] }),
    ...ENCODING_SCHEMAS,
  },
  required: [],
};

/** Refuses options without a size or a number of points, and a size of more pixels than an image may have. */
export function resolve({ fields: top, fileOptions: own }: RawOptions): KeypointOptions {
  const needed = (name: string, fix: string): JsonValue => {
    const value = own[name] ?? top[name];
    if (value === undefined) throw new OptionError(name, 'is required', fix);
    return value;
  };
  const [width, height] = needed('target_size', 'Add the width and height of the images, such as [256, 256].') as [
    number,
    number,
  ];
  const count = needed('number_of_keypoints', 'Add the number of points that every object has, such as 17.');
  if (own.fit !== 'exact' && width * height > MAX_PIXELS) {
    const field = own.target_size ? 'spec.file_options.target_size' : 'target_size';
    const message = `the images would have more than ${MAX_PIXELS} pixels`;
    throw new OptionError(field, message, 'Use a smaller width and height.');
  }
  return {
    targetSize: [width, height],
    numberOfKeypoints: count as number,
    fit: own.fit as Fit,
    extension: own.extension as string,
    minSize: own.min_size as [number, number],
    convert: own.convert as boolean,
    background: own.background as string,
    quality: own.quality as number,
    chroma: own.chroma as KeypointOptions['chroma'],
  };
}

export function metadata(options: KeypointOptions): JsonObject {
  const { targetSize, fit, extension, minSize, numberOfKeypoints } = options;
  const changed = { ...(fit === 'exact' ? {} : { fit }), ...changedEncoding(options) };
  const size = { target_size: [...targetSize], extension, min_size: [...minSize] };
  return { file_options: { ...size, number_of_keypoints: numberOfKeypoints, ...changed } };
}
