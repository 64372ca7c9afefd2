// Texts at the limits of what a column of an SQL type accepts.
import type { SqlType } from '@tracebloc/ingestor-contract';
import fc from 'fast-check';

const BITS: Readonly<Record<string, bigint>> = { TINYINT: 8n, SMALLINT: 16n, MEDIUMINT: 24n, INT: 32n, BIGINT: 64n };
const MAX_FLOATS = ['3.4028234663852886e38', '3.4028235e38', '1.7976931348623157e308', '1.7976931348623159e308'];

/** Returns the first and last numbers of the type, and their neighbours. */
function limitsOf({ kind, name, precision = 0, scale = 0 }: SqlType): string[] {
  if (kind === 'float') return MAX_FLOATS;
  const edges = kind === 'integer' ? [2n ** (BITS[name]! - 1n), 2n ** BITS[name]!] : [10n ** BigInt(precision - scale)];
  return edges.flatMap((edge) => [edge - 1n, edge, edge + 1n]).map(String);
}

const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => texts.join(''));
/** Generates one of the texts, or the empty text in half of the cases. */
const perhaps = (...texts: string[]) => fc.oneof(fc.constant(''), fc.constantFrom(...texts));
const noise = fc.string({ unit: fc.constantFrom(...Array.from('0123456789+-.,:eExT/ _')), maxLength: 8 });

const sign = perhaps('-', '-', '+', '--');
const anyNumber = (type: SqlType) => {
  const limit = fc.constantFrom(...limitsOf(type));
  const spelled = joined(
    perhaps(' ', '\t', '\u00a0', '\0'),
    sign,
    fc.oneof(limit, fc.constantFrom('', '0', '007', '1', '12', '16777217'), fc.maxSafeNat().map(String)),
    perhaps('.', '.0', '.5', '.25', '.999', '.250', `.${'0'.repeat(29)}1`, `.${'0'.repeat(30)}1`, '.49999999999999999'),
    perhaps('e0', 'E1', 'e-1', 'e+2', 'e-2', 'e30', 'e38', 'e39', 'e308', 'e309', 'e-45', 'e-46', 'e-324', 'e400', 'e'),
    perhaps(' ', '\n', 'x'),
  );
  return fc.oneof({ arbitrary: joined(sign, limit), weight: 1 }, { arbitrary: spelled, weight: 4 });
};

const year = ['0000', '0001', '0999', '1000', '1900', '1969', '1970', '2000', '2023', '2024', '2038', '9999', '24'];
const month = ['00', '01', '02', '04', '06', '12', '13', '2'];
const days = ['00', '01', '18', '19', '20', '28', '29', '30', '31', '32', '9'];
const edgeDates = [
  ...['1900-02-29', '2000-02-29', '2023-02-29', '2024-02-29', '2024-02-30', '2024-04-31', '2024-12-31', '2024-12-32'],
  ...['0999-12-31', '1000-01-01', '9999-12-31', '2024-13-01', '2024-00-01', '2024-01-00', '1970-01-01', '2038-01-19'],
];
const spelledDate = fc
  .record({
    y: fc.constantFrom(...year),
    m: fc.constantFrom(...month),
    d: fc.constantFrom(...days),
    between: fc.constantFrom('-', '/', '.', '', ':'),
    order: fc.nat(5),
  })
  .map(
    ({ y, m, d, between, order }) => [order === 0 ? [d, m, y] : order === 1 ? [m, d, y] : [y, m, d], between] as const,
  )
  .map(([parts, between]) => parts.join(between));
const date = fc.oneof(fc.constantFrom(...edgeDates), spelledDate);
const fraction = perhaps('.', '.0', '.5', '.500', '.999', '.9999', '.999999', '.9999999', '.1234567', '.1234560');
const clock = fc.constantFrom('00:00', '12:30', '00:00:00', '00:00:01', '03:14:07', '03:14:08', '23:59:59', '23:59:60');
const oddClock = fc.constantFrom('24:00:00', '12:60', '1:00', '12', '123015', '12:30:5');
const zone = perhaps('Z', '+00:00', '+01:00', '-14:00', '+24:00', '+1:00', 'UTC');
const space = perhaps(' ', '\n');
const moment = fc.oneof(
  joined(fc.constantFrom('2024-02-29 ', '19700101T'), clock),
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

/** Characters of one to four bytes, combining marks, and spaces that a server may remove. */
const characters = ['a', 'é', '€', '😀', '\u{10ffff}', '\u0301', ' ', '\t', '\n', '\0', '\\', "'", '\u00a0', '\ufeff'];
function text({ length }: SqlType): fc.Arbitrary<string> {
  if (length !== undefined) return fc.string({ unit: fc.constantFrom(...characters, ' '), maxLength: length + 2 });
  const long = fc
    .tuple(fc.constantFrom('a', 'é', '€', '😀'), fc.integer({ min: 65_533, max: 65_537 }))
    .map(([unit, bytes]) => unit.repeat(Math.floor(bytes / Buffer.byteLength(unit))) + 'a'.repeat(bytes % 2));
  const short = fc.string({ unit: fc.constantFrom(...characters), maxLength: 20 });
  return fc.oneof({ arbitrary: short, weight: 9 }, { arbitrary: long, weight: 1 });
}

/** Generates texts for a column of the type. Some are valid, and most are nearly valid. */
export function textsFor(type: SqlType): fc.Arbitrary<string> {
  if (type.kind === 'text') return text(type);
  const day = fc.oneof({ arbitrary: joined(space, date, space), weight: 3 }, moment);
  const own = { boolean, date: day, datetime: moment, time: span };
  return fc.oneof(
    { arbitrary: type.kind in own ? own[type.kind as keyof typeof own] : anyNumber(type), weight: 9 },
    { arbitrary: noise, weight: 1 },
  );
}
