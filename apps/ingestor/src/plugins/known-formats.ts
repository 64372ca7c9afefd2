/** The formats that are published, so that a missing one can be named: which package brings which task. */
export const KNOWN_FORMATS: readonly { package: string; tasks: readonly string[] }[] = [
  { package: '@tracebloc/ingestor-plugin-tabular', tasks: ['tabular_classification', 'tabular_regression'] },
  { package: '@tracebloc/ingestor-plugin-image-classification', tasks: ['image_classification'] },
  { package: '@tracebloc/ingestor-plugin-object-detection', tasks: ['object_detection'] },
  { package: '@tracebloc/ingestor-plugin-time-series', tasks: ['time_series_forecasting'] },
  { package: '@tracebloc/ingestor-plugin-time-to-event', tasks: ['time_to_event_prediction'] },
  { package: '@tracebloc/ingestor-plugin-text', tasks: ['text_classification'] },
];

export function packageOfTask(taskId: string): string | undefined {
  return KNOWN_FORMATS.find(({ tasks }) => tasks.includes(taskId))?.package;
}
