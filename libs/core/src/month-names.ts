/** The fewest letters of an abbreviated name of a month. */
const MIN_LETTERS = 3;

/** Spellings that the platform does not have: the short form of German Excel, and the one without an umlaut. */
const FURTHER: Readonly<Record<string, Readonly<Record<string, number>>>> = { de: { mrz: 3, maerz: 3 } };

/** The parts of dates in which the names of months differ: alone, and after a day. */
const STYLES: readonly Intl.DateTimeFormatOptions[] = [
  { month: 'long' },
  { month: 'long', day: 'numeric' },
  { month: 'short' },
  { month: 'short', day: 'numeric' },
];

const namesOf = new Map<string, ReadonlyMap<string, number>>();

/**
 * Returns the numbers of the months by their names in a language, as `foldName` returns them: the platform's names, and their
 * first letters, three at least, if no other month begins with them.
 */
export function monthNames(language: string): ReadonlyMap<string, number> {
  const known = namesOf.get(language);
  if (known) return known;
  const names = new Map<string, number>();
  const starts = new Map<string, Set<number>>();
  for (const style of STYLES) {
    const format = new Intl.DateTimeFormat(language, { ...style, timeZone: 'UTC', calendar: 'gregory' });
    for (let month = 1; month <= 12; month++) {
      const name = foldName(format.formatToParts(Date.UTC(2024, month - 1, 15)).find(isMonth)?.value ?? '');
      if (!/^\p{L}+$/u.test(name)) continue;
      if (!names.has(name)) names.set(name, month);
      for (let end = MIN_LETTERS; end < name.length; end++) {
        const start = name.slice(0, end);
        starts.set(start, (starts.get(start) ?? new Set()).add(month));
      }
    }
  }
  for (const [start, months] of starts) if (months.size === 1 && !names.has(start)) names.set(start, [...months][0]!);
  for (const [name, month] of Object.entries(FURTHER[language.slice(0, 2)] ?? {})) names.set(name, month);
  namesOf.set(language, names);
  return names;
}

const isMonth = ({ type }: Intl.DateTimeFormatPart): boolean => type === 'month';

/** Returns a name in lower case, without accents and a point at its end: `fevr` for `Févr.` */
export function foldName(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').replace(/\.$/, '').toLowerCase();
}

/** Returns whether a text is the tag of a language whose months have names that the platform knows. */
export function isDateLanguage(tag: string): boolean {
  try {
    if (Intl.DateTimeFormat.supportedLocalesOf(tag).length === 0) return false;
  } catch {
    return false;
  }
  return new Set(monthNames(tag).values()).size === 12;
}
