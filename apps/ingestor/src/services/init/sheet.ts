import { relative } from 'node:path';
import type { InspectedTable, SurveyedOption, TableFormat } from '@tracebloc/ingestor-contract';
import { listNames, nearest, shortenName } from '@tracebloc/ingestor-core';
import { inspectTable } from '@tracebloc/ingestor-dataset';
import type { Ask } from './ask.js';
import { makeError } from '../../errors.js';

/** The most names of sheets in a message. */
const MAX_LISTED = 20;

/** What is known of the sheet before it is read. */
export interface ChosenSheet {
  /** The options of the format. They are absent if several sheets leave it open. */
  options?: readonly SurveyedOption[];
  /** The sheets with a table that leave it open, each with its options. */
  open: readonly { name: string; options: readonly SurveyedOption[] }[];
}

/** Chooses the sheet of a workbook, and returns the options that read it. A table of another format needs none. */
export async function chooseSheet(
  path: string,
  formats: readonly TableFormat[],
  wanted: string | undefined,
  ask: Ask,
): Promise<ChosenSheet> {
  const found = await inspectTable(path, formats);
  if (!found) {
    if (wanted === undefined) return { options: [], open: [] };
    throw makeError('wrong-usage', {
      message: `--sheet names a sheet of a workbook, and ${relative(process.cwd(), path)} is none.`,
      fix: 'Leave it out, or give the path of a workbook.',
    });
  }
  const { tables, option, others } = found;
  const optionsOf = ({ name, options }: InspectedTable): SurveyedOption[] => [
    ...(wanted === undefined && tables.length === 1
      ? []
      : [{ name: option, value: name, reason: sheetReason(tables.length) }]),
    ...options,
  ];
  if (wanted !== undefined) {
    const table = tables.find(({ name }) => name === wanted);
    if (!table) throw unknownSheet(wanted, tables, others);
    return { options: optionsOf(table), open: [] };
  }
  const [only, ...more] = tables;
  // What is wrong with a workbook without a table is reported by its reader.
  if (more.length === 0) return { options: only ? optionsOf(only) : [], open: [] };
  const chosen = await ask({
    about: 'sheet',
    asks: 'Which sheet is the table?',
    choices: tables.map(({ name, description }) => ({ value: name, description })),
    answer: 'Give --sheet <name>.',
  });
  const table = tables.find(({ name }) => name === chosen);
  if (table) return { options: optionsOf(table), open: [] };
  return { open: tables.map((one) => ({ name: one.name, options: optionsOf(one) })) };
}

const sheetReason = (count: number): string =>
  count === 1 ? 'the only sheet that is not empty' : `one of ${count} sheets that are not empty`;

function unknownSheet(wanted: string, tables: readonly InspectedTable[], others: readonly string[]) {
  const names = tables.map(({ name }) => name);
  if (others.includes(wanted)) {
    return makeError('unknown-sheet', {
      message: `The sheet ${JSON.stringify(shortenName(wanted))} is empty.`,
      fix: `The sheets that are not empty are: ${listNames(names, MAX_LISTED)}.`,
    });
  }
  const near = nearest(wanted, names);
  const hint = near === undefined ? '' : ` Did you mean ${JSON.stringify(near)}?`;
  return makeError('unknown-sheet', {
    message: `The workbook has no sheet ${JSON.stringify(shortenName(wanted))}.${hint}`,
    fix: `Its sheets are: ${listNames(names, MAX_LISTED)}.`,
  });
}
