import type { JsonSchema, RawOptions } from '@tracebloc/ingestor-contract';
import { extensionSchema, sizeSchema } from '@tracebloc/ingestor-images';

export interface ImageOptions {
  /** Width and height that every image has, in pixels. */
  targetSize: readonly [number, number];
  /** Of all images; lower case, with the dot. */
  extension: string;
  /** Least width and height, in pixels. */
  minSize: readonly [number, number];
}

const TARGET = sizeSchema('Width and height that every image must have, in pixels.', [256, 256]);

export const fields: JsonSchema = { type: 'object', properties: { target_size: TARGET }, required: [] };

export const fileOptions: JsonSchema = {
  type: 'object',
  properties: {
    target_size: { ...TARGET, description: `${TARGET.description as string} Wins over the top level.` },
    extension: extensionSchema('.jpeg'),
    min_size: sizeSchema('Least width and height of an image, in pixels.', [32, 32]),
  },
  required: [],
};

export function resolve({ fields: top, fileOptions: own }: RawOptions): ImageOptions {
  return {
    targetSize: (own.target_size ?? top.target_size ?? [256, 256]) as [number, number],
    extension: (own.extension ?? '.jpeg') as string,
    minSize: (own.min_size ?? [32, 32]) as [number, number],
  };
}
