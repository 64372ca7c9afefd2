import { defineFormat } from '@tracebloc/ingestor-contract';
import { coco } from './coco/layout.js';
import { oneHot } from './one-hot/layout.js';
import { voc } from './voc/layout.js';
import { yolo } from './yolo/layout.js';

export default defineFormat({ contract: 1, format: 'image-layouts', tables: [coco, oneHot, voc, yolo] });
