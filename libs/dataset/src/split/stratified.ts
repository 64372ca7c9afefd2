import { allocate } from './allocate.js';
import type { Chooser, Classes, Plan } from './plan.js';
import type { SeededRandom } from './random.js';

/**
 * Draws the rows of each class at random. Their number is decided first. Then each row is taken with the probability
 * (still wanted) / (still to come), so that every selection of that size is equally likely: selection sampling, algorithm S
 * in section 3.4.2 of Knuth, The Art of Computer Programming, volume 2. It needs two numbers per class.
 */
export class StratifiedPlan implements Plan {
  readonly #sizes: number[] = [];

  constructor(
    private readonly classes: Classes,
    private readonly random: SeededRandom,
  ) {}

  add(cells: readonly string[]): void {
    const index = this.classes.indexOf(cells);
    this.#sizes[index] = (this.#sizes[index] ?? 0) + 1;
  }

  choose(test: number): Chooser {
    const toCome = [...this.#sizes];
    const wanted = allocate(toCome, test);
    return {
      isTest: (cells) => {
        const index = this.classes.indexOf(cells);
        const isTest = this.random.next() * toCome[index]! < wanted[index]!;
        toCome[index]!--;
        if (isTest) wanted[index]!--;
        return isTest;
      },
    };
  }
}
