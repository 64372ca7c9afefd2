import { expect } from '@jest/globals';
import type { Desk, Row } from './cases.test-support.js';

/** A table with a configuration of a person who does not know the options, and what the findings lead to. */
export interface AdvisedCase {
  content: string;
  schema: Record<string, string>;
  /** The codes of the findings that are followed, in order. */
  codes: string[];
  rows: Row[];
  /** The index of the alternative that is followed. Default: 0. */
  choice?: number;
  options?: string[];
  task?: string;
}

/** Returns the text of these lines. */
export const lines = (...texts: string[]) => `${texts.join('\n')}\n`;

/** One column, its values as they are written and as the table has them, and the findings that lead there. */
export function advisedColumn(
  type: string,
  pairs: readonly (readonly [string, string | number])[],
  ...codes: string[]
): AdvisedCase {
  return {
    content: lines('v,y', ...pairs.map(([written], index) => `"${written}",${index}`)),
    schema: { v: type },
    codes,
    rows: pairs.map(([, value], index): Row => [String(index), value]),
  };
}

/** Follows the findings of a table, and compares its rows with what the person wanted. */
export async function checkAdvised(desk: Desk, wanted: AdvisedCase): Promise<void> {
  const { content, schema, codes, rows, choice, options = [], task } = wanted;
  await desk.configure(content, yamlOf(schema, options, task));
  for (const code of codes) {
    const [finding] = await desk.findings();
    expect(finding).toMatchObject({ code });
    await desk.follow(finding!, choice);
  }
  expect((await desk.findings()).filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(await desk.rows()).toEqual(rows);
}

/** Returns a configuration of the table, whose column `y` is the label. */
export function yamlOf(
  schema: Record<string, string>,
  options: readonly string[],
  task = 'tabular_classification',
): string {
  return [
    ...['apiVersion: tracebloc.io/v1', 'kind: IngestConfig', `category: ${task}`, 'table: cases', 'intent: train'],
    ...['csv: data.csv', `label: { column: y, policy: passthrough }`, `schema: ${JSON.stringify(schema)}`],
    ...(options.length > 0 ? ['spec:', '  csv_options:', ...options.map((option) => `    ${option}`)] : []),
    '',
  ].join('\n');
}
