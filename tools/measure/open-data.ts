/**
 * Measures how tables are read that are as portals of open data have them: titles, notes, totals, units, several lines of a
 * header, local numbers. Prints those that are not read as they are meant.
 *
 * Usage: node tools/measure/open-data.ts [folder] [number of files] [seed]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../random.ts';
import { writeLines } from './write.ts';
import { outcomeOf, readDetected, type Outcome } from './read.ts';

const folder = process.argv[2] ?? '/tmp/measure-open-data';
const files = Number(process.argv[3] ?? 200);
mkdirSync(folder, { recursive: true });

const random = seededRandom(Number(process.argv[4] ?? 7));
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
const chance = (share: number) => random() < share;

interface Variant {
  name: string;
  text: string;
  header: string[];
  rows: string[][];
  encoding: 'utf8' | 'latin1' | 'utf16le';
}

function make(index: number): Variant {
  const features: string[] = [];
  const use = (name: string, share: number): boolean => {
    const isUsed = chance(share);
    if (isUsed) features.push(name);
    return isUsed;
  };
  const local = use('comma', 0.35);
  const grouped = use('groups', 0.3);
  const number = (value: number, digits: number) => {
    const [whole, part] = value.toFixed(digits).split('.') as [string, string | undefined];
    const groups = grouped ? whole.replaceAll(/\B(?=(\d{3})+$)/g, local ? '.' : ',') : whole;
    return groups + (part === undefined ? '' : (local ? ',' : '.') + part);
  };
  const places = [
    'Ahlen',
    'Bad Aibling',
    'Großenhain',
    'Köln, Stadt',
    'Méricourt',
    'San José',
    'Winston-Salem',
    "L'Aquila",
    'Ñuñoa',
    'Saint-Denis',
  ];
  const count = pick([6, 12, 30, 90, 250]);
  const isPivot = use('years', 0.25);
  const isDated = use('dates', 0.4);
  const hasMissing = use('missing', 0.4);
  const missing = pick(['', '-', '..', 'n/a', ':']);
  const header = isPivot
    ? ['Municipality', '2018', '2019', '2020', '2021']
    : ['Code', 'Municipality', isDated ? 'Reported on' : 'District', 'Population', 'Area total', 'Rate', 'Remark'];
  const rows = Array.from({ length: count }, (_, row) => {
    const place = `${pick(places)}${row > 9 ? ` ${row}` : ''}`;
    const amount = () => (hasMissing && chance(0.1) ? missing : number(1000 + random() * 90_000, 0));
    if (isPivot) return [place, amount(), amount(), amount(), amount()];
    const day = `${String(1 + (row % 28)).padStart(2, '0')}.${String(1 + (row % 12)).padStart(2, '0')}.20${10 + (row % 12)}`;
    return [
      `0${5000 + row}`,
      place,
      isDated ? day : pick(['North', 'South', 'East', 'West']),
      amount(),
      number(random() * 400, 2),
      number(random() * 10, 1),
      chance(0.2) ? pick(['estimated', 'provisional, see notes', 'break in series']) : '',
    ];
  });
  const delimiter = local ? pick([';', ';', '\t']) : pick([',', ',', ';', '\t', '|']);
  const style = { delimiter, all: use('quoted', 0.2) };
  const pad = use('padded', 0.25);
  const widen = (line: string) =>
    pad && line !== '' ? line + delimiter.repeat(header.length - 1) : pad ? delimiter.repeat(header.length - 1) : line;
  const quoted = (text: string) => (text.includes(delimiter) ? `"${text}"` : text);
  const lines = writeLines(rows, style);
  const parts =
    !isPivot && use('two-lines', 0.15)
      ? [header.map((name) => name.split(' ')[0]!), header.map((name) => name.split(' ').slice(1).join(' '))]
      : [header];
  const names =
    parts.length === 1
      ? header
      : header.map((_, column) =>
          parts
            .map((part) => part[column]!)
            .filter(Boolean)
            .join('_'),
        );
  const top = use('title', 0.4)
    ? [
        widen(
          quoted(
            pick([
              'Population of municipalities',
              'Tabelle 12: Bevölkerung, nach Gemeinden',
              'Open data portal - export of 2021',
            ]),
          ),
        ),
        ...(chance(0.5) ? [widen(quoted('Source: Office of Statistics'))] : []),
        ...(chance(0.6) ? [widen('')] : []),
      ]
    : [];
  const units =
    !isPivot && parts.length === 1 && use('units', 0.12)
      ? [['', '', '', 'persons', 'km2', '%', ''].join(delimiter)]
      : [];
  const bottom: string[] = [];
  const sum = (column: number) =>
    rows.reduce((all, row) => all + (Number(row[column]!.replaceAll(local ? '.' : ',', '').replace(',', '.')) || 0), 0);
  if (use('total', 0.2)) {
    const total = isPivot
      ? ['Total', ...[1, 2, 3, 4].map((column) => number(sum(column), 0))]
      : ['Total', '', '', number(sum(3), 0), number(sum(4), 2), '', ''];
    bottom.push(writeLines([total], style)[0]!);
  }
  if (use('note', 0.35))
    bottom.push(
      ...(chance(0.6) ? [widen('')] : []),
      widen(
        quoted(
          pick([
            'Source: Office of Statistics, 2021',
            'Note: figures are rounded.',
            '* provisional figures of the year',
            '© City of Ahlen',
          ]),
        ),
      ),
    );
  const repeats = count >= 30 && use('repeated', 0.05);
  const body = repeats ? [...lines.slice(0, 20), ...writeLines(parts, style), ...lines.slice(20)] : lines;
  const all = [...top, ...writeLines(parts, style), ...units, ...body, ...bottom];
  const end = pick(['\n', '\r\n']);
  const encoding = pick(['utf8', 'utf8', 'latin1', 'utf16le'] as const);
  const mark = encoding === 'utf16le' || (encoding === 'utf8' && chance(0.3)) ? '\ufeff' : '';
  return { name: `${index}-${features.join('-')}`, text: mark + all.join(end) + end, header: names, rows, encoding };
}

const sum: Record<Outcome, number> = { equal: 0, told: 0, silent: 0, 'equal-error': 0 };
for (let index = 0; index < files; index++) {
  const { name, text, header, rows, encoding } = make(index);
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, Buffer.from(text, encoding));
  const reading = await readDetected(path);
  const outcome = outcomeOf(reading, header, rows);
  sum[outcome]++;
  if (outcome === 'equal') continue;
  const first = rows.findIndex(
    (row, at) => JSON.stringify(row) !== JSON.stringify(reading.rows[at]?.map((cell) => cell.trim())),
  );
  const codes = [...new Set([...reading.errors, ...reading.warnings])].join(' ');
  console.log(
    outcome,
    name,
    encoding,
    JSON.stringify(reading.options),
    `${reading.rows.length}x${reading.header.length} of ${rows.length}x${header.length}`,
    codes,
    `first difference: ${first}`,
    JSON.stringify(reading.doubts).slice(0, 200),
  );
}
console.log(sum);
