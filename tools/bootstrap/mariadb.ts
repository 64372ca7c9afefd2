/** Sees to a MariaDB that starts on this machine, before the test projects run side by side. */
import { startMariaDb } from '@tracebloc/ingestor-testing';

const server = await startMariaDb();
await server.stop();
