import { defineFormat } from '@tracebloc/ingestor-contract';
import { parquet } from './parquet.js';

export default defineFormat({ contract: 1, format: 'parquet', tables: [parquet] });
