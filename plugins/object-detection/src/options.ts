import type { JsonObject, JsonSchema, RawOptions } from '@tracebloc/ingestor-contract';
import {
  ENCODING_SCHEMAS,
  type Fit,
  type FittedOptions,
  changedEncoding,
  extensionSchema,
  fitSchema,
  refuseLarge,
  resolveSized,
  sizeSchema,
} from '@tracebloc/ingestor-images';

export interface DetectionOptions extends Omit<FittedOptions, 'fit'> {
  /** `none`: an image that has neither the target's shape nor is square is an error, and all have one size. */
  fit: Fit | 'none';
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
export function resolve(raw: RawOptions): DetectionOptions {
  const { fit, clip } = raw.fileOptions;
  const options = resolveSized(raw);
  refuseLarge(raw, options);
  return { ...options, fit: fit as DetectionOptions['fit'], clip: clip as boolean };
}

export function metadata(options: DetectionOptions): JsonObject {
  const { targetSize, fit, extension, minSize, clip } = options;
  const changed = { ...(clip && { clip }), ...changedEncoding(options) };
  return { file_options: { target_size: [...targetSize], fit, extension, min_size: [...minSize], ...changed } };
}
