export {
  BIN,
  documentOf,
  lastLine,
  start,
  type Ended,
  type Env,
  type Running,
} from '@tracebloc/ingestor-testing/command';
