import {
  type JsonObject,
  type JsonSchema,
  type JsonValue,
  OptionError,
  type RawOptions,
} from '@tracebloc/ingestor-contract';
import {
  FITTED_SIZE,
  type FittedOptions,
  describeFitted,
  fittedSchemas,
  resolveFitted,
  sizeSchema,
} from '@tracebloc/ingestor-images';

export interface KeypointOptions extends FittedOptions {
  /** The number of points of each object. */
  numberOfKeypoints: number;
}

const FIRST = 'Required, here or in `spec.file_options`.';
const SECOND = 'It takes precedence over the field at the top level.';
const EXAMPLE: readonly [number, number] = [256, 256];

const numberSchema = (more: string): JsonSchema => {
  const description = `The number of points that every object has, labelled or not. ${more}`;
  return { type: 'integer', minimum: 1, description, examples: [17] };
};

export const fields: JsonSchema = {
  type: 'object',
  properties: {
    target_size: sizeSchema(`${FITTED_SIZE} ${FIRST}`, { example: [...EXAMPLE] }),
    number_of_keypoints: numberSchema(FIRST),
  },
  required: [],
};

const { target_size: targetSize, ...others } = fittedSchemas({ targetSize: EXAMPLE, extension: '.jpg' }).fileOptions;

export const fileOptions: JsonSchema = {
  type: 'object',
  properties: { target_size: targetSize!, number_of_keypoints: numberSchema(SECOND), ...others },
  required: [],
};

/** Refuses options without a size or a number of points, and a size of more pixels than an image may have. */
export function resolve(raw: RawOptions): KeypointOptions {
  const needed = (name: string, fix: string): JsonValue => {
    const value = raw.fileOptions[name] ?? raw.fields[name];
    if (value === undefined) throw new OptionError(name, 'is required', fix);
    return value;
  };
  needed('target_size', 'Add the width and height of the images, such as [256, 256].');
  const count = needed('number_of_keypoints', 'Add the number of points that every object has, such as 17.');
  return { ...resolveFitted(raw), numberOfKeypoints: count as number };
}

export function metadata(options: KeypointOptions): JsonObject {
  return { file_options: { ...describeFitted(options), number_of_keypoints: options.numberOfKeypoints } };
}
