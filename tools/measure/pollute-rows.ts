import type { CleanTable } from './tables.ts';
import { type Polluted, writeCell, writeLines } from './write.ts';

/** Changes one row or cell at a time. */
export function* singleRows(table: CleanTable): Generator<Polluted> {
  const { header, rows } = table;
  const all = [header, ...rows];
  const width = header.length;
  const lines = writeLines(all);
  const text = (at: number, line: string | string[]) =>
    [...lines.slice(0, at), ...[line].flat(), ...lines.slice(at + 1)].join('\n') + '\n';
  const make = (kind: string, at: number, variant: string, bytes: string): Polluted => ({
    name: `${table.name}-${kind}-${at}-${variant}`.replaceAll(/[^\w-]+/g, '_'),
    kind,
    bytes: Buffer.from(bytes),
    header,
    rows,
    touched: at - 1,
    isDefault: true,
  });
  for (const at of [0, 1, 2, 3, 8, 30, 42, rows.length - 1, rows.length]) {
    const cells = all[at]!.map((cell) => writeCell(cell));
    const changed = (column: number, change: (cell: string) => string) =>
      cells.map((cell, index) => (index === column ? change(cell) : cell)).join(',');
    // A mark in a cell is meant as it is written.
    const replaced = (column: number, change: (cell: string) => string) => {
      const meant = all.map((row, line) =>
        line === at ? row.map((cell, index) => (index === column ? change(cell) : cell)) : row,
      );
      return { header: meant[0]!, rows: meant.slice(1) };
    };
    for (let column = 0; column < width; column++) {
      if (column > 0) {
        const join = (between: string) =>
          [
            ...cells.slice(0, column - 1),
            `${cells[column - 1]}${between}${cells[column]}`,
            ...cells.slice(column + 1),
          ].join(',');
        yield make('delimiter-missing', at, `${column}`, text(at, join('')));
        for (const [name, mark] of [
          ['semicolon', ';'],
          ['space', ' '],
          ['tab', '\t'],
          ['comma-space', ', '],
          ['bar', '|'],
        ] as const)
          yield make(`delimiter-${name}`, at, `${column}`, text(at, join(mark)));
        yield make('delimiter-line-end', at, `${column}`, text(at, join('\n')));
        yield make('delimiter-twice', at, `${column}`, text(at, join(',,')));
      }
      yield make(
        'quote-before',
        at,
        `${column}`,
        text(
          at,
          changed(column, (cell) => `"${cell}`),
        ),
      );
      yield make(
        'quote-after',
        at,
        `${column}`,
        text(
          at,
          changed(column, (cell) => `${cell}"`),
        ),
      );
      yield make(
        'quote-within',
        at,
        `${column}`,
        text(
          at,
          changed(column, (cell) => cell.slice(0, 2) + '"' + cell.slice(2)),
        ),
      );
      yield {
        ...make(
          'quote-escaped',
          at,
          `${column}`,
          text(
            at,
            changed(column, (cell) => `"${cell.replaceAll('"', '')}\\" x"`),
          ),
        ),
        ...replaced(column, (cell) => `${cell.replaceAll('"', '')}" x`),
      };
      yield make(
        'quote-unescaped',
        at,
        `${column}`,
        text(
          at,
          changed(column, (cell) => `"a "b" ${cell.replaceAll('"', '')}"`),
        ),
      );
      if (/^[^"]/.test(cells[column]!))
        yield make(
          'quotes-double',
          at,
          `${column}`,
          text(
            at,
            changed(column, (cell) => `""${cell}""`),
          ),
        );
      if (column > 5) {
        yield make(
          'line-end-within',
          at,
          `${column}`,
          text(
            at,
            changed(column, (cell) => `${cell.replaceAll(/["\n]/g, '')}\nx`),
          ),
        );
        yield make(
          'cr-within',
          at,
          `${column}`,
          text(
            at,
            changed(column, (cell) => `x\r${cell.replaceAll(/["\n]/g, '') || 'y'}`),
          ),
        );
        yield make(
          'nul-within',
          at,
          `${column}`,
          text(
            at,
            changed(column, (cell) => `x\0${cell.replaceAll(/["\n]/g, '')}`),
          ),
        );
      }
    }
    yield make('row-cut', at, '3', text(at, cells.slice(0, 3).join(',')));
    yield make('row-cut', at, '1', text(at, cells[0]!));
    yield make('row-trailing', at, '1', text(at, cells.join(',') + ','));
    yield make('row-trailing', at, '3', text(at, cells.join(',') + ',,,'));
    yield make('row-leading', at, '1', text(at, ',' + cells.join(',')));
    yield make('row-blank', at, 'before', text(at, ['', lines[at]!]));
    yield make('row-empty', at, 'before', text(at, [',,,,,,,,', lines[at]!]));
    yield make('row-quoted', at, 'whole', text(at, `"${lines[at]!.replaceAll('"', '""')}"`));
    yield make('row-quoted', at, 'raw', text(at, `"${lines[at]!}"`));
    yield { ...make('row-comment', at, 'hash', text(at, '#' + lines[at]!)), ...replaced(0, (cell) => `#${cell}`) };
    yield make('row-comment', at, 'before', text(at, ['# a note, on what comes', lines[at]!]));
    for (const [name, mark] of [
      ['semicolon', ';'],
      ['tab', '\t'],
      ['space', ' '],
      ['comma-space', ', '],
    ] as const)
      yield make(`row-${name}`, at, 'all', text(at, cells.join(mark)));
    if (at > 0 && at < rows.length) {
      yield make(
        'row-joined',
        at,
        'next',
        [...lines.slice(0, at), lines[at]! + lines[at + 1]!, ...lines.slice(at + 2)].join('\n') + '\n',
      );
      yield make(
        'row-end',
        at,
        'cr',
        [...lines.slice(0, at), `${lines[at]!}\r${lines[at + 1]!}`, ...lines.slice(at + 2)].join('\n') + '\n',
      );
      yield make(
        'row-end',
        at,
        'crlf',
        [...lines.slice(0, at), `${lines[at]!}\r\n${lines[at + 1]!}`, ...lines.slice(at + 2)].join('\n') + '\n',
      );
    }
    yield make('row-spaces', at, 'around', text(at, cells.map((cell) => ` ${cell} `).join(',')));
  }
}
