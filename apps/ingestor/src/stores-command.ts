import { existsSync } from 'node:fs';
import { BaseCommand, environment } from '@tracebloc/ingestor-cli';
import { LOCAL_DATABASE, LOCAL_FOLDER } from '@tracebloc/ingestor-config/environment';
import { printableLine } from '@tracebloc/ingestor-core';
import type { Stores } from '@tracebloc/ingestor-pipeline';
import { readStores, withStores, type StoresFlags } from './services/stores.js';

/** The base of commands that use the stores of the environment, or with --local those of the working folder. */
export abstract class StoresCommand extends BaseCommand {
  /** Runs `work` as `withStores` does, and tells which settings --local makes idle. */
  protected withStores<T>(flags: StoresFlags, work: (stores: Stores) => Promise<T>): Promise<T> {
    this.#mentionLocal(flags);
    return withStores(flags, work, this.#warn);
  }

  /** Runs `work` as `readStores` does, and tells which settings --local makes idle. */
  protected readStores<T>(flags: StoresFlags, work: (stores: Stores) => Promise<T>): Promise<T> {
    this.#mentionLocal(flags);
    return readStores(flags, work, this.#warn);
  }

  /** With --local, the commands that an error advises have the flag too. */
  protected override clean(text: string): string {
    const cleaned = super.clean(text);
    return this.argv.includes('--local') ? withLocalFlag(cleaned) : cleaned;
  }

  /** Mentions the datasets of --local in this folder if nothing says where else to look. */
  #mentionLocal({ local, storage }: StoresFlags): void {
    const env = environment();
    if (local || storage !== undefined || env.STORAGE_PATH || env.MYSQL_HOST || !existsSync(LOCAL_DATABASE)) return;
    this.tell(`This folder has datasets of --local in ${LOCAL_FOLDER}. To look at those, add --local.`);
  }

  readonly #warn = (warning: string) => this.tell(`Warning: ${printableLine(warning)}`);
}

/** Adds --local to the commands in a text that look at stores. */
export function withLocalFlag(text: string): string {
  return text.replace(/\bingestor (datasets|runs) [a-z]+\b(?! --local)/g, '$& --local');
}
