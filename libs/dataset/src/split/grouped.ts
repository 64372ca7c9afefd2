import { Pause } from '../pause.js';
import { Groups } from './groups.js';
import type { Chooser, Classes, Plan, ReadColumn } from './plan.js';
import type { SeededRandom } from './random.js';

/**
 * Keeps the rows of a group together. Groups are tried in random order: first those that fit into the rows still wanted, of
 * each class and in total, then those that bring the test set closer to its target. Needs a few dozen bytes per group.
 */
export class GroupedPlan implements Plan {
  readonly #groups: Groups;
  readonly #sizes: number[] = [];
  /** The number of rows whose group is empty. Together they are one group. */
  withoutGroup = 0;
  /** The number of groups in the test set, after `choose`. */
  testGroups = 0;

  constructor(
    private readonly column: ReadColumn & { name: string },
    private readonly classes: Classes,
    private readonly random: SeededRandom,
  ) {
    this.#groups = new Groups(column.name);
  }

  get groups(): number {
    return this.#groups.count;
  }

  add(cells: readonly string[]): void {
    const name = this.#nameOf(cells);
    if (name === '') this.withoutGroup++;
    const index = this.classes.indexOf(cells);
    this.#sizes[index] = (this.#sizes[index] ?? 0) + 1;
    this.#groups.add(name, index);
  }

  async choose(test: number): Promise<Chooser> {
    const chosen = await this.#chooseGroups(new Balance(this.#groups, this.#sizes, test));
    return { isTest: (cells) => chosen[this.#groups.find(this.#nameOf(cells)) ?? -1] === 1 };
  }

  /** Returns for each group 1 if it is in the test set, else 0. */
  async #chooseGroups(balance: Balance): Promise<Uint8Array> {
    const chosen = new Uint8Array(this.groups);
    const choose = (group: number) => {
      balance.add(group);
      chosen[group] = 1;
      this.testGroups++;
    };
    const order = await this.random.shuffle(this.groups);
    // At least one group must stay in the training set.
    const most = order.length - 1;
    const pause = new Pause();
    for (const isWanted of [
      (group: number) => balance.fits(group),
      (group: number) => chosen[group] === 0 && balance.change(group) < 0,
    ]) {
      for (const group of order) {
        if (pause.isDue) await pause.take();
        if (this.testGroups === most) break;
        if (isWanted(group)) choose(group);
      }
    }
    if (this.testGroups === 0 && most > 0) {
      choose(order.reduce((best, group) => (balance.change(group) < balance.change(best) ? group : best)));
    }
    return chosen;
  }

  #nameOf(cells: readonly string[]): string {
    return this.column.read(cells[this.column.index]!);
  }
}

/** Measures how far the test set is from its share of each class and of all rows. */
class Balance {
  readonly #wanted: number[];
  readonly #has: number[];
  #rows = 0;
  readonly #total: number;

  constructor(
    private readonly groups: Groups,
    private readonly sizes: readonly number[],
    private readonly test: number,
  ) {
    this.#total = sizes.reduce((sum, size) => sum + size, 0);
    this.#wanted = sizes.map((size) => (size * test) / this.#total);
    this.#has = sizes.map(() => 0);
  }

  add(group: number): void {
    const { groups } = this;
    for (let entry = groups.first(group); entry !== -1; entry = groups.next(entry)) {
      this.#has[groups.classOf(entry)]! += groups.rowsOf(entry);
      this.#rows += groups.rowsOf(entry);
    }
  }

  /** Whether the group fits: neither a class nor the whole would exceed its share. */
  fits(group: number): boolean {
    const { groups } = this;
    let rows = 0;
    for (let entry = groups.first(group); entry !== -1; entry = groups.next(entry)) {
      const index = groups.classOf(entry);
      rows += groups.rowsOf(entry);
      if (this.#has[index]! + groups.rowsOf(entry) > Math.ceil(this.#wanted[index]!)) return false;
    }
    return this.#rows + rows <= this.test;
  }

  /** Returns how adding the group changes the sum of squared distances, each relative to the size of its class. */
  change(group: number): number {
    const { groups } = this;
    let rows = 0;
    let sum = 0;
    for (let entry = groups.first(group); entry !== -1; entry = groups.next(entry)) {
      const index = groups.classOf(entry);
      rows += groups.rowsOf(entry);
      sum += growth(this.#has[index]! - this.#wanted[index]!, groups.rowsOf(entry)) / this.sizes[index]!;
    }
    return sum + growth(this.#rows - this.test, rows) / this.#total;
  }
}

/** Returns how much the square of a distance grows when rows are added to the distance. */
function growth(distance: number, rows: number): number {
  return (distance + rows) ** 2 - distance ** 2;
}
