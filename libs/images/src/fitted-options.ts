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

/** What `target_size` is. */
export const FITTED_SIZE = 'Width and height that every image has, or gets by `spec.file_options.fit`, in pixels.';

/** Returns the JSON Schemas of `FittedOptions`: the properties of the task's `fields`, and those of its `fileOptions`. */
export function fittedSchemas(usual: { targetSize: readonly [number, number]; extension: string }): {
  fields: Record<string, JsonSchema>;
  fileOptions: Record<string, JsonSchema>;
} {
  const size = [...usual.targetSize];
  return {
    fields: { target_size: sizeSchema(FITTED_SIZE, { default: size }) },
    fileOptions: {
      target_size: sizeSchema(`${FITTED_SIZE} It takes precedence over the field at the top level.`, { example: size }),
      fit: fitSchema(['exact', 'stretch', 'contain', 'cover']),
      extension: extensionSchema(usual.extension),
      min_size: sizeSchema('The least width and height of an image, in pixels.', { default: [...MIN_SIZE] }),
      ...(ENCODING_SCHEMAS as Record<string, JsonSchema>),
    },
  };
}

/** Returns the options. It refuses a target that has more pixels than an image may have. */
export function resolveFitted(raw: RawOptions): FittedOptions {
  const options = resolveSized(raw);
  const fit = raw.fileOptions.fit as Fit;
  if (fit !== 'exact') refuseLarge(raw, options);
  return { ...options, fit };
}

/** Returns the options but for `fit`, which a task may have in other ways. */
export function resolveSized({ fields: top, fileOptions: own }: RawOptions): Omit<FittedOptions, 'fit'> {
  return {
    targetSize: (own.target_size ?? top.target_size) as [number, number],
    extension: own.extension as string,
    minSize: own.min_size as [number, number],
    convert: own.convert as boolean,
    background: own.background as string,
    quality: own.quality as number,
    chroma: own.chroma as FittedOptions['chroma'],
  };
}

/** Throws an `OptionError` if images of the target size would have more pixels than an image may have. */
export function refuseLarge({ fileOptions: own }: RawOptions, { targetSize }: Pick<FittedOptions, 'targetSize'>): void {
  const [width, height] = targetSize;
  if (width * height <= MAX_PIXELS) return;
  const field = own.target_size ? 'spec.file_options.target_size' : 'target_size';
  const message = `the images would have more than ${MAX_PIXELS} pixels`;
  throw new OptionError(field, message, 'Use a smaller width and height.');
}

/** Returns the options for `file_options` in the metadata of a dataset. */
export function describeFitted(options: FittedOptions): JsonObject {
  const { targetSize, fit, extension, minSize } = options;
  const changed = { ...(fit === 'exact' ? {} : { fit }), ...changedEncoding(options) };
  return { target_size: [...targetSize], extension, min_size: [...minSize], ...changed };
}
