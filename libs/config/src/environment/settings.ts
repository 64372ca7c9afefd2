import { existsSync } from 'node:fs';
import { problemAt } from '../errors.js';
import { flagName } from '../resolve/flags.js';
import type { Origin } from '../yaml/located.js';
import type { ConfigFlags, ConfigProblem, ResolvedValue, ValueFlag } from '../types.js';
import { NOT_HERE, quoteSafely, showValue } from '../wording.js';

export type Env = Readonly<Record<string, string | undefined>>;

export interface Setting {
  text: string;
  origin: Origin;
}

/** A parser throws this for a text that is not valid. */
export class InvalidValueError extends Error {
  readonly hint: string;

  constructor(
    /** Names the valid values: `a whole number from 1 to 9`. */
    readonly valid: string,
    near?: string,
  ) {
    super(valid);
    this.hint = near === undefined ? '' : ` Did you mean ${near}?`;
  }
}

/** Reads settings from flags and environment variables. It collects the values, with their origins, and the problems. */
export class Settings {
  readonly values: ResolvedValue[] = [];
  /** The paths that this machine does not have, by their fields. */
  readonly #absent = new Map<string, string>();

  constructor(
    readonly env: Env,
    readonly flags: ConfigFlags,
    readonly cwd: string,
    readonly problems: ConfigProblem[],
    /** The configuration is only shown, maybe on another machine than that of the run. */
    readonly isShown = false,
  ) {}

  /** Prefers the flag to the variable. An empty variable counts as one that is not set. */
  find(variable: string, flag?: ValueFlag): Setting | undefined {
    const given = flag && this.flags[flag];
    if (given !== undefined) return { text: given, origin: { source: flagName(flag!), folder: this.cwd } };
    const text = this.env[variable];
    return text ? { text, origin: { source: variable, folder: this.cwd } } : undefined;
  }

  /** Returns the parsed setting, or `fallback` if it is not set. A text that is not valid is a problem. */
  read<T>(
    field: string,
    { variable, flag, fallback }: { variable: string; flag?: ValueFlag; fallback: T },
    parse: (text: string) => T,
  ): T {
    const found = this.find(variable, flag);
    let value = fallback;
    if (found) {
      try {
        value = parse(found.text.trim());
      } catch (error) {
        if (!(error instanceof InvalidValueError)) throw error;
        const shown = quoteSafely(found.text);
        const message = shown === undefined ? 'the value is not valid' : `${shown} is not a valid value`;
        this.report(found.origin, field, message, `Use ${error.valid}.${error.hint}`);
      }
    }
    if (value !== undefined) this.show(field, showValue(value), found?.origin.source ?? 'default');
    return value;
  }

  show(field: string, value: string, origin: string): void {
    const path = this.#absent.get(field);
    this.values.push(path === undefined ? { field, value, origin } : { field, value: path, origin, note: NOT_HERE });
  }

  /**
   * Returns whether a path is missing and that does not matter, since the configuration is only shown. Then the field's
   * value is shown as the path, with a note.
   */
  isAbsent(field: string, path: string): boolean {
    if (!this.isShown || existsSync(path)) return false;
    this.#absent.set(field, path);
    return true;
  }

  report(origin: Origin, field: string, message: string, fix: string): void {
    this.problems.push(problemAt(origin, field, message, fix));
  }
}

/** Returns a parser of whole numbers in a range, which includes both ends. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidValueError(`a whole number from ${least} to ${most}`);
  };
}

export function readBoolean(text: string): boolean {
  const word = text.toLowerCase();
  if (word === 'true' || word === 'false') return word === 'true';
  throw new InvalidValueError('true or false');
}
