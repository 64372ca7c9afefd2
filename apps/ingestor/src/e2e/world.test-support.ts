export { World, type Row, type Traces } from '@tracebloc/ingestor-testing/command';
