import { defineFormat } from '@tracebloc/ingestor-contract';
import { coco } from './coco/layout.js';

export default defineFormat({ contract: 1, format: 'image-layouts', tables: [coco] });
