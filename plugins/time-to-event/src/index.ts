import { defineFormat } from '@tracebloc/ingestor-contract';
import { timeToEventPrediction } from './prediction.js';

export default defineFormat({ contract: 1, format: 'time-to-event', tasks: [timeToEventPrediction] });
