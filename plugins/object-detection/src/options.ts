import { OptionError, type JsonObject, type JsonSchema, type RawOptions } from '@tracebloc/ingestor-contract';
import type { FileOptions } from '@tracebloc/ingestor-dataset';
import { MAX_PIXELS, extensionSchema, sizeSchema } from '@tracebloc/ingestor-images';
import type { Fit } from './geometry.js';

export interface DetectionOptions extends FileOptions {
  /** Width and height of the images as written, in pixels. */
  targetSize: readonly [number, number];
  fit: Fit;
  /** The smallest width and height of a source image, in pixels. */
  minSize: readonly [number, number];
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
    fit: {
      enum: ['none', 'stretch', 'contain'],
      description:
        'Images that are not square: `none` (default) is an error, `stretch` changes their shape, `contain` keeps it and pads with black.',
      default: 'none',
      examples: ['contain'],
    },
    extension: extensionSchema('.jpg'),
    min_size: sizeSchema('The least width and height of an image before it is resized, in pixels.', {
      default: [32, 32],
    }),
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
    fit: own.fit as Fit,
    extension: own.extension as string,
    minSize: own.min_size as [number, number],
  };
}

export function metadata({ targetSize, fit, extension, minSize }: DetectionOptions): JsonObject {
  return { file_options: { target_size: [...targetSize], fit, extension, min_size: [...minSize] } };
}
