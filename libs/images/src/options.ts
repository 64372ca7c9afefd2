import type { JsonSchema } from '@tracebloc/ingestor-contract';
import type { ConvertibleFiles } from '@tracebloc/ingestor-dataset';

/** Extensions of images, lower case, with the dot. */
export const IMAGE_EXTENSIONS = ['.jpg', '.jpeg', '.png'] as const;

/** Extensions of images of which most are only converted, those of datasets first. */
export const CONVERTIBLE_EXTENSIONS = [...IMAGE_EXTENSIONS, '.webp', '.bmp', '.gif', '.tif', '.tiff'] as const;

/** Returns the files that a task with the option `convert` takes beside those of its extension. */
export const convertibleFiles = (convert: boolean): ConvertibleFiles => ({
  extensions: CONVERTIBLE_EXTENSIONS,
  isOn: convert,
  fix: 'Set `spec.file_options.convert: true`, which converts such files to `extension`, or convert the file yourself.',
});

/** The least width and height of an image unless the configuration says otherwise, in pixels. */
export const MIN_SIZE: readonly [number, number] = [32, 32];
/** What `init` says beside `min_size`. */
export const MIN_SIZE_COMMENT = 'the least width and height that an image has';

/** Returns the JSON Schema of a width and height in pixels, which has a default or only an example. */
export const sizeSchema = (description: string, value: { default: number[] } | { example: number[] }): JsonSchema => ({
  type: 'array',
  description,
  items: { type: 'integer', minimum: 1 },
  minItems: 2,
  maxItems: 2,
  ...('default' in value ? { default: value.default, examples: [value.default] } : { examples: [value.example] }),
});

/** Returns the JSON Schema of the one extension of a dataset's images. */
export const extensionSchema = (fallback: string): JsonSchema => ({
  enum: [...IMAGE_EXTENSIONS],
  description: 'The one extension of the images.',
  default: fallback,
  examples: [fallback],
});
