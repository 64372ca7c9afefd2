import type { CONTRACT_VERSION, FormatPlugin } from '@tracebloc/ingestor-contract';
import { tasks } from './index.js';

/** A literal, so that it says which contract this package was built against, not which one it runs with. */
const contract: typeof CONTRACT_VERSION = 1;

/** Answers the oclif hook `ingestor:tasks`. */
export default async function hook(): Promise<FormatPlugin> {
  return { contract, format: 'text', tasks };
}
