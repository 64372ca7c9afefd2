/**
 * The buckets grow by this factor, so that a quantile is off by at most 1 % of its value. The method is that of Masson, Rim
 * and Lee, "DDSketch: A fast and fully-mergeable quantile sketch with relative-error guarantees", VLDB 2019.
 */
const GROWTH = 1.01 / 0.99;
const LOG_GROWTH = Math.log(GROWTH);

/** A distribution of numbers as plain data. */
export interface SketchData {
  count: number;
  min: number;
  max: number;
  sum: number;
  /** The sum of the squared differences from the mean. */
  squares: number;
  /** The number of values in each bucket, by the bucket's index. */
  positive: Record<string, number>;
  negative: Record<string, number>;
  zeros: number;
  /** Whether all values are whole numbers. */
  isWhole: boolean;
}

/**
 * Sums up numbers in bounded memory: about 700 buckets for each factor of a million between the least and the greatest value.
 * Two sketches can be merged without loss. Numbers that are not finite are passed over.
 */
export class ValueSketch {
  count = 0;
  min = Infinity;
  max = -Infinity;
  sum = 0;
  #mean = 0;
  #squares = 0;
  #zeros = 0;
  #isWhole = true;
  readonly #positive = new Map<number, number>();
  readonly #negative = new Map<number, number>();

  static of(data: SketchData): ValueSketch {
    const sketch = new ValueSketch();
    sketch.merge(data);
    return sketch;
  }

  add(value: number): void {
    if (!Number.isFinite(value)) return;
    this.count++;
    this.sum += value;
    if (!Number.isInteger(value)) this.#isWhole = false;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    // Welford's method, which loses no digits where the values are large and close together.
    const difference = value - this.#mean;
    this.#mean += difference / this.count;
    this.#squares += difference * (value - this.#mean);
    if (value === 0) this.#zeros++;
    else {
      const buckets = value > 0 ? this.#positive : this.#negative;
      const bucket = Math.ceil(Math.log(Math.abs(value)) / LOG_GROWTH);
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
    }
  }

  merge({ count, min, max, sum, squares, positive, negative, zeros, isWhole }: SketchData): void {
    if (count === 0) return;
    const mean = sum / count;
    const total = this.count + count;
    // Chan's formula for the squares of two parts.
    this.#squares += squares + ((mean - this.#mean) ** 2 * this.count * count) / total;
    this.#mean = (this.#mean * this.count + mean * count) / total;
    this.count = total;
    this.sum += sum;
    this.min = Math.min(this.min, min);
    this.max = Math.max(this.max, max);
    this.#zeros += zeros;
    this.#isWhole &&= isWhole;
    for (const [buckets, more] of [
      [this.#positive, positive],
      [this.#negative, negative],
    ] as const) {
      for (const [bucket, own] of Object.entries(more)) {
        buckets.set(Number(bucket), (buckets.get(Number(bucket)) ?? 0) + own);
      }
    }
  }

  get mean(): number {
    return this.#mean;
  }

  /** The standard deviation of a sample; NaN for fewer than two values. */
  get deviation(): number {
    return this.count < 2 ? NaN : Math.sqrt(this.#squares / (this.count - 1));
  }

  /** Returns the value below which the fraction `q`, from 0 to 1, of the values is; NaN without values. */
  quantile(q: number): number {
    if (this.count === 0) return NaN;
    const rank = q * (this.count - 1);
    let seen = 0;
    for (const [value, count] of this.buckets()) {
      seen += count;
      if (seen <= rank) continue;
      const near = this.#isWhole ? Math.round(value) : value;
      return Math.min(this.max, Math.max(this.min, near));
    }
    return this.max;
  }

  /** Yields the middle of each bucket with the number of its values, in ascending order. */
  *buckets(): Generator<readonly [value: number, count: number], void> {
    const middle = (bucket: number): number => (2 * GROWTH ** bucket) / (GROWTH + 1);
    for (const [bucket, count] of [...this.#negative].sort(([a], [b]) => b - a)) yield [-middle(bucket), count];
    if (this.#zeros > 0) yield [0, this.#zeros];
    for (const [bucket, count] of [...this.#positive].sort(([a], [b]) => a - b)) yield [middle(bucket), count];
  }

  get data(): SketchData {
    return {
      ...{ count: this.count, min: this.min, max: this.max, sum: this.sum, squares: this.#squares },
      positive: Object.fromEntries(this.#positive),
      negative: Object.fromEntries(this.#negative),
      zeros: this.#zeros,
      isWhole: this.#isWhole,
    };
  }
}
