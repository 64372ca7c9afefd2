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
