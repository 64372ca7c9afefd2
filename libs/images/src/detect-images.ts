import type { JsonObject, SourceFolder, Survey } from '@tracebloc/ingestor-contract';
import type { SurveyedFiles } from '@tracebloc/ingestor-dataset';
import {
  type ImageMeasures,
  commonExtension,
  describeConversions,
  measureFiles,
  measureImages,
  neededMinSize,
  storedExtension,
} from './measure.js';
import { MIN_SIZE, MIN_SIZE_COMMENT } from './options.js';

/** How `init` describes images. */
export interface DetectedImages {
  /** The extension of the dataset. */
  extension: string;
  measures: ImageMeasures;
  /** Whether `convert` is needed. */
  convert: boolean;
  /** `convert` and `min_size`, if they are needed. Sizes are those of the upright images if `upright` was true or they are converted. */
  fileOptions: JsonObject;
  /** What to write beside these options, and beside `images` if the images are not all alike. */
  comments: Record<string, string>;
}

/** Measures the images that a table names, so that a task can write options with which they are valid. */
export async function detectImages(
  survey: Survey,
  { folder, extension: found, count, filename }: SurveyedFiles,
  upright: boolean,
): Promise<DetectedImages> {
  const extension = storedExtension(found);
  const own = await measureImages(survey, folder.path, extension);
  // Files of other extensions matter only if rows name them.
  return describe(extension, extension !== found || filename.distinct > count ? own.all : own, upright);
}

/** Measures the images that a data layout gives. */
export async function detectGivenImages(folder: SourceFolder | undefined, upright: boolean): Promise<DetectedImages> {
  const files = Array.from(folder?.files ?? []);
  const extension = storedExtension(commonExtension(files));
  return describe(extension, (await measureFiles(files, extension)).all, upright);
}

function describe(extension: string, measures: ImageMeasures, upright: boolean): DetectedImages {
  const convert = measures.conversions.length > 0;
  const minSize = neededMinSize(upright || convert ? measures.upright : measures.stored, MIN_SIZE);
  const notes = describeImages(measures);
  return {
    extension,
    measures,
    convert,
    fileOptions: { ...(convert && { convert }), ...(minSize && { min_size: minSize }) },
    comments: {
      ...(notes && { images: notes }),
      convert: describeConversions(measures.conversions, extension),
      min_size: MIN_SIZE_COMMENT,
    },
  };
}

/** Returns in what the images differ, beside their sizes, or `undefined` if they are alike. */
function describeImages({ grey, coloured, turned }: ImageMeasures): string | undefined {
  const parts = [
    ...(grey > 0 && coloured > 0 ? [`${grey} in grey and ${coloured} in colours`] : []),
    ...(turned > 0 ? [`${turned} stored turned or mirrored, as their EXIF data says`] : []),
  ];
  return parts.length === 0 ? undefined : `${grey + coloured} images: ${parts.join('; ')}`;
}
