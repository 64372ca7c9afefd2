import { OptionError, type JsonObject, type JsonSchema, type RawOptions } from '@tracebloc/ingestor-contract';
import type { FileOptions } from '@tracebloc/ingestor-dataset';
import {
  ENCODING_SCHEMAS,
  type EncodingOptions,
  type Fit,
  MAX_PIXELS,
  changedEncoding,
  extensionSchema,
  fitSchema,
  sizeSchema,
} from '@tracebloc/ingestor-images';

export interface DetectionOptions extends FileOptions, EncodingOptions {
  /** Width and height of the images as written, in pixels. */
  targetSize: readonly [number, number];
  /** `none`: an image that has neither the target's shape nor is square is an error, and all have one size. */
  fit: Fit | 'none';
  /** The smallest width and height of a source image, in pixels. */
  minSize: readonly [number, number];
  /** Whether boxes are cut at the edges of their image. */
  clip: boolean;
}

/** The default width and height of the images as written, in pixels. */
export const TARGET_SIZE: readonly [number, number] = [448, 448];

const TARGET = 'Width and height to which the images are resized, in pixels.';

export const fields: JsonSchema = {
  type: 'object',
  properties: { target_size: sizeSchema(TARGET, { default: [...TARGET_SIZE] }) },
  required: [],
};

export const fileOptions: JsonSchema = {
  type: 'object',
  properties: {
    target_size: sizeSchema(`${TARGET} It takes precedence over the field at the top level.`, { example: [448, 448] }),
    fit: fitSchema(['none', 'exact', 'stretch', 'contain', 'cover']),
    extension: extensionSchema('.jpg'),
    min_size: sizeSchema('The least width and height of an image before it is resized, in pixels.', {
      default: [32, 32],
    }),
    clip: {
      type: 'boolean',
      description:
        'Whether boxes that reach out of their image are cut at its edge, with a warning. Without it they are errors. An edge that rounds to that of the image always is moved there.',
      default: false,
      examples: [true],
    },
    ...ENCODING_SCHEMAS,
  },
  required: [],
};

/** Refuses a target that has more pixels than an image may have. */
export function resolve({ fields: top, fileOptions: own }: RawOptions): DetectionOptions {
  const [width, height] = (own.target_size ?? top.target_size) as [number, number];
  if (width * height > MAX_PIXELS) {
    const field = own.target_size ? 'spec.file_options.target_size' : 'target_size';
    const fix = 'Use a smaller width and height.';
    throw new OptionError(field, `the images would have more than ${MAX_PIXELS} pixels`, fix);
  }
  return {
    targetSize: [width, height],
    fit: own.fit as DetectionOptions['fit'],
    extension: own.extension as string,
    minSize: own.min_size as [number, number],
    clip: own.clip as boolean,
    convert: own.convert as boolean,
    background: own.background as string,
    quality: own.quality as number,
    chroma: own.chroma as DetectionOptions['chroma'],
  };
}

export function metadata(options: DetectionOptions): JsonObject {
  const { targetSize, fit, extension, minSize, clip } = options;
  const changed = { ...(clip && { clip }), ...changedEncoding(options) };
  return { file_options: { target_size: [...targetSize], fit, extension, min_size: [...minSize], ...changed } };
}
