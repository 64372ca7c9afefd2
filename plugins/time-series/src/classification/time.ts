/** A time as two numbers that are compared one after the other, so that no digit of a moment or a long step is lost. */
export type Time = readonly [at: number, rest: number];

/** The digits of a long whole number that go into the second of the two numbers. */
const REST = 1_000_000_000;

/** Reads a moment as the table holds it, `YYYY-MM-DD[ HH:MM:SS[.ffffff]]`: its digits are in the order of time. */
export function readMoment(value: string): Time {
  const whole = value.slice(0, 19).replace(/[- :]/g, '').padEnd(14, '0');
  return [Number(whole), value.length > 19 ? Number(`0${value.slice(19)}`) : 0];
}

/** Reads a whole number, such as nanoseconds since 1970. */
export function readInteger(value: string): Time {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return [Math.trunc(number / REST), number % REST];
  const exact = BigInt(value);
  return [Number(exact / BigInt(REST)), Number(exact % BigInt(REST))];
}

/** Reads a number with a fraction. */
export function readNumber(value: string): Time {
  const [, sign = '', whole = '', fraction = ''] = /^([+-]?)(\d{1,15})\.(\d+)$/.exec(value) ?? [];
  if (fraction === '') return [Math.trunc(Number(value)), Number(value) % 1];
  return [Number(sign + whole), Number(`${sign}0.${fraction}`)];
}
