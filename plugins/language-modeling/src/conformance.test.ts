import { it } from '@jest/globals';
import { conformanceChecks } from '@tracebloc/ingestor-conformance';
import hook from './index.js';

it.each(conformanceChecks(await hook(), { folder: '.' }))('$name', ({ run }) => run());
