import { basename, dirname, join, relative } from 'node:path';
import type { TableFormat } from '@tracebloc/ingestor-contract';
import { listNames, printableLine, shellWord, tableExtension } from '@tracebloc/ingestor-core';
import { headerOf } from '@tracebloc/ingestor-dataset';
import { type Choice, plural } from '@tracebloc/ingestor-cli';
import type { Ask } from './ask.js';

/** The most names of columns in which two files differ. */
const MAX_NAMES = 5;
/** The most files whose columns are compared. Those of further ones are compared when the table is read. */
const MAX_COMPARED = 100;
/** Matches the words of file names that are different datasets and not parts of one. */
const SPLITS = /(?:^|[^a-z])(?:train|training|test|testing|val|valid|validation|dev|holdout)(?:[^a-z]|$)/i;

/** What is described: a file, or the pattern of several that are one table. */
export interface ChosenTable {
  path: string;
  /** What was decided without a question. */
  doubt?: string;
}

interface FolderTable {
  path: string;
  /** The path as it is shown. */
  shown: string;
  /** Is absent if the header cannot be read. */
  header?: readonly string[];
}

/**
 * Returns the one of the tables of a folder to describe, or the pattern of all if they are parts of one table; `undefined` if
 * that stays open. Files with the same columns are parts without a question only if their names are numbered.
 */
export async function chooseTable(
  tables: readonly string[],
  formats: readonly TableFormat[],
  ask: Ask,
  signal: AbortSignal,
): Promise<ChosenTable | undefined> {
  const [only, ...others] = tables;
  if (others.length === 0) return { path: only! };
  const files: FolderTable[] = [];
  for (const [index, path] of tables.entries()) {
    const header = index < MAX_COMPARED ? await headerOf(path, formats, signal) : files[0]!.header;
    files.push({ path, shown: relative(process.cwd(), path), header });
  }
  const usual = mostUsual(files);
  const isAlike = files.every(({ header }) => header && differenceOf(header, usual.header!) === undefined);
  const pattern = isAlike ? patternOf(tables) : undefined;
  const shownPattern = pattern && relative(process.cwd(), pattern);
  if (pattern !== undefined && areNumbered(tables)) {
    const doubt = `${plural(tables.length, 'file')} with the same columns are read as one table. To describe one of them alone: ingestor init ${shellWord(files[0]!.shown)}`;
    return { path: pattern, doubt };
  }
  const all: Choice[] =
    shownPattern === undefined
      ? []
      : [
          {
            value: shownPattern,
            description: `all ${tables.length} as parts of one table: they have the same columns`,
          },
        ];
  const each = files.map((file): Choice => ({ value: file.shown, ...describe(file, usual) }));
  const isSplit = tables.some((table) => SPLITS.test(basename(table)));
  const parts = shownPattern && `, or all, as parts of one table: ingestor init ${shellWord(shownPattern)}`;
  const chosen = await ask({
    about: 'table',
    asks: 'Which table is to be described?',
    choices: isSplit ? [...each, ...all] : [...all, ...each],
    answer: `Name the one: ingestor init ${shellWord(files[0]!.shown)}${parts ?? ''}`,
  });
  if (chosen === undefined) return undefined;
  return {
    path: chosen === shownPattern ? pattern! : tables.find((table) => relative(process.cwd(), table) === chosen)!,
  };
}

/** Returns the first file with the columns that the most have. */
function mostUsual(files: readonly FolderTable[]): FolderTable {
  const alike = Map.groupBy(files, ({ header }) => JSON.stringify(header?.toSorted()));
  alike.delete(JSON.stringify(undefined));
  const [most] = [...alike.values()].sort((one, other) => other.length - one.length);
  return most?.[0] ?? files[0]!;
}

/** Says how the columns of a file differ from the usual ones of the folder. */
function describe({ path, header }: FolderTable, usual: FolderTable): { description?: string } {
  if (!header) return { description: 'its header cannot be read' };
  const differs = usual.header && path !== usual.path ? differenceOf(header, usual.header) : undefined;
  return differs === undefined ? {} : { description: `unlike ${basename(usual.path)}, it ${differs}` };
}

/** Says what a header lacks and has more, or returns `undefined` if it has the same names in any order. */
function differenceOf(header: readonly string[], usual: readonly string[]): string | undefined {
  const lacks = usual.filter((name) => !header.includes(name));
  const more = header.filter((name) => !usual.includes(name));
  const parts = [
    ...(lacks.length > 0 ? [`lacks ${listNames(lacks, MAX_NAMES)}`] : []),
    ...(more.length > 0 ? [`has ${listNames(more, MAX_NAMES)}`] : []),
  ];
  if (parts.length > 0) return printableLine(parts.join(' and '));
  return header.length === usual.length ? undefined : 'has some names several times';
}

/** Whether the names differ in their digits only, as those of parts, days and years do. */
function areNumbered(tables: readonly string[]): boolean {
  const names = new Set(tables.map((table) => basename(table).replaceAll(/\d+/g, '0')));
  return names.size === 1 && !SPLITS.test(basename(tables[0]!));
}

/** Returns the pattern that names all the tables of a folder, if they have one extension. */
function patternOf(tables: readonly string[]): string | undefined {
  const folder = dirname(tables[0]!);
  const patterns = new Set(tables.map((table) => `*${tableExtension(table)}${/\.gz$/i.test(table) ? '.gz' : ''}`));
  const [only, ...others] = patterns;
  // Parts whose names begin so are left out of a pattern.
  const isHidden = tables.some((table) => basename(table).startsWith('_'));
  return others.length > 0 || isHidden || /[*?[\]{}'\\]/.test(folder) ? undefined : join(folder, only!);
}
