import { singleRows } from './pollute-rows.ts';
import type { CleanTable } from './tables.ts';
import { type Polluted, type Style, writeLines } from './write.ts';

/** Makes the polluted files of a table. `other` is a table of another kind. */
export function* pollute(table: CleanTable, other: CleanTable): Generator<Polluted> {
  yield* wholeFile(table, other);
  yield* singleRows(table);
}

function* wholeFile(table: CleanTable, other: CleanTable): Generator<Polluted> {
  const { header, rows } = table;
  const make = (kind: string, variant: string, text: string | Buffer, more: Partial<Polluted> = {}): Polluted => ({
    name: `${table.name}-${kind}-${variant}`.replaceAll(/[^\w-]+/g, '_'),
    kind,
    bytes: typeof text === 'string' ? Buffer.from(text) : text,
    header,
    rows,
    ...more,
  });
  const all = [header, ...rows];
  const write = (style: Style, of = all) => writeLines(of, style).join(style.end ?? '\n') + (style.end ?? '\n');
  const lines = writeLines(all);
  const plain = lines.join('\n') + '\n';
  const numbered = header.map((_, index) => `column_${index + 1}`);

  yield make('clean', 'plain', plain, { isDefault: true });
  yield make('clean', 'no-end', plain.trimEnd(), { isDefault: true });
  yield make('clean', 'two-ends', plain + '\n', { isDefault: true });
  yield make('clean', 'three-blank', '\n\n\n' + plain + '\n\n', { isDefault: true });
  yield make('clean', 'bom', '\ufeff' + plain, { isDefault: true });
  yield make('clean', 'all-quoted', write({ all: true }), { isDefault: true });
  for (const end of ['\r', '\r\n', '\n\r', '\r\r\n', '\n\n'])
    yield make('line-end', JSON.stringify(end), write({ end }), { isDefault: true });
  yield make(
    'line-end',
    'alternating',
    lines.map((line, index) => `${line}${['\n', '\r\n', '\r'][index % 3]}`).join(''),
    {
      isDefault: true,
    },
  );
  for (const delimiter of [';', '\t', ' ', '|', ', ', '; ', ':', '~', '^', '||', '::', '\x01', '\x1f', '#', '*', '/'])
    for (const quotes of [false, true])
      yield make(
        'delimiter',
        `${delimiter === '\t' ? 'tab' : `${delimiter.charCodeAt(0)}-${delimiter.length}`}-${quotes}`,
        write({ delimiter, all: quotes }),
      );
  for (const quote of ["'", '`', '$'])
    for (const quotes of [false, true])
      yield make('quote', `${quote.charCodeAt(0)}-${quotes}`, write({ quote, all: quotes }));
  for (const escape of ['\\', '/', '\0', '^'])
    for (const quotes of [false, true])
      yield make('escape', `${escape.charCodeAt(0)}-${quotes}`, write({ escape, all: quotes }));
  for (const delimiter of [';', '\t', '|']) {
    yield make('mixture', `crlf-${delimiter.charCodeAt(0)}`, write({ delimiter, end: '\r\n', all: true }));
    yield make('mixture', `escape-${delimiter.charCodeAt(0)}`, write({ delimiter, escape: '\\' }));
    yield make('mixture', `single-${delimiter.charCodeAt(0)}`, write({ delimiter, quote: "'" }));
    yield make('mixture', `title-${delimiter.charCodeAt(0)}`, 'A report, of all\n\n' + write({ delimiter }));
  }
  yield make('trailing', 'rows-and-header', lines.join(',\n') + ',\n');
  yield make('trailing', 'rows', lines.map((line, index) => line + (index > 0 ? ',' : '')).join('\n') + '\n');
  yield make('trailing', 'three', lines.join(',,,\n') + ',,,\n');
  yield make('leading', 'rows-and-header', lines.map((line) => ',' + line).join('\n') + '\n');
  yield make(
    'index',
    'pandas',
    lines.map((line, index) => (index > 0 ? String(index - 1) : '') + ',' + line).join('\n') + '\n',
  );
  yield make('index', 'r', lines.map((line, index) => (index > 0 ? `"${index}",` : '') + line).join('\n') + '\n');

  yield make('no-header', 'file', writeLines(rows).join('\n') + '\n', { header: numbered });
  yield make('no-header', 'one-row', writeLines(rows.slice(0, 1)).join('\n') + '\n', {
    header: numbered,
    rows: rows.slice(0, 1),
  });
  yield make('no-header', 'two-rows', writeLines(rows.slice(0, 2)).join('\n') + '\n', {
    header: numbered,
    rows: rows.slice(0, 2),
  });
  yield make('no-header', 'five-rows', writeLines(rows.slice(0, 5)).join('\n') + '\n', {
    header: numbered,
    rows: rows.slice(0, 5),
  });
  yield make('few-rows', 'header-only', `${lines[0]}\n`, { rows: [], isDefault: true });
  yield make('few-rows', 'header-only-open', lines[0]!, { rows: [], isDefault: true });
  for (const count of [1, 2, 3, 5])
    yield make('few-rows', String(count), writeLines(all.slice(0, count + 1)).join('\n') + '\n', {
      rows: rows.slice(0, count),
      isDefault: true,
    });
  yield make('empty', 'no-bytes', '', { header: [], rows: [] });
  yield make('empty', 'blank', '\n\n', { header: [], rows: [] });
  yield make('empty', 'spaces', '   \n  \n', { header: [], rows: [] });
  yield make('empty', 'delimiters', ',,,,,,,,\n,,,,,,,,\n', { header: [], rows: [] });

  for (const count of [2, 3]) {
    const parts = Array.from({ length: count }, (_, line) =>
      header.map((name) =>
        line === count - 1 ? name.split('_').slice(line).join('_') : (name.split('_')[line] ?? ''),
      ),
    );
    const joined = header.map((_, column) =>
      parts
        .map((part) => part[column]!)
        .filter((part) => part !== '')
        .join('_'),
    );
    yield make('header-lines', String(count), write({}, [...parts, ...rows]), { header: joined });
    const full = Array.from({ length: count }, (_, line) => header.map((name) => `${name} ${line + 1}`));
    const names = header.map((_, column) => full.map((part) => part[column]!).join('_'));
    yield make('header-lines', `full-${count}`, write({}, [...full, ...rows]), { header: names });
  }
  yield make(
    'header',
    'repeated-name',
    write({}, [header.map((name, index) => (index === 3 ? header[2]! : name)), ...rows]),
    { header: header.map((name, index) => (index === 3 ? header[2]! : name)) },
  );
  yield make('header', 'no-names-2', write({}, [header.map((name, index) => (index > 6 ? '' : name)), ...rows]), {
    header: header.map((name, index) => (index > 6 ? '' : name)),
  });
  yield make('header', 'spaces', write({}, [header.map((name) => ` ${name.replaceAll('_', ' ')} `), ...rows]), {
    header: header.map((name) => ` ${name.replaceAll('_', ' ')} `),
  });
  yield make('header', 'line-breaks', write({}, [header.map((name) => name.replaceAll('_', '\n')), ...rows]), {
    header: header.map((name) => name.replaceAll('_', '\n')),
    isDefault: true,
  });
  yield make('header', 'semicolons', [lines[0]!.replaceAll(',', ';'), ...lines.slice(1)].join('\n') + '\n');
  yield make('header', 'spaces-between', [lines[0]!.replaceAll(',', ' '), ...lines.slice(1)].join('\n') + '\n');
  yield make('header', 'comment', '#' + plain, {
    header: header.map((name, index) => (index === 0 ? '#' + name : name)),
  });
  yield make('header', 'units', write({}, [header, ['', 'h', 'count', '', 'EUR', '', '', '', ''], ...rows]));
  yield make('header', 'repeated-in-middle', [...lines.slice(0, 40), lines[0]!, ...lines.slice(40)].join('\n') + '\n');
  yield make('header', 'repeated-first', [lines[0]!, ...lines].join('\n') + '\n');
  yield make('header', 'at-end', [...lines, lines[0]!].join('\n') + '\n');

  const titles: [string, string[]][] = [
    ['one', ['Report of all that we have']],
    ['comma', ['Report, of all that we have']],
    ['three', ['Statistics', 'Extracted by A. Clerk, on 1 May', '']],
    ['padded', ['Report of all,,,,,,,,', ',,,,,,,,']],
    ['comments', ['# made by: me, you', '# on 2020-01-01']],
    ['pairs', ['Author,Ann', 'Date,2020-01-01', '']],
    ['pairs-close', ['Author,Ann', 'Date,2020-01-01']],
    ['quoted', ['"A report, of all"', '']],
    ['as-wide', ['a,b,c,d,e,f,g,h,i', '']],
    ['number', ['84']],
    ['counts', ['84,9']],
    ['html', ['<p>Report</p>']],
    ['blanks', ['Report', '', '', '']],
    ['ten', Array.from({ length: 10 }, (_, index) => `Line ${index} of a long text that is not part, of the table`)],
    ['word', ['Data']],
  ];
  for (const [variant, title] of titles) yield make('title', variant, [...title, plain].join('\n'));
  const notes: [string, string[]][] = [
    ['source', ['', 'Source: the register, of the town']],
    ['source-close', ['Source: the register']],
    ['total', ['Total,,2000,,12345.00,,,,']],
    ['padded', [',,,,,,,,', 'Note: all as of today,,,,,,,,']],
    ['plain', ['', 'All numbers are rounded to what is usual.']],
    ['plain-close', ['All numbers are rounded to what is usual.']],
    ['count', ['', '(84 rows)']],
    ['count-close', ['84 rows']],
    ['end', ['END']],
    ['two', ['', '* rounded', '** estimated, by us']],
    ['dashes', ['---------']],
    ['ctrl-z', ['\x1a']],
    ['nul', ['\0']],
    ['empty-rows', [',,,,,,,,', ',,,,,,,,']],
    ['short-empty', [',,', ',']],
    ['number', ['84']],
    ['wide', ['n1,n2,n3,n4,n5,n6,n7,n8,n9']],
    ['wide-apart', ['', 'n1,n2,n3,n4,n5,n6,n7,n8,n9']],
  ];
  for (const [variant, note] of notes) yield make('footer', variant, plain + note.join('\n') + '\n');

  const same = { header: header.map((name) => `other ${name}`), rows: rows.slice(10, 30) };
  const seconds: [string, string[][]][] = [
    ['less', [other.header.slice(0, 5), ...other.rows.map((row) => row.slice(0, 5))]],
    ['more', [[...header, 'x', 'y'], ...rows.slice(0, 20).map((row) => [...row, '1', '2'])]],
    ['same', [same.header, ...same.rows]],
    ['same-kind', [other.header, ...other.rows]],
    ['one-column', [['name'], ...rows.slice(0, 10).map((row) => [row[3]!])]],
    ['two-columns', [['name', 'n'], ...rows.slice(0, 10).map((row) => [row[3]!, row[4]!])]],
    ['same-columns', [header, ...rows.slice(0, 10)]],
  ];
  for (const [variant, second] of seconds)
    for (const [at, between] of [
      ['close', ''],
      ['blank', '\n'],
      ['blanks', '\n\n\n'],
      ['titled', '\nTable 2: other\n'],
    ] as const)
      yield make('second-table', `${variant}-${at}`, plain + between + writeLines(second).join('\n') + '\n');
  for (const [at, between] of [
    ['close', ''],
    ['blank', '\n'],
  ] as const)
    for (const [variant, first] of seconds.slice(0, 6))
      yield make('first-table', `${variant}-${at}`, writeLines(first.slice(0, 12)).join('\n') + '\n' + between + plain);
  yield make('encoding', 'utf-16le', Buffer.from('\ufeff' + plain, 'utf16le'));
  yield make('encoding', 'utf-16le-no-mark', Buffer.from(plain, 'utf16le'));
  yield make('encoding', 'latin1', Buffer.from(plain, 'latin1'), {
    rows: rows.map((row) => row.map((cell) => Buffer.from(cell, 'latin1').toString('latin1'))),
  });
  yield make('other', 'html', `<html><body><table><tr><td>1</td></tr></table></body></html>\n`, {
    header: [],
    rows: [],
  });
  yield make('other', 'error', `{"error": "not found", "code": 404}\n`, { header: [], rows: [] });
}
