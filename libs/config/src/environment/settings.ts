import { problemAt } from '../errors.js';
import { flagName } from '../resolve/flags.js';
import type { Origin } from '../yaml/located.js';
import type { ConfigFlags, ConfigProblem, ResolvedValue } from '../types.js';
import { quoteSafely, showValue } from '../wording.js';

export type Env = Readonly<Record<string, string | undefined>>;

export interface Setting {
  text: string;
  origin: Origin;
}

/** Thrown by a parser for a text that it does not take. */
export class Unparsable extends Error {
  readonly hint: string;

  constructor(
    readonly takes: string,
    near?: string,
  ) {
    super(takes);
    this.hint = near === undefined ? '' : ` Did you mean ${near}?`;
  }
}

/** Reads single settings from flags and environment, keeping what was found, from where, and what was wrong. */
export class Settings {
  readonly values: ResolvedValue[] = [];

  constructor(
    readonly env: Env,
    readonly flags: ConfigFlags,
    readonly cwd: string,
    readonly problems: ConfigProblem[],
  ) {}

  /** A flag wins over a variable; an empty variable is one that is not set. */
  find(variable: string, flag?: keyof ConfigFlags): Setting | undefined {
    const given = flag && this.flags[flag];
    if (given !== undefined) return { text: given, origin: { source: flagName(flag!), folder: this.cwd } };
    const text = this.env[variable];
    return text ? { text, origin: { source: variable, folder: this.cwd } } : undefined;
  }

  /** The parsed setting, or the default where there is none or it cannot be parsed, which is then a problem. */
  read<T>(
    field: string,
    { variable, flag, fallback }: { variable: string; flag?: keyof ConfigFlags; fallback: T },
    parse: (text: string) => T,
  ): T {
    const found = this.find(variable, flag);
    let value = fallback;
    if (found) {
      try {
        value = parse(found.text.trim());
      } catch (error) {
        if (!(error instanceof Unparsable)) throw error;
        const takes = `It takes ${error.takes}.${error.hint}`;
        this.report(found.origin, field, `${quoteSafely(found.text)} is not accepted`, takes);
      }
    }
    if (value !== undefined) this.show(field, showValue(value), found?.origin.source ?? 'default');
    return value;
  }

  show(field: string, value: string, origin: string): void {
    this.values.push({ field, value, origin });
  }

  report(origin: Origin, field: string, message: string, fix: string): void {
    this.problems.push(problemAt(origin, field, message, fix));
  }
}

/** The parser of a whole number in a range. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    throw new Unparsable(`a whole number from ${least} to ${most}`);
  };
}
