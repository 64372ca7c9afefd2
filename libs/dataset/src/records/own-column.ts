import type { SqlType, TaskContext } from '@tracebloc/ingestor-contract';
import type { OwnColumn } from '../checks/column-option.js';

const NUMERIC = ['integer', 'float', 'decimal'];
const TIMES = ['date', 'datetime'];

/** Returns a column with the formats of the others of its kind, which are of numbers or of times. */
export function ownColumn(
  { dataset, schema, label }: Pick<TaskContext<unknown>, 'dataset' | 'schema' | 'label'>,
  name: string,
): OwnColumn {
  const kinds = kindsOf(schema.find((column) => column.name === name)?.type);
  const alike = schema.filter(({ type }) => kinds.includes(type.kind)).map((column) => column.name);
  // A label that is not declared may be a number, or any other text.
  const names = new Set([
    ...alike,
    ...(label === undefined || schema.some((one) => one.name === label) ? [] : [label]),
  ]);
  names.delete(name);
  return { name, others: [...names].map((other) => [other, dataset.formatOf(other)]) };
}

const kindsOf = (type: SqlType | undefined): readonly string[] =>
  type !== undefined && TIMES.includes(type.kind) ? TIMES : NUMERIC;
