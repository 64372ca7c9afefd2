import { defineFormat } from '@tracebloc/ingestor-contract';
import { keypointDetection } from './detection.js';

export default defineFormat({ contract: 1, format: 'keypoint-detection', tasks: [keypointDetection] });
