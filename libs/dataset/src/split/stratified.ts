import { allocate } from './allocate.js';
import type { Chooser, Classes, Plan } from './plan.js';
import type { SeededRandom } from './random.js';

/**
 * Draws the rows of each class at random. How many is settled first, and then each row is taken with the chance
 * (still wanted) / (still to come), which gives every choice of exactly so many rows the same chance: selection
 * sampling, algorithm S in section 3.4.2 of Knuth, The Art of Computer Programming, volume 2. Holds two numbers a class.
 */
export class StratifiedPlan implements Plan {
  readonly #sizes: number[] = [];

  constructor(
    private readonly classes: Classes,
    private readonly random: SeededRandom,
  ) {}

  take(cells: readonly string[]): void {
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
