/** Texts on the edge of what a column of some SQL type takes. */
import type { SqlType } from '@tracebloc/ingestor-contract';
import fc from 'fast-check';

const BITS = [7, 8, 15, 16, 23, 24, 31, 32, 63, 64];
const LIMITS = [
  ...BITS.flatMap((bits) => [2n ** BigInt(bits) - 1n, 2n ** BigInt(bits), 2n ** BigInt(bits) + 1n]),
  ...[2n, 3n, 4n, 5n, 10n, 35n, 38n, 65n].flatMap((digits) => [10n ** digits - 1n, 10n ** digits]),
].map(String);

const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => texts.join(''));
/** One of the texts, the empty one as often as all others. */
const perhaps = (...texts: string[]) => fc.oneof(fc.constant(''), fc.constantFrom(...texts));
const noise = fc.string({ unit: fc.constantFrom(...'0123456789+-.,:eExT/ _'), maxLength: 8 });

const number = joined(
  perhaps(' ', '\t', '\u00a0', '\0'),
  perhaps('-', '+', '--'),
  fc.oneof(fc.constantFrom(...LIMITS), fc.constantFrom('', '0', '007', '1', '12'), fc.maxSafeNat().map(String)),
  perhaps('.', '.0', '.5', '.25', '.999', '.250', `.${'0'.repeat(29)}1`, `.${'0'.repeat(30)}1`, '.4999999999999999999'),
  perhaps('e0', 'E1', 'e-1', 'e+2', 'e-2', 'e30', 'e38', 'e39', 'e308', 'e309', 'e-45', 'e-46', 'e-324', 'e400', 'e'),
  perhaps(' ', '\n', 'x'),
);

const year = ['0000', '0001', '0999', '1000', '1900', '1969', '1970', '2000', '2023', '2024', '2038', '9999', '24'];
const month = ['00', '01', '02', '04', '06', '12', '13', '2'];
const day = ['00', '01', '18', '19', '20', '28', '29', '30', '31', '32', '9'];
const date = fc
  .record({
    y: fc.constantFrom(...year),
    m: fc.constantFrom(...month),
    d: fc.constantFrom(...day),
    between: fc.constantFrom('-', '/', '.', '', ':'),
    order: fc.nat(5),
  })
  .map(
    ({ y, m, d, between, order }) => [order === 0 ? [d, m, y] : order === 1 ? [m, d, y] : [y, m, d], between] as const,
  )
  .map(([parts, between]) => parts.join(between));
const fraction = perhaps('.', '.0', '.5', '.500', '.999', '.9999', '.999999', '.9999999', '.1234567', '.1234560');
const clock = fc.constantFrom('00:00', '12:30', '00:00:00', '00:00:01', '03:14:07', '03:14:08', '23:59:59', '23:59:60');
const oddClock = fc.constantFrom('24:00:00', '12:60', '1:00', '12', '123015', '12:30:5');
const zone = perhaps('Z', '+00:00', '+01:00', '-14:00', '+24:00', '+1:00', 'UTC');
const space = perhaps(' ', '\n');
const moment = fc.oneof(
  joined(space, date, space),
  joined(date, fc.constantFrom(' ', 'T'), clock, fraction, zone),
  joined(date, fc.constantFrom(' ', 'T', '  ', '_'), fc.oneof(clock, oddClock), fraction, perhaps(' ')),
);
const hours = ['0', '00', '1', '9', '12', '23', '24', '99', '100', '837', '838', '839', '0838'];
const span = joined(
  perhaps('-', '+', ' ', '1 '),
  fc.constantFrom(...hours),
  fc.constantFrom(':00', ':59', ':60', ':5', ''),
  perhaps(':00', ':59', ':60', ':5'),
  fraction,
  space,
);

const words = [
  'true',
  'TRUE',
  'True',
  'false',
  't',
  'F',
  'yes',
  'no',
  'Y',
  'n',
  'on',
  'off',
  '0',
  '1',
  '01',
  '2',
  '-1',
];
const boolean = joined(perhaps(' '), fc.constantFrom(...words, '127', '128', '1.0', '1e0', '0x1'), perhaps(' '));

/** Characters of one to four bytes, marks that combine, and spaces that a server may take away. */
const characters = ['a', 'é', '€', '😀', '\u{10ffff}', '\u0301', ' ', '\t', '\n', '\0', '\\', "'", '\u00a0', '\ufeff'];
function text({ length }: SqlType): fc.Arbitrary<string> {
  if (length !== undefined) return fc.string({ unit: fc.constantFrom(...characters, ' '), maxLength: length + 2 });
  const long = fc
    .tuple(fc.constantFrom('a', 'é', '€', '😀'), fc.integer({ min: 65_533, max: 65_537 }))
    .map(([unit, bytes]) => unit.repeat(Math.floor(bytes / Buffer.byteLength(unit))) + 'a'.repeat(bytes % 2));
  const short = fc.string({ unit: fc.constantFrom(...characters), maxLength: 20 });
  return fc.oneof({ arbitrary: short, weight: 9 }, { arbitrary: long, weight: 1 });
}

/** Texts for a column of the type: some that fit, most that nearly do. */
export function textsFor(type: SqlType): fc.Arbitrary<string> {
  if (type.kind === 'text') return text(type);
  const own = { integer: number, float: number, decimal: number, boolean, date: moment, datetime: moment, time: span };
  return fc.oneof({ arbitrary: own[type.kind], weight: 9 }, { arbitrary: noise, weight: 1 });
}
