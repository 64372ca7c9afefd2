import { defineFormat } from '@tracebloc/ingestor-contract';
import { objectDetection } from './detection.js';

export default defineFormat({ contract: 1, format: 'object-detection', tasks: [objectDetection] });
