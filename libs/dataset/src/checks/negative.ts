import type { ValueFormat } from '@tracebloc/ingestor-contract';

/** How negative numbers without a minus sign before them are written. */
export type NegativeSign = NonNullable<ValueFormat['negative']>;

/**
 * Match a negative number of each kind. Its groups are the number without what says that it is negative: other signs may stand
 * beside it. `5.-` is a price without cents, and no negative number.
 */
const PATTERNS: Readonly<Record<NegativeSign, RegExp>> = {
  parentheses: /^([^()\d.,]*)\(\s*([^()]*\d[^()]*?)\s*\)([^()\d.,]*)$/,
  trailing: /^([^-\u2212]*\d(?:[^-\u2212\d.,]*[^-\u2212\d.,\s])?)\s?[-\u2212]()(\s?[^-\u2212\d.,]*)$/,
  dash: /^([^\d\u2010-\u2015.,]*)[\u2010-\u2015]\s?([^\u2010-\u2015]*\d[^\u2010-\u2015]*)()$/,
};

/** The kinds, and an example of each. */
export const NEGATIVE_SIGNS: readonly (readonly [NegativeSign, example: string])[] = [
  ['parentheses', '(5)'],
  ['trailing', '5-'],
  ['dash', '–5'],
];

/** Returns a function that returns a negative number of the kind without what says that it is negative, or else `undefined`. */
export function compileMagnitude(kind: NegativeSign | undefined): (text: string) => string | undefined {
  if (kind === undefined) return () => undefined;
  const pattern = PATTERNS[kind];
  return (text) => {
    const match = pattern.exec(text);
    return match ? `${match[1]}${match[2]}${match[3]}` : undefined;
  };
}

/** Matches all negative numbers of these kinds, at less cost. */
const MAY_BE_ODD = /[)\u2010-\u2015]|[-\u2212]\D*$/;
const KINDS = NEGATIVE_SIGNS.map(([kind]) => ({ kind, magnitudeOf: compileMagnitude(kind) }));

/** Returns the kind of a negative number, and the number without its sign; `undefined` if it has a minus sign, or none. */
export function oddNegative(text: string): { kind: NegativeSign; magnitude: string } | undefined {
  if (!MAY_BE_ODD.test(text)) return undefined;
  for (const { kind, magnitudeOf } of KINDS) {
    const magnitude = magnitudeOf(text);
    if (magnitude !== undefined) return { kind, magnitude };
  }
  return undefined;
}
