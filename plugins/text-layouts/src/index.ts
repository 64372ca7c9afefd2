import { defineFormat } from '@tracebloc/ingestor-contract';
import { chat } from './chat/layout.js';
import { conll } from './conll/layout.js';
import { pairs } from './pairs/layout.js';

export default defineFormat({ contract: 1, format: 'text-layouts', tables: [conll, pairs, chat] });
