import { defineFormat } from '@tracebloc/ingestor-contract';
import { textClassification } from './classification.js';

export default defineFormat({ contract: 1, format: 'text', tasks: [textClassification] });
