export { serverProduct } from './servers/mysql-launcher.js';
export { createAuthority, selfSignedCertificate, type Authority, type Certificate } from './servers/certificates.js';
export { startMariaDb, type MariaDb, type MariaDbOptions } from './servers/mariadb.js';
export { shareMariaDb } from './servers/shared-mariadb.js';
export {
  startFakeBackend,
  type BackendCall,
  type BackendDataset,
  type BackendRequest,
  type BackendRun,
  type FakeBackend,
  type FakeBackendOptions,
  type Fault,
  type ReceivedRecord,
  type Violation,
} from './backend/backend.js';
export { mixedImages } from './mixed-images.js';
export { sampleImages } from './sample-images.js';
export { breakAt, recognize, type BreakingPoint, type StatementFault } from './servers/sql-faults.js';
export { startTcpProxy, type Interceptor, type Passage, type TcpProxy, type Verdict } from './servers/tcp-proxy.js';
export { startNpmRegistry, type NpmRegistry, type NpmRegistryOptions } from './servers/npm-registry.js';
export { type Growth, expectLinear } from './growth.js';
export { sampleWorkbook } from './sample-workbook.js';
