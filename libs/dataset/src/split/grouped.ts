import type { Chooser, Classes, Plan } from './plan.js';
import type { SeededRandom } from './random.js';

/** Rows of a group by class, as pairs in one list: `[class, rows, class, rows, ...]`; most groups have few classes. */
type Group = number[];

/**
 * Keeps the rows of a group together. Groups are tried in random order: first those that fit into what is still wanted
 * of each class and in all, then those that bring the test set closer to it. Holds an entry a group.
 */
export class GroupedPlan implements Plan {
  readonly #groups = new Map<string, Group>();
  readonly #sizes: number[] = [];
  /** Rows whose group is empty; together they are one group. */
  withoutGroup = 0;
  /** Groups in the test set, once chosen. */
  testGroups = 0;

  constructor(
    private readonly column: number,
    private readonly classes: Classes,
    private readonly random: SeededRandom,
  ) {}

  get groups(): number {
    return this.#groups.size;
  }

  take(cells: readonly string[]): void {
    const name = this.#nameOf(cells);
    if (name === '') this.withoutGroup++;
    const index = this.classes.indexOf(cells);
    this.#sizes[index] = (this.#sizes[index] ?? 0) + 1;
    let group = this.#groups.get(name);
    if (!group) this.#groups.set(name, (group = []));
    for (let at = 0; at < group.length; at += 2) {
      if (group[at] === index) {
        group[at + 1]!++;
        return;
      }
    }
    group.push(index, 1);
  }

  choose(test: number): Chooser {
    const chosen = this.#chooseGroups(new Balance(this.#sizes, test));
    this.testGroups = chosen.size;
    return { isTest: (cells) => chosen.has(this.#nameOf(cells)) };
  }

  #chooseGroups(balance: Balance): Set<string> {
    const chosen = new Set<string>();
    const choose = ([name, group]: [string, Group]) => {
      balance.add(group);
      chosen.add(name);
    };
    const order = this.random.shuffle(this.#groups);
    // One group is left to the training set, whatever size is wanted.
    const most = order.length - 1;
    for (const entry of order) if (chosen.size < most && balance.fits(entry[1])) choose(entry);
    for (const entry of order) {
      if (chosen.size < most && !chosen.has(entry[0]) && balance.change(entry[1]) < 0) choose(entry);
    }
    if (chosen.size === 0 && most > 0) {
      choose(order.reduce((best, entry) => (balance.change(entry[1]) < balance.change(best[1]) ? entry : best)));
    }
    return chosen;
  }

  #nameOf(cells: readonly string[]): string {
    return cells[this.column]!.trim();
  }
}

/** How far the test set is from its share of every class, and of the rows in all. */
class Balance {
  readonly #wanted: number[];
  readonly #has: number[];
  #rows = 0;
  readonly #total: number;

  constructor(
    private readonly sizes: readonly number[],
    private readonly test: number,
  ) {
    this.#total = sizes.reduce((sum, size) => sum + size, 0);
    this.#wanted = sizes.map((size) => (size * test) / this.#total);
    this.#has = sizes.map(() => 0);
  }

  add(group: Group): void {
    for (let at = 0; at < group.length; at += 2) {
      this.#has[group[at]!]! += group[at + 1]!;
      this.#rows += group[at + 1]!;
    }
  }

  /** Whether no class, nor the whole, would have more than its share. */
  fits(group: Group): boolean {
    let rows = 0;
    for (let at = 0; at < group.length; at += 2) {
      const index = group[at]!;
      rows += group[at + 1]!;
      if (this.#has[index]! + group[at + 1]! > Math.ceil(this.#wanted[index]!)) return false;
    }
    return this.#rows + rows <= this.test;
  }

  /** What adding the group changes in the sum of squared distances, each relative to the size of its class. */
  change(group: Group): number {
    let rows = 0;
    let sum = 0;
    for (let at = 0; at < group.length; at += 2) {
      const index = group[at]!;
      rows += group[at + 1]!;
      sum += growth(this.#has[index]! - this.#wanted[index]!, group[at + 1]!) / this.sizes[index]!;
    }
    return sum + growth(this.#rows - this.test, rows) / this.#total;
  }
}

/** How much the square of a distance grows when it is moved by some rows. */
function growth(distance: number, rows: number): number {
  return (distance + rows) ** 2 - distance ** 2;
}
