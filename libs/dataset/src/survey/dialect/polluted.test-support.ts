import type { DialectOptions } from './types.js';

/** A clean table. */
export interface Table {
  name: string;
  header: string[];
  units: string[];
  rows: string[][];
}

/** How a clean table is written. */
export interface Style {
  delimiter?: string;
  quote?: string;
  /** The character before quotes and itself in a quoted cell; absent if quotes are doubled. */
  escape?: string;
  lineEnd?: string;
  /** The number of lines of the header, whose names are split at `_`. */
  headerLines?: number;
  preamble?: string[];
  footer?: string[];
  hasUnits?: boolean;
  /** Lines of comment before the header, and before the third row. */
  comments?: [before: string[], within: string[]];
  trailing?: boolean;
  /** What follows each delimiter. */
  space?: string;
  quotesAll?: boolean;
  endsOpen?: boolean;
  /** Pads cells to columns. */
  isAligned?: boolean;
}

export interface Pollution {
  name: string;
  style: Style;
  options: DialectOptions;
  /** The tables to which it applies. Default: all. */
  only?: (table: Table) => boolean;
}

export const TABLES: readonly Table[] = [
  {
    name: 'sales',
    header: ['sold_on', 'sold_at', 'item_code', 'unit_price', 'description'],
    units: ['UTC', 'hh:mm', 'none', 'EUR', 'text'],
    rows: [
      ['2021-03-01', '09:15', 'A-17', '12.50', 'A lamp, with shade, "Nora"'],
      ['2021-03-01', '10:02', 'B-20', '7.00', 'Two chairs; one of them, sadly, broken'],
      ['2021-03-02', '11:40', 'A-03', '110.25', 'A table\nfor four | six, extendable'],
      ['2021-03-04', '08:05', 'C-99', '0.99', 'Candles, white'],
      ['2021-03-04', '16:30', 'A-17', '12.50', ''],
      ['2021-03-05', '17:59', 'D-01', '45.10', "A clock, 'as new'"],
      ['2021-03-08', '12:00', 'B-21', '3.20', 'Rope, by the metre: 3, 5, or 10'],
    ],
  },
  {
    name: 'patients',
    header: ['patient_id', 'full_name', 'age', 'body_weight', 'smoker'],
    units: ['', '', 'years', 'kg', ''],
    rows: Array.from({ length: 40 }, (_, index) => [
      String(1001 + index),
      `${['Ann', 'Bo', 'Cyd', 'Dee'][index % 4]} ${['Smith', 'de Vries', "O'Hara"][index % 3]}`,
      index % 9 === 4 ? '' : String(21 + ((index * 7) % 60)),
      (50 + ((index * 13) % 45) + 0.5).toFixed(1),
      index % 3 === 0 ? 'yes' : 'no',
    ]),
  },
  {
    name: 'towns',
    header: ['town_name', 'area', 'growth_rate', 'population'],
    units: ['', 'km2', '%', 'count'],
    rows: [
      ['Ahlen', '123,14', '0,4', '52503'],
      ['Bad Aibling', '41,60', '-1,2', '18930'],
      ['Calw', '59,88', '2', '23590'],
      ['Dachau', '34,96', '0,75', '47400'],
      ['Ems', '15,32', '-0,1', '9711'],
    ],
  },
  {
    name: 'scores',
    header: ['player', 'game_one', 'game_two'],
    units: ['', 'm', 's'],
    rows: [
      ['Kim', '31', '7.25'],
      ['Lou', '28', '6.5'],
      ['Max', '40', '9'],
    ],
  },
];

const isAny = (text: string, parts: readonly string[]): boolean =>
  parts.some((part) => part !== '' && text.includes(part));

/** Writes a table in a style. */
export function writeTable({ header, units, rows }: Table, style: Style): string {
  const { delimiter = ',', quote = '"', escape, lineEnd = '\n', headerLines = 1, space = '' } = style;
  const { preamble = [], footer = [], comments = [[], []] } = style;
  // A part of a delimiter at the end of a cell would belong to the next delimiter.
  const special = [...delimiter.split(''), quote, escape ?? '', '\n', '\r', ...(style.isAligned ? [' '] : [])];
  const cell = (text: string) => {
    const isBare = !style.quotesAll && !isAny(text, special) && !(style.isAligned && text === '');
    if (isBare) return text;
    const escaped = escape === undefined ? text.replaceAll(quote, quote + quote) : protect(text, escape, quote);
    return quote + escaped + quote;
  };
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => cell(row[column]!).length)));
  const line = (cells: readonly string[]) => {
    if (style.isAligned)
      return cells
        .map((text, column) => cell(text).padEnd(widths[column]! + 2))
        .join('')
        .trimEnd();
    return cells.map(cell).join(delimiter + space) + (style.trailing ? delimiter : '');
  };
  const lines = [
    ...preamble,
    ...comments[0],
    ...headerRows(header, headerLines).map(line),
    ...(style.hasUnits ? [line(units)] : []),
    ...rows.slice(0, 2).map(line),
    ...comments[1],
    ...rows.slice(2).map(line),
    ...footer,
  ];
  return lines.join(lineEnd) + (style.endsOpen ? '' : lineEnd);
}

function protect(text: string, escape: string, quote: string): string {
  return text.replaceAll(escape, escape + escape).replaceAll(quote, escape + quote);
}

function headerRows(header: readonly string[], count: number): string[][] {
  if (count < 2) return count === 0 ? [] : [[...header]];
  return Array.from({ length: count }, (_, index) =>
    header.map((name) => {
      const parts = name.split('_');
      return index === count - 1 ? parts.slice(index).join('_') : (parts[index] ?? '');
    }),
  );
}
