import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HybridReader } from './hybrid.js';
import { MAX_TEXTS, NumberTexts } from './number-texts.js';
import { doubleText, floatText } from './to-text.js';

const anyNumber = fc.oneof(
  fc.double(),
  fc.tuple(fc.integer(), fc.integer({ min: 0, max: 12 })).map(([digits, places]) => digits / 10 ** places),
  fc.maxSafeInteger().map((digits) => digits / 1e6),
  fc.maxSafeInteger(),
  fc.constantFrom(
    0,
    -0,
    1e-6,
    9.99e-7,
    0.001,
    0.0012345678,
    0.99999997,
    16777216.5,
    999999.97,
    1e15,
    2 ** 31,
    -(2 ** 31),
    0.1 + 0.2,
    1e21,
    4.35,
    0.000001234,
    NaN,
    Infinity,
  ),
);
/** Numbers of few kinds, and so many of them that the bytes are used up several times. */
const manyNumbers = fc
  .tuple(fc.array(anyNumber, { minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: MAX_TEXTS }))
  .map(([some, count]) => Array.from({ length: count }, (_, index) => some[(index * 7) % some.length]!));

type Add = (texts: NumberTexts, value: number, output: string[], index: number) => void;

function textsOf(numbers: readonly number[], texts: NumberTexts, add: Add): string[] {
  const output: string[] = [];
  texts.begin();
  numbers.forEach((number, index) => add(texts, number, output, index));
  texts.finish(output, numbers.length);
  return output;
}

it('the digits of numbers are those that JavaScript writes', () => {
  const texts = new NumberTexts();
  fc.assert(
    fc.property(manyNumbers, (numbers) => {
      const doubles = textsOf(numbers, texts, (to, ...rest) => to.addDouble(...rest));
      expect(doubles).toEqual(numbers.map(doubleText));
      const floats = numbers.map(Math.fround);
      const written = textsOf(floats, texts, (to, ...rest) => to.addFloat(...rest));
      expect(written).toEqual(floats.map(floatText));
      const integers = numbers.map((number) => Math.trunc(number)).filter((number) => Number.isSafeInteger(number));
      const whole = textsOf(integers, texts, (to, ...rest) => to.addInteger(...rest));
      expect(whole).toEqual(integers.map(String));
    }),
  );
});

type Run = { isPacked: true; values: number[] } | { isPacked: false; value: number; count: number };

/** Writes runs of integers as Parquet has them. */
function encode(runs: readonly Run[], width: number): Uint8Array {
  const bytes: number[] = [];
  const addVarInt = (value: number) => {
    for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value & 0x7f) | 0x80);
    bytes.push(value);
  };
  for (const run of runs) {
    if (!run.isPacked) {
      addVarInt(run.count * 2);
      for (let shift = 0; shift < width; shift += 8) bytes.push((run.value >>> shift) & 0xff);
      continue;
    }
    addVarInt((run.values.length / 8) * 2 + 1);
    const bits = run.values.map((value) => value.toString(2).padStart(width, '0')).reverse();
    const packed = BigInt(`0b0${bits.join('')}`);
    for (let at = 0; at < (run.values.length / 8) * width; at++) bytes.push(Number((packed >> BigInt(at * 8)) & 0xffn));
  }
  return Uint8Array.from(bytes);
}

const anyRuns = fc.integer({ min: 1, max: 32 }).chain((width) => {
  const value = fc.integer({ min: 0, max: 2 ** width - 1 });
  const packed = fc
    .array(value, { minLength: 8, maxLength: 64 })
    .map((values): Run => ({ isPacked: true, values: values.slice(0, values.length - (values.length % 8)) }));
  const same = fc
    .tuple(value, fc.integer({ min: 1, max: 300 }))
    .map(([one, count]): Run => ({ isPacked: false, value: one, count }));
  return fc.tuple(fc.constant(width), fc.array(fc.oneof(packed, same), { minLength: 1, maxLength: 6 }));
});

it('runs and packed integers of every width are read, in parts of any length', () => {
  fc.assert(
    fc.property(anyRuns, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), ([width, runs], parts) => {
      const expected = runs.flatMap((run) => (run.isPacked ? run.values : Array<number>(run.count).fill(run.value)));
      const reader = new HybridReader(encode(runs, width), width);
      const found: number[] = [];
      for (let index = 0; found.length < expected.length; index++) {
        const some = new Uint32Array(Math.min(parts[index % parts.length]!, expected.length - found.length));
        reader.read(some, some.length);
        found.push(...some);
      }
      expect(found).toEqual(expected);
      expect(() => reader.read(new Uint32Array(1), 1)).toThrow(RangeError);
    }),
  );
});
