/** Turns values as they are stored in Parquet into the text of a cell. */

const MS_PER_DAY = 86_400_000;

export type Unit = 'MILLIS' | 'MICROS' | 'NANOS';

/** Digits of a second's fraction in each unit. */
export const DIGITS: Readonly<Record<Unit, number>> = { MILLIS: 3, MICROS: 6, NANOS: 9 };

/** Returns the exact text of a decimal number, of which `scale` digits follow the point. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Returns the integer that bytes hold, the highest byte first, in two's complement. */
export function integerOf(bytes: Uint8Array): bigint {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return hex === '' ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`));
}

/** Returns the shortest text that is read as the same number; that is empty for a value that is not a number. */
export function doubleText(value: number): string {
  return Number.isNaN(value) ? '' : Object.is(value, -0) ? '-0' : String(value);
}

/** Returns the shortest text that is read as the same number of 32 bits. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return doubleText(value);
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return doubleText(shorter);
  }
  return doubleText(Number(value.toPrecision(9)));
}

/** Returns the number that two bytes hold, the lowest byte first. */
export function halfOf(bytes: Uint8Array): number {
  const bits = bytes[0]! | (bytes[1]! << 8);
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  if (exponent === 0) return sign * 2 ** -14 * fraction;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * 2 ** (exponent - 15) * (1 + fraction);
}

/** Returns `YYYY-MM-DD` for a number of days since 1970. */
export function dateText(days: number): string {
  const date = new Date(days * MS_PER_DAY);
  return Number.isNaN(date.getTime()) ? `day ${days} of 1970` : date.toISOString().replace(/T.*/, '');
}

/** Returns a moment in ISO 8601, with as many digits of its fraction as it needs. */
export function momentText(count: bigint, unit: Unit, isUtc: boolean): string {
  const perSecond = 10n ** BigInt(DIGITS[unit]);
  const fraction = ((count % perSecond) + perSecond) % perSecond;
  const seconds = (count - fraction) / perSecond;
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return `second ${seconds} of 1970`;
  return `${date.toISOString().slice(0, -5)}${fractionText(fraction, unit)}${isUtc ? 'Z' : ''}`;
}

const NANOS_PER_DAY = 86_400_000_000_000n;
/** The day of the Julian calendar on which 1970 began. */
const JULIAN_1970 = 2_440_588n;

/** Returns the nanoseconds since 1970 of an INT96: the day of the Julian calendar in the upper 32 bits, the nanoseconds in it below. */
export function nanosOf(stored: bigint): bigint {
  return ((stored >> 64n) - JULIAN_1970) * NANOS_PER_DAY + BigInt.asUintN(64, stored);
}

/** Returns `HH:MM:SS`, with as many digits of the fraction as it needs. */
export function timeText(count: bigint, unit: Unit): string {
  const perSecond = 10n ** BigInt(DIGITS[unit]);
  const seconds = Number(count / perSecond);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':') + fractionText(count % perSecond, unit);
}

function fractionText(fraction: bigint, unit: Unit): string {
  if (fraction === 0n) return '';
  return `.${String(fraction).padStart(DIGITS[unit], '0').replace(/0+$/, '')}`;
}

/** Returns a UUID of its 16 bytes. */
export function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
