import type { JsonSchema } from '@tracebloc/ingestor-contract';
import type { FileOptions } from '@tracebloc/ingestor-dataset';
import { extensionSchema, sizeSchema } from '@tracebloc/ingestor-images';

export interface ImageOptions extends FileOptions {
  /** Width and height that every image has, in pixels. */
  targetSize: readonly [number, number];
  /** The smallest width and height of an image, in pixels. */
  minSize: readonly [number, number];
}

const TARGET = 'Width and height that every image must have, in pixels.';

export const fields: JsonSchema = {
  type: 'object',
  properties: { target_size: sizeSchema(TARGET, { default: [256, 256] }) },
  required: [],
};

export const fileOptions: JsonSchema = {
  type: 'object',
  properties: {
    target_size: sizeSchema(`${TARGET} It takes precedence over the field at the top level.`, { example: [256, 256] }),
    extension: extensionSchema('.jpeg'),
    min_size: sizeSchema('The least width and height of an image, in pixels.', { default: [32, 32] }),
  },
  required: [],
};
