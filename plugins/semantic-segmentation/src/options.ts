import { type JsonObject, type JsonSchema, OptionError, type RawOptions } from '@tracebloc/ingestor-contract';
import { type FittedOptions, describeFitted, fittedSchemas, resolveFitted } from '@tracebloc/ingestor-images';

export interface SegmentationOptions extends FittedOptions {
  /** The names of the classes by the values of their pixels, 0 among them; absent if the configuration names none. */
  classes?: Readonly<Record<string, string>>;
  /** The value of pixels that belong to no class, if there is one. */
  ignore?: number;
}

const BACKGROUND = 'background';
export const TARGET_SIZE = [512, 512] as const;
/** How masks are named, in the manifest and in their folder. */
export const MASKS = { column: 'mask_id', suffix: '_mask' };
const schemas = fittedSchemas({ targetSize: TARGET_SIZE, extension: '.jpg' });

export const fieldSchema: JsonSchema = {
  type: 'object',
  properties: {
    ...schemas.fields,
    classes: {
      anyOf: [
        { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 },
        { type: 'object', additionalProperties: { type: 'string', minLength: 1 }, minProperties: 1 },
      ],
      description:
        'The names of the classes: a list in the order of their values from 0, the background, or a mapping from values. Other values are then errors.',
      examples: [['background', 'leaf', 'stem'], { 1: 'leaf', 2: 'stem' }],
    },
    ignore: {
      type: 'integer',
      minimum: 0,
      maximum: 255,
      description:
        'The value of pixels that belong to no class, such as the edges of objects. It is what the masks are padded with, too.',
      examples: [255],
    },
  },
  required: [],
};

export const fileOptions: JsonSchema = { type: 'object', properties: schemas.fileOptions, required: [] };

/** Refuses classes that cannot be told apart, and values that no pixel can have. */
export function resolve(raw: RawOptions): SegmentationOptions {
  const { classes: given, ignore } = raw.fields as { classes?: string[] | Record<string, string>; ignore?: number };
  const classes: Record<string, string> | undefined =
    given && (Array.isArray(given) ? Object.fromEntries(given.entries()) : { 0: BACKGROUND, ...given });
  if (Array.isArray(given) && given.length < 2) {
    const fix = `Write [${BACKGROUND}, ${given[0]}], or {1: ${given[0]}}.`;
    throw new OptionError('classes', 'the list has one class, which is that of 0, the background', fix);
  }
  const bad = Object.keys(classes ?? {}).find((value) => !/^(0|[1-9]\d{0,4})$/.test(value) || Number(value) > 65_535);
  if (bad !== undefined) {
    throw new OptionError(
      'classes',
      `"${bad}" is not a value that a pixel can have`,
      'Write whole numbers from 0 to 65535 before the names.',
    );
  }
  const names = new Map<string, string>();
  for (const [value, name] of Object.entries(classes ?? {})) {
    const key = name.trim().toLowerCase();
    const other = names.get(key);
    if (other !== undefined) {
      const message = `the classes of ${other} and ${value} have the same name, if case and space do not count`;
      throw new OptionError('classes', message, 'Give each class a separate name.');
    }
    names.set(key, value);
  }
  if (ignore !== undefined && classes?.[ignore] !== undefined && ignore !== 0) {
    throw new OptionError('ignore', `${ignore} is the value of a class`, 'Remove it here, or from `classes`.');
  }
  return { ...resolveFitted(raw), ...(classes && { classes }), ...(ignore !== undefined && { ignore }) };
}

export function metadata(options: SegmentationOptions): JsonObject {
  const { classes, ignore } = options;
  return {
    ...(classes && { classes: { ...classes } }),
    ...(ignore !== undefined && { ignore }),
    file_options: describeFitted(options),
  };
}
