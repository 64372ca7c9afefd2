import { defineFormat } from '@tracebloc/ingestor-contract';
import { classFolders } from './layout.js';

export default defineFormat({ contract: 1, format: 'class-folders', tables: [classFolders] });
