/** The names of published format plugins begin with this. The rest is the friendly name that people type. */
export const FORMAT_PREFIX = '@tracebloc/ingestor-plugin-';

/** The published formats with their tasks and table formats, so that the package of a missing one can be named. */
export const KNOWN_FORMATS: readonly { package: string; tasks: readonly string[]; tables?: readonly string[] }[] = [
  { package: `${FORMAT_PREFIX}class-folders`, tasks: [], tables: ['class_folders'] },
  { package: `${FORMAT_PREFIX}image-classification`, tasks: ['image_classification'] },
  { package: `${FORMAT_PREFIX}image-layouts`, tasks: [], tables: ['coco', 'one_hot', 'voc', 'yolo'] },
  { package: `${FORMAT_PREFIX}keypoint-detection`, tasks: ['keypoint_detection'] },
  {
    package: `${FORMAT_PREFIX}language-modeling`,
    tasks: ['masked_language_modeling', 'causal_language_modeling', 'seq2seq'],
  },
  { package: `${FORMAT_PREFIX}object-detection`, tasks: ['object_detection'] },
  { package: `${FORMAT_PREFIX}parquet`, tasks: [], tables: ['parquet'] },
  { package: `${FORMAT_PREFIX}semantic-segmentation`, tasks: ['semantic_segmentation'] },
  { package: `${FORMAT_PREFIX}tabular`, tasks: ['tabular_classification', 'tabular_regression'] },
  {
    package: `${FORMAT_PREFIX}text`,
    tasks: ['text_classification', 'token_classification', 'sentence_pair_classification'],
  },
  { package: `${FORMAT_PREFIX}text-layouts`, tasks: [], tables: ['conll', 'pairs', 'chat'] },
  { package: `${FORMAT_PREFIX}time-series`, tasks: ['time_series_classification', 'time_series_forecasting'] },
  { package: `${FORMAT_PREFIX}time-to-event`, tasks: ['time_to_event_prediction'] },
  { package: `${FORMAT_PREFIX}xlsx`, tasks: [], tables: ['xlsx'] },
];

export function packageOfTask(taskId: string): string | undefined {
  return KNOWN_FORMATS.find(({ tasks }) => tasks.includes(taskId))?.package;
}

/** Returns the package of a table format, by the name of its field in `ingest.yaml`. */
export function packageOfTable(name: string): string | undefined {
  return KNOWN_FORMATS.find(({ tables }) => tables?.includes(name))?.package;
}

/** Returns `text` for `@tracebloc/ingestor-plugin-text`, and any other name unchanged. */
export function friendlyName(packageName: string): string {
  return packageName.startsWith(FORMAT_PREFIX) ? packageName.slice(FORMAT_PREFIX.length) : packageName;
}

/** Returns the command that installs the package. */
export function installCommand(packageName: string): string {
  return `ingestor plugins install ${friendlyName(packageName)}`;
}
