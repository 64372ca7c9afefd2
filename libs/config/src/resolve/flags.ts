import type { ConfigFlags } from '../types.js';

/** A flag as the origin of a value: `flag --batch-size`. */
export function flagName(flag: keyof ConfigFlags): string {
  return `flag --${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** How to give a field where there is no file to write it into. */
export const HOW_TO_GIVE: Readonly<Record<string, string>> = {
  category: 'Give --task, for example --task tabular_classification.',
  table: 'Set TABLE_NAME or give --table.',
  intent: 'Give --intent train or --intent test.',
  csv: 'Set LABEL_FILE or give --label-file.',
  label: 'Give --label with the name of the column.',
  schema: 'Give --schema "age: INT, plan: VARCHAR(32)", or --schema @schema.yaml.',
  time_column: 'Give --time-column.',
};
