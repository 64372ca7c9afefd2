import { isNameOfMonth } from './month-languages.js';

/** Matches a number and a unit after it: letters, or another sign, such as `kg`, `km/h`, `m²`, `°C` or `µg/m3`. */
const UNIT = /^[^\p{L}]*\d(\s?)([\p{L}°′″‰Ω][\p{L}°²³/·.^%*]*(?:(?<=m)[23])?)$/u;
/** Matches most numbers, which have no unit. */
const ENDS_IN_DIGIT = /[^m]\d$|^\d$/;
/** The most characters of a unit. */
const MAX_LENGTH = 16;

/** Units of one letter that are written without a space after the number. */
const LETTERS = 'mgshlLVdJ';
/** Letters that multiply the number, or are a part of it, and those of geographic directions, which change its sign. */
const NO_UNITS = 'kKMBGTeNSEWO';
/** Ends of numbers that are no units: of ordinal numbers, times of day and directions, and those that multiply. */
const OTHERS =
  /^(?:st|nd|rd|th|er|re|eme|ème|º|ª|[ap]\.?m\.?|uhr|°\p{L}?|[mb]n|mio\.?|mrd\.?|million|billion|thousand)$/iu;
const DEGREES = /^°[CFKRcf]?$/;

/** Returns the unit of a number, or `undefined` if it has none. `text` is trimmed. */
export function unitOf(text: string): string | undefined {
  if (ENDS_IN_DIGIT.test(text)) return undefined;
  const match = UNIT.exec(text);
  if (!match) return undefined;
  const [, space, unit] = match as unknown as [string, string, string];
  if (unit.length > MAX_LENGTH) return undefined;
  if (/^\p{L}$/u.test(unit))
    return (space === '' ? LETTERS.includes(unit) : !NO_UNITS.includes(unit)) ? unit : undefined;
  return (OTHERS.test(unit) && !DEGREES.test(unit)) || isNameOfMonth(unit) ? undefined : unit;
}
