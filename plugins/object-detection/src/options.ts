import type { JsonObject, JsonSchema, RawOptions } from '@tracebloc/ingestor-contract';
import { MAX_PIXELS, extensionSchema, sizeSchema } from '@tracebloc/ingestor-images';
import type { Fit } from './geometry.js';

export interface DetectionOptions {
  /** Width and height of the images as written, in pixels. */
  targetSize: readonly [number, number];
  fit: Fit;
  /** Of all images; lower case, with the dot. */
  extension: string;
  /** Least width and height of a source, in pixels. */
  minSize: readonly [number, number];
}

const TARGET = sizeSchema('Width and height to which the images are resized, in pixels.', [448, 448]);

export const fields: JsonSchema = { type: 'object', properties: { target_size: TARGET }, required: [] };

export const fileOptions: JsonSchema = {
  type: 'object',
  properties: {
    target_size: { ...TARGET, description: `${TARGET.description as string} Wins over the top level.` },
    fit: {
      enum: ['none', 'stretch', 'contain'],
      description:
        'Images that are not square: `none` (default) is an error, `stretch` changes their shape, `contain` keeps it and pads with black.',
      default: 'none',
      examples: ['contain'],
    },
    extension: extensionSchema('.jpg'),
    min_size: sizeSchema('Least width and height of an image before it is resized, in pixels.', [32, 32]),
  },
  required: [],
};

export function resolve({ fields: top, fileOptions: own }: RawOptions): DetectionOptions {
  const [width, height] = (own.target_size ?? top.target_size ?? [448, 448]) as [number, number];
  if (width * height > MAX_PIXELS) throw new TypeError(`target_size has more than ${MAX_PIXELS} pixels`);
  return {
    targetSize: [width, height],
    fit: (own.fit ?? 'none') as Fit,
    extension: (own.extension ?? '.jpg') as string,
    minSize: (own.min_size ?? [32, 32]) as [number, number],
  };
}

export function metadata({ targetSize, fit, extension, minSize }: DetectionOptions): JsonObject {
  return { file_options: { target_size: [...targetSize], fit, extension, min_size: [...minSize] } };
}
