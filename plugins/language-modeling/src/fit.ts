import type { DetectedTexts, TextFit } from '@tracebloc/ingestor-dataset';

/** A row of one text may have this many columns beside it, such as a name and a source. */
const MAX_OTHERS = 1;

/** The rule of tasks that learn from the texts alone. */
export const UNLABELLED = { use: 'forbidden', statePolicy: false } as const;

/**
 * Returns the fit of texts that a task can learn from. If they may have labels, or the table has other columns than those of
 * texts and names, another task is more likely.
 */
export function fitOf({ manifest, columns, labels }: DetectedTexts, caveat: string): TextFit {
  const others = manifest.columns.length - Math.max(1, columns.length);
  if (labels.length === 0 && others <= MAX_OTHERS) return { fit: 'likely' };
  return possible(labels, caveat);
}

/** Returns a fit with a caveat only if the texts have no labels: with labels they are meant for another task. */
export function possible(labels: readonly string[], caveat: string): TextFit {
  return { fit: 'possible', ...(labels.length === 0 && { caveat }) };
}
