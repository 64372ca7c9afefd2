import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createReport, openReader, type ReaderOptions } from '@tracebloc/ingestor-dataset';
import { CSV_DEFAULTS } from '@tracebloc/ingestor-core';
import { xlsx } from './xlsx.js';
import { writeZip } from './zip.js';

/** A cell as it stands in a sheet: a text, or the attributes and the content of the element. */
export type SheetCell = string | number | boolean | null | { attributes?: string; v: string };

/** The styles that cells may have: 1 is a date, 2 a date with a time, 3 a time, 4 a percentage. */
const STYLES = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss.000"/></numFmts><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" xfId="0"/><xf numFmtId="14" applyNumberFormat="1" xfId="0"/><xf numFmtId="164" applyNumberFormat="1" xfId="0"/><xf numFmtId="21" applyNumberFormat="1" xfId="0"/><xf numFmtId="10" applyNumberFormat="1" xfId="0"/></cellXfs></styleSheet>`;

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function cellXml(cell: SheetCell, reference: string): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c r="${reference}" t="b"><v>${Number(cell)}</v></c>`;
  if (typeof cell === 'string') {
    return `<c r="${reference}" t="inlineStr"><is><t xml:space="preserve">${escape(cell)}</t></is></c>`;
  }
  return `<c r="${reference}" ${cell.attributes ?? ''}><v>${cell.v}</v></c>`;
}

const columnName = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : columnName(Math.floor(index / 26) - 1) + columnName(index % 26);

/** Returns a workbook with these sheets, by their names. */
export function workbook(sheets: Readonly<Record<string, readonly (readonly SheetCell[])[]>>): Buffer {
  const names = Object.keys(sheets);
  const main = 'http://schemas.openxmlformats.org';
  const entries: [string, string][] = [
    [
      '[Content_Types].xml',
      `<Types xmlns="${main}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
    ],
    [
      '_rels/.rels',
      `<Relationships xmlns="${main}/package/2006/relationships"><Relationship Id="rId1" Type="${main}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `<workbook xmlns="${main}/spreadsheetml/2006/main" xmlns:r="${main}/officeDocument/2006/relationships"><sheets>${names.map((name, index) => `<sheet name="${escape(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join('')}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${main}/package/2006/relationships">${names.map((_, index) => `<Relationship Id="rId${index + 1}" Type="${main}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`).join('')}<Relationship Id="rId99" Type="${main}/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`,
    ],
    ['xl/styles.xml', STYLES],
    ...Object.values(sheets).map((rows, index): [string, string] => {
      const xml = rows.map((row, at) => {
        const cells = row.map((cell, column) => cellXml(cell, `${columnName(column)}${at + 1}`)).join('');
        return cells === '' ? '' : `<row r="${at + 1}">${cells}</row>`;
      });
      return [
        `xl/worksheets/sheet${index + 1}.xml`,
        `<worksheet xmlns="${main}/spreadsheetml/2006/main"><sheetData>${xml.join('')}</sheetData></worksheet>`,
      ];
    }),
  ];
  return writeZip(entries.map(([name, content]) => ({ name, content: Buffer.from(content) })));
}

/** Writes a workbook to a file and reads it as a table. */
export async function readBook(content: Uint8Array, more: Partial<ReaderOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'ingestor-xlsx-'));
  try {
    const path = join(folder, 'data.xlsx');
    writeFileSync(path, content);
    const options = { format: 'xlsx', table: xlsx, path, file: 'data', csv: CSV_DEFAULTS, missing: 'tokens' } as const;
    const reader = openReader({ ...options, ...more });
    const report = createReport();
    const manifest = await reader.open(report, new AbortController().signal);
    const rows: string[][] = [];
    const lines: number[] = [];
    for await (const batch of manifest?.batches ?? []) {
      rows.push(...batch.rows);
      lines.push(...batch.lines);
    }
    return { header: manifest?.header, rows, lines, report, reader };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
