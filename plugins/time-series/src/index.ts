import { defineFormat } from '@tracebloc/ingestor-contract';
import { timeSeriesForecasting } from './forecasting.js';

export default defineFormat({ contract: 1, format: 'time-series', tasks: [timeSeriesForecasting] });
