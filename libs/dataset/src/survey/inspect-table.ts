import type { TableFormat, TableInspection } from '@tracebloc/ingestor-contract';
import { isTableError } from '@tracebloc/ingestor-contract';
import { openInput, UnusableInput } from '@tracebloc/ingestor-core';
import { tableFile } from '../manifest/file-part.js';
import { actualFormat } from './actual-format.js';
import { filesAt } from './survey.js';

/**
 * Returns the tables of a file that has several, such as the sheets of a workbook; of several files, those of the first.
 * Returns `undefined` if its format has one table a file, and if the file cannot be read, which its reader reports.
 */
export async function inspectTable(
  path: string,
  formats: readonly TableFormat[],
): Promise<TableInspection | undefined> {
  const [file = path] = filesAt(path);
  const { name } = await actualFormat(file, formats);
  const format = formats.find((one) => one.name === name);
  if (format?.kind !== 'file' || !format.inspect) return undefined;
  try {
    const handle = await openInput(file);
    try {
      return await format.inspect(tableFile(file, (await handle.stat()).size, handle));
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isTableError(error) || error instanceof UnusableInput) return undefined;
    throw error;
  }
}
