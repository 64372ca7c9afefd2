import { listNames, isFixedColumn, nearest, shortenName } from '@tracebloc/ingestor-core';
import { parseSqlType, SQL_TYPE_NAMES, type Column } from '@tracebloc/ingestor-contract';
import { MAX_COLUMNS, NAME_RULES } from './column-names.js';
import { problemAt } from '../errors.js';
import type { Located, LocatedMap, Origin } from '../yaml/located.js';
import type { ConfigProblem } from '../types.js';
import { describeValue, quote } from '../wording.js';

/** The fixed columns that a schema may contain. They are not stored twice. */
const LEFT_OUT = ['id', 'annotation'];

export interface Columns {
  schema: Column[];
  /** The schema without the columns of the label, the annotation and the id. */
  columns: Column[];
}

/**
 * Parses a schema. It adds names and types that are not valid to `problems` and leaves them out. `renamed` are the names, in
 * lower case, of columns that are stored under another name, so that their own may be one that every table has.
 */
export function readColumns(
  schema: LocatedMap | undefined,
  label: string | undefined,
  problems: ConfigProblem[],
  renamed: { has(name: string): boolean } = new Set(),
): Columns {
  if (!schema) return { schema: [], columns: [] };
  const entries = [...schema.entries];
  const isLabel = (name: string): boolean => name.toLowerCase() === label?.toLowerCase();
  const kept = entries.filter(([name]) => !LEFT_OUT.includes(name.toLowerCase()) && !isLabel(name));
  const fixed = kept.filter(([name]) => isFixedColumn(name.toLowerCase()) && !renamed.has(name.toLowerCase()));
  checkNames(entries, { kept, fixed }, schema.origin, problems);
  const parsed = entries.flatMap(([name, node], index) => parseColumn(name, node, entries[index + 1]?.[0], problems));
  const stored = new Set(kept.map(([name]) => name));
  return { schema: parsed, columns: parsed.filter(({ name }) => stored.has(name)) };
}

function checkNames(
  entries: readonly [string, Located][],
  { kept, fixed }: Record<'kept' | 'fixed', readonly [string, Located][]>,
  origin: Origin,
  problems: ConfigProblem[],
): void {
  const report = (offenders: readonly [string, Located][], message: (names: string) => string, fix: string): void => {
    if (offenders.length === 0) return;
    const names = listNames(offenders.map(([name]) => quote(name)));
    problems.push(problemAt(offenders[0]![1].keyOrigin ?? origin, 'schema', message(names), fix));
  };
  report(
    fixed,
    (names) => `the table of every dataset already has a column named ${names}`,
    'Rename it in the source and in the schema, or remove it from the schema.',
  );
  for (const { breaks, message, fix } of NAME_RULES) {
    report(
      entries.filter(([name]) => breaks(name)),
      (names) => `${message}: ${names}`,
      fix,
    );
  }
  const groups = Map.groupBy(entries, ([name]) => name.toLowerCase());
  report(
    [...groups.values()].filter((group) => group.length > 1).flat(),
    (names) => `column names that differ only in case: ${names}`,
    'Rename one: the database ignores case in names.',
  );
  if (kept.length > MAX_COLUMNS) {
    const beyond = listNames(kept.slice(MAX_COLUMNS).map(([name]) => quote(name)));
    const message = `the schema has ${kept.length} columns, but a table can have at most ${MAX_COLUMNS}; beyond that are ${beyond}`;
    problems.push(problemAt(origin, 'schema', message, 'Remove the columns that training does not need.'));
  }
}

function parseColumn(name: string, node: Located, next: string | undefined, problems: ConfigProblem[]): Column[] {
  const report = (message: string, fix: string): Column[] => {
    problems.push(problemAt(node.origin, 'schema', message, fix));
    return [];
  };
  if (node.kind !== 'scalar')
    return report(
      `column ${quote(name)}: ${describeValue(node)} is not a valid type`,
      `Write, for example, ${shortenName(name)}: INT.`,
    );
  if (/\(\s*\d+$/.test(node.text) && next !== undefined && /^\d+\s*\)/.test(next)) {
    const whole = `${node.text},${next}`;
    return report(
      `column ${quote(name)}: inside braces a comma ends the value`,
      `Put the type in quotes: "${shortenName(whole)}".`,
    );
  }
  // This is the rest of such a type, which was reported with its column.
  if (node.value === null && /^\d+\s*\)/.test(name)) return [];
  if (node.value === null) {
    const [, column, type] = /^(.+?):(\S.*)$/.exec(name) ?? [];
    if (column && type)
      return report(
        `${quote(name)} is read as one name`,
        `Put a space after the colon: ${shortenName(column)}: ${shortenName(type)}.`,
      );
    return report(`column ${quote(name)} has no type`, `Write, for example, ${shortenName(name)}: INT.`);
  }
  try {
    return [{ name, type: parseSqlType(node.text) }];
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return report(`column \`${shortenName(name)}\`: type ${quote(node.text)} ${error.message}`, typeFix(node.text));
  }
}

function typeFix(text: string): string {
  const word = /^\s*([a-z]+)/i.exec(text)?.[1]?.toUpperCase();
  const near = word === undefined || SQL_TYPE_NAMES.includes(word) ? undefined : nearest(word, SQL_TYPE_NAMES);
  return near ? `Did you mean ${near}?` : 'Correct the type.';
}
