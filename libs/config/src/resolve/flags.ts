import type { ConfigFlags } from '../types.js';

/** Returns the name of a flag as an origin, such as `flag --batch-size`. */
export function flagName(flag: keyof ConfigFlags): string {
  return `flag --${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The fix for a missing field if the run has no configuration file. */
export const HOW_TO_GIVE: Readonly<Record<string, string>> = {
  category: 'Give --task, for example --task tabular_classification.',
  table: 'Set TABLE_NAME or --table.',
  intent: 'Give --intent train or --intent test.',
  csv: 'Set LABEL_FILE or --label-file.',
  label: 'Give --label with the name of the column.',
  schema: 'Give --schema "age: INT, plan: VARCHAR(32)", or --schema @schema.yaml.',
  time_column: 'Give --time-column.',
};
