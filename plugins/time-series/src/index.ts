import { defineFormat } from '@tracebloc/ingestor-contract';
import { timeSeriesClassification } from './classification/task.js';
import { timeSeriesForecasting } from './forecasting.js';

export default defineFormat({
  contract: 1,
  format: 'time-series',
  tasks: [timeSeriesForecasting, timeSeriesClassification],
});
