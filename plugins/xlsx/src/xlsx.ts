import { createHash } from 'node:crypto';
import { default as readWorkbook } from 'read-excel-file/node';
import {
  type FileTable,
  type FileTableFormat,
  type JsonObject,
  type RowBatch,
  TableError,
  type TableFile,
} from '@tracebloc/ingestor-contract';
import { cellText, type CellValue, hasTime, numberText } from './cells.js';
import { type MakeRoom, RecentTables } from './recent-tables.js';
import { readZip, tooLarge, writeZip } from './zip.js';

/** The most bytes of a file, and of its sheets when they are unpacked: a workbook is in memory as a whole. */
const MAX_FILE = 64 << 20;
const MAX_UNPACKED = 256 << 20;

/** Rows in a batch. */
const BATCH = 4096;

/** Excel workbooks, of which one sheet is a table. */
export const xlsx: FileTableFormat = {
  kind: 'file',
  name: 'xlsx',
  title: 'Excel',
  summary: 'The manifest as a sheet of an Excel workbook of at most 64 MiB, or a pattern that names several workbooks.',
  extensions: ['.xlsx', '.xlsm'],
  options: {
    type: 'object',
    properties: {
      sheet: {
        type: 'string',
        minLength: 1,
        description: 'The name of the sheet. Default: the only sheet that is not empty.',
        examples: ['Customers'],
      },
      header_row: {
        type: 'integer',
        minimum: 1,
        description: 'The row of the column names, counted from 1. Default: the first row that is not empty.',
        examples: [3],
      },
    },
  },
  open,
};

type Row = readonly CellValue[];

interface Sheet {
  sheet: string;
  data: Row[];
}

/** The tables of this process. They are found by the content of their files, so that a file that was changed is read again. */
const recent = new RecentTables(MAX_UNPACKED);

async function open(file: TableFile, options: JsonObject): Promise<FileTable> {
  if (file.size > MAX_FILE) throw tooLarge(MAX_UNPACKED);
  const archive = Buffer.from(await file.read(0, file.size));
  const content = createHash('sha256').update(archive).digest('base64');
  return recent.get(content + JSON.stringify(options), async (makeRoom) =>
    tableOf(await readSheets(archive, makeRoom), options),
  );
}

function tableOf(sheets: readonly Sheet[], options: JsonObject): FileTable {
  const { data } = chooseSheet(sheets, options.sheet as string | undefined);
  const at = findHeader(data, options.header_row as number | undefined);
  const lines = data.flatMap((row, index) => (index > at && !isEmpty(row) ? [index] : []));
  const width = lines.reduce((most, index) => Math.max(most, filled(data[index]!)), filled(data[at]!));
  const names = Array.from({ length: width }, (_, column) => cellText(data[at]![column], false));
  const withTime = names.map((_, column) =>
    lines.some((index) => {
      const value = data[index]![column];
      return value instanceof Date && hasTime(value);
    }),
  );
  return {
    columns: names.map((name) => ({ name })),
    rows: lines.length,
    async *read(from, to, columns): AsyncGenerator<RowBatch, void> {
      for (let start = from; start < to; start += BATCH) {
        const some = lines.slice(start, Math.min(start + BATCH, to));
        yield {
          rows: some.map((index) => columns.map((column) => cellText(data[index]![column], withTime[column]!))),
          lines: some.map((index) => index + 1),
        };
      }
    },
  };
}

async function readSheets(archive: Buffer, makeRoom: MakeRoom): Promise<Sheet[]> {
  const isXml = (name: string) => name.endsWith('.xml') || name.endsWith('.rels');
  const entries = readZip(archive, isXml, MAX_UNPACKED).map(({ name, content }) => {
    return { name, content: name.startsWith('xl/worksheets/') ? withErrorsAsText(content) : content };
  });
  const options = { trim: false, parseNumber: numberText };
  makeRoom(entries.reduce((sum, { content }) => sum + content.length, 0));
  return readWorkbook(writeZip(entries), options).catch((cause: unknown) => {
    const fix = 'Open it in a spreadsheet program and save it again, or save the sheet as "CSV UTF-8".';
    throw new TableError('The Excel workbook cannot be read: it is damaged, or not a workbook.', fix, { cause });
  }) as Promise<Sheet[]>;
}

/** Turns errors such as #DIV/0! into texts, as in a CSV, because they would be read as missing values. */
function withErrorsAsText(sheet: Buffer): Buffer {
  if (!sheet.includes('t="e"')) return sheet;
  return Buffer.from(sheet.toString().replace(/(<(?:\w+:)?c\b[^>]*\s)t="e"/g, '$1t="str"'));
}

function chooseSheet(sheets: readonly Sheet[], wanted: string | undefined): Sheet {
  const names = (some: readonly Sheet[]) => some.map(({ sheet }) => sheet).join(', ');
  if (wanted !== undefined) {
    const found = sheets.find(({ sheet }) => sheet === wanted);
    if (!found) {
      const fix = `Correct \`spec.xlsx_options.sheet\`; the sheets are ${names(sheets)}.`;
      throw new TableError('The workbook has no sheet of the name that `spec.xlsx_options.sheet` states.', fix);
    }
    if (found.data.every(isEmpty)) throw new TableError('The sheet is empty.', 'Name a sheet that has a table.');
    return found;
  }
  const [only, ...others] = sheets.filter(({ data }) => !data.every(isEmpty));
  if (!only) throw new TableError('The workbook has no sheet that is not empty.', 'Use a workbook with a table.');
  if (others.length > 0) {
    const fix = `Set \`spec.xlsx_options.sheet\` to one of ${names([only, ...others])}. For \`ingestor init\`, save the sheet to a separate file, as a workbook or "CSV UTF-8".`;
    throw new TableError('The workbook has several sheets that are not empty.', fix);
  }
  return only;
}

/** Returns the index of the header's row. */
function findHeader(data: readonly Row[], wanted: number | undefined): number {
  if (wanted !== undefined) {
    if (data[wanted - 1] && !isEmpty(data[wanted - 1]!)) return wanted - 1;
    const fix = 'Correct `spec.xlsx_options.header_row`; rows are counted from 1, with the empty ones.';
    throw new TableError(`Row ${wanted}, which should have the names of the columns, is empty.`, fix);
  }
  const [first = 0, second] = data.flatMap((row, index) => (isEmpty(row) ? [] : [index])).slice(0, 2);
  if (second !== undefined && filled(data[first]!) === 1 && filled(data[second]!) > 2) {
    const message = `Row ${first + 1} has one cell, as a title does, and row ${second + 1} has several.`;
    throw new TableError(
      message,
      `Set \`spec.xlsx_options.header_row\` to the row of the names, such as ${second + 1}.`,
    );
  }
  return first;
}

const isMissing = (value: CellValue): boolean => value === null || value === undefined || value === '';
const isEmpty = (row: Row): boolean => row.every(isMissing);

/** Returns the number of cells up to the last one that is not empty. */
function filled(row: Row): number {
  return row.findLastIndex((value) => !isMissing(value)) + 1;
}
