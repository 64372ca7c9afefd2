import { type JsonObject, type JsonSchema, OptionError, type RawOptions } from '@tracebloc/ingestor-contract';
import type { FileOptions } from '@tracebloc/ingestor-dataset';
import { ENCODING_SCHEMAS, type EncodingOptions, changedEncoding, fitSchema } from './fit-options.js';
import type { Fit } from './geometry.js';
import { MAX_PIXELS } from './image.js';
import { MIN_SIZE, extensionSchema, sizeSchema } from './options.js';

/** The options of a task whose images have one size, or are brought to it. */
export interface FittedOptions extends FileOptions, EncodingOptions {
  /** Width and height of the images as stored, in pixels. */
  targetSize: readonly [number, number];
  fit: Fit;
  /** The least width and height of an image before it is fitted, in pixels. */
  minSize: readonly [number, number];
}

const TARGET = 'Width and height that every image has, or gets by `spec.file_options.fit`, in pixels.';

/** Returns the JSON Schemas of `FittedOptions`: the properties of the task's `fields`, and those of its `fileOptions`. */
export function fittedSchemas(usual: { targetSize: readonly [number, number]; extension: string }): {
  fields: Record<string, JsonSchema>;
  fileOptions: Record<string, JsonSchema>;
} {
  const size = [...usual.targetSize];
  return {
    fields: { target_size: sizeSchema(TARGET, { default: size }) },
    fileOptions: {
      target_size: sizeSchema(`${TARGET} It takes precedence over the field at the top level.`, { example: size }),
      fit: fitSchema(['exact', 'stretch', 'contain', 'cover']),
      extension: extensionSchema(usual.extension),
      min_size: sizeSchema('The least width and height of an image, in pixels.', { default: [...MIN_SIZE] }),
      ...(ENCODING_SCHEMAS as Record<string, JsonSchema>),
    },
  };
}

/** Returns the options. It refuses a target that has more pixels than an image may have. */
export function resolveFitted({ fields: top, fileOptions: own }: RawOptions): FittedOptions {
  const [width, height] = (own.target_size ?? top.target_size) as [number, number];
  if (own.fit !== 'exact' && width * height > MAX_PIXELS) {
    const field = own.target_size ? 'spec.file_options.target_size' : 'target_size';
    const message = `the images would have more than ${MAX_PIXELS} pixels`;
    throw new OptionError(field, message, 'Use a smaller width and height.');
  }
  return {
    targetSize: [width, height],
    fit: own.fit as Fit,
    extension: own.extension as string,
    minSize: own.min_size as [number, number],
    convert: own.convert as boolean,
    background: own.background as string,
    quality: own.quality as number,
    chroma: own.chroma as FittedOptions['chroma'],
  };
}

/** Returns the options for `file_options` in the metadata of a dataset. */
export function describeFitted(options: FittedOptions): JsonObject {
  const { targetSize, fit, extension, minSize } = options;
  const changed = { ...(fit === 'exact' ? {} : { fit }), ...changedEncoding(options) };
  return { target_size: [...targetSize], extension, min_size: [...minSize], ...changed };
}
