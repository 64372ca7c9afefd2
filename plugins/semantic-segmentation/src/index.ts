import { defineFormat } from '@tracebloc/ingestor-contract';
import { semanticSegmentation } from './semantic-segmentation.js';

export default defineFormat({ contract: 1, format: 'semantic-segmentation', tasks: [semanticSegmentation] });
