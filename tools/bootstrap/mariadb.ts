/** Installs MariaDB when this machine has none, and starts it once, before the test projects run side by side. */
import { startMariaDb } from '@tracebloc/ingestor-testing';

const server = await startMariaDb();
await server.stop();
