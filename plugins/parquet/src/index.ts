import { defineFormat } from '@tracebloc/ingestor-contract';
import { parquet } from './format.js';

export default defineFormat({ contract: 1, format: 'parquet', tables: [parquet] });
