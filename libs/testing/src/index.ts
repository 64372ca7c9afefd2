export { serverProduct } from './mysql-launcher.js';
export { createAuthority, selfSignedCertificate, type Authority, type Certificate } from './certificates.js';
export { startMariaDb, type MariaDb, type MariaDbOptions } from './mariadb.js';
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
} from './fake-backend.js';
export { readTask, type TaskInput, type TaskOutput } from './read-task.js';
export { sampleImages } from './sample-images.js';
export { breakAt, recognize, type BreakingPoint, type StatementFault } from './sql-faults.js';
export { startTcpProxy, type Interceptor, type Passage, type TcpProxy, type Verdict } from './tcp-proxy.js';
export { startNpmRegistry, type NpmRegistry, type NpmRegistryOptions } from './npm-registry.js';
export { type Growth, expectLinear } from './growth.js';
