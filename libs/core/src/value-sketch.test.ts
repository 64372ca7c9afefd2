import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ValueSketch } from './value-sketch.js';

const numbers = fc.array(
  fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.double({ min: -1e9, max: 1e9, noNaN: true })),
  { minLength: 1, maxLength: 200 },
);

function sketchOf(values: readonly number[]): ValueSketch {
  const sketch = new ValueSketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

it('finds each quantile with at most 1 % of error', () => {
  fc.assert(
    fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
      const sorted = values.toSorted((a, b) => a - b);
      const exact = sorted[Math.floor(q * (values.length - 1))]!;
      expect(Math.abs(sketchOf(values).quantile(q) - exact)).toBeLessThanOrEqual(Math.abs(exact) * 0.0101 + 1e-300);
    }),
  );
});

it('has the same sums whether the values come together or in parts', () => {
  fc.assert(
    fc.property(numbers, numbers, (one, other) => {
      const whole = sketchOf([...one, ...other]);
      const merged = ValueSketch.of(
        JSON.parse(JSON.stringify(sketchOf(one).data)) as ReturnType<typeof sketchOf>['data'],
      );
      merged.merge(sketchOf(other).data);
      const { sum, squares, ...exact } = whole.data;
      expect(merged.data).toMatchObject(exact);
      expect(merged.sum).toBeCloseTo(sum, -3);
      expect(merged.deviation / whole.deviation || 1).toBeCloseTo(1, 6);
      expect(squares).toBeGreaterThanOrEqual(0);
    }),
  );
});

it('knows mean and deviation, and passes over numbers that are not finite', () => {
  const sketch = sketchOf([2, 4, 4, 4, 5, 5, 7, 9, NaN, Infinity]);
  expect([sketch.count, sketch.mean, sketch.min, sketch.max]).toEqual([8, 5, 2, 9]);
  expect(sketch.deviation).toBeCloseTo(2.138, 3);
  expect(new ValueSketch().quantile(0.5)).toBeNaN();
});
