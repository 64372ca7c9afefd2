import { defineFormat } from '@tracebloc/ingestor-contract';
import { tabularClassification } from './classification.js';
import { tabularRegression } from './regression.js';

export default defineFormat({ contract: 1, format: 'tabular', tasks: [tabularClassification, tabularRegression] });
