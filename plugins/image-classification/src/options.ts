import type { JsonSchema } from '@tracebloc/ingestor-contract';
import { fittedSchemas } from '@tracebloc/ingestor-images';

const schemas = fittedSchemas({ targetSize: [256, 256], extension: '.jpeg' });

export const fields: JsonSchema = { type: 'object', properties: schemas.fields, required: [] };

export const fileOptions: JsonSchema = { type: 'object', properties: schemas.fileOptions, required: [] };
