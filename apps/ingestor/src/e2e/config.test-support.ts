export { GOOD_CSV, TWO_COLUMNS, yamlOf, type ConfigFields } from '@tracebloc/ingestor-testing/command';
