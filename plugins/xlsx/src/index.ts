import { defineFormat } from '@tracebloc/ingestor-contract';
import { xlsx } from './xlsx.js';

export default defineFormat({ contract: 1, format: 'xlsx', tables: [xlsx] });
