import { defineFormat } from '@tracebloc/ingestor-contract';
import { imageClassification } from './classification.js';

export default defineFormat({ contract: 1, format: 'image-classification', tasks: [imageClassification] });
